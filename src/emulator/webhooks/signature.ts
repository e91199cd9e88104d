import { createHmac } from "node:crypto";

/**
 * v1: `signatureHash` in bodies and `atoaSignatureHash` on the redirect. Keyed with the API token as text; it covers the
 * merchant's order id and the payment request id, and neither status nor amount.
 */
export function signatureOfPayment(token: string, orderId: string, paymentRequestId: string): string {
  return createHmac("sha256", token).update(`${orderId}|${paymentRequestId}`).digest("hex");
}

/** v1 for refunds: the refund id takes the place of the payment's. */
export function signatureOfRefund(token: string, orderId: string, refundId: string): string {
  return signatureOfPayment(token, orderId, refundId);
}

/**
 * v2: the `X-Atoa-Signature` header over the raw body.
 * @param secret `whsec_` and the key in base64
 */
export function signatureOfBody(secret: string, body: string): string {
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  return `v1=${createHmac("sha256", key).update(body, "utf8").digest("hex")}`;
}
