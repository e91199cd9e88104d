import { createHmac } from "node:crypto";

/** The two recipes by which Atoa signs a delivery. Pure: a key and a message in, a text out. */

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
 * v2: the `X-Atoa-Signature` header, over the raw body.
 * @param secret `whsec_` and the key in base64
 * @param body the very bytes that are sent; text stands for its UTF-8
 */
export function signatureOfBody(secret: string, body: string | Uint8Array): string {
  return `v1=${createHmac("sha256", signingKey(secret)).update(body).digest("hex")}`;
}

/** The key of a signing secret: what follows `whsec_`, decoded from base64. */
export function signingKey(secret: string): Buffer {
  return Buffer.from(secret.replace(/^whsec_/, ""), "base64");
}
