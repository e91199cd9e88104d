import { statusDetails, storeDetails } from "../payment-parts";
import type { Business } from "../state/business";
import { iso } from "../state/clock";
import { asNumber, asText } from "../state/money";
import type { Payment, Refund, WebhookEvent } from "../state/records";
import { paidAmount } from "../state/refund-lifecycle";
import { signatureOfPayment, signatureOfRefund } from "./signature";

/** The bodies of the four events, with the quirks that the documents show: text here, numbers there, "null" as text. */

export interface Occasion {
  business: Business;
  payment: Payment;
  refund?: Refund | undefined;
  /** Only in POS_PAYMENT_STATUS, and only from the test trigger: the emulator has no card terminal. */
  pos?: { type: string; customFields: readonly { fieldName: string; value: string }[] | undefined } | undefined;
}

/**
 * The body of a delivery.
 * @param token signs the v1 way; undefined once a signing secret exists, because then the header signs and the body names its event
 */
export function payloadOf(event: WebhookEvent, occasion: Occasion, token: string | undefined): Record<string, unknown> {
  const { payment, refund } = occasion;
  switch (event) {
    case "PAYMENTS_STATUS":
      return {
        ...paymentPayload(occasion),
        ...mark(event, token, () => signatureOfPayment(token ?? "", payment.orderId, payment.id)),
      };
    case "EXPIRED_STATUS":
      return {
        ...expiredPayload(occasion),
        redirectUrl: payment.redirectUrl,
        ...mark(event, token, () => signatureOfPayment(token ?? "", payment.orderId, payment.id)),
      };
    case "REFUND_STATUS":
      return {
        ...refundPayload(occasion),
        ...mark(event, token, () => signatureOfRefund(token ?? "", payment.orderId, refund?.id ?? "")),
      };
    case "POS_PAYMENT_STATUS":
      return { ...posPayload(occasion), eventType: event };
  }
}

/** v1 bodies carry a signature, v2 bodies the name of their event. */
function mark(event: WebhookEvent, token: string | undefined, sign: () => string): Record<string, unknown> {
  return token === undefined ? { eventType: event } : { signatureHash: sign() };
}

function paymentPayload({ business, payment }: Occasion): Record<string, unknown> {
  const { attempt } = payment;
  return {
    merchantId: business.merchantId,
    customerId: payment.customerId ?? payment.atoaCustomerId,
    consumerId: attempt?.consumerId ?? null,
    merchantName: business.name,
    ...(attempt === null ? {} : { paymentIdempotencyId: attempt.reference }),
    status: payment.status,
    statusDetails: attempt?.method === "CARD" ? null : statusDetails(payment),
    paidAmount: asText(paidAmount(payment)),
    tipAmount: asText(attempt?.tip ?? 0),
    currency: payment.currency,
    createdAt: iso(payment.createdAt),
    updatedAt: iso(payment.updatedAt),
    taxAmount: 0,
    serviceAmount: 0,
    transactionType: attempt?.method === "CARD" ? "CARD" : "OPEN_BANKING",
    storeDetails: storeDetails(business.stores.get(payment.storeId)),
    orderId: payment.orderId,
    paymentRequestId: payment.id,
    errorDescription: attempt?.failure ?? "null",
    redirectUrlParams: JSON.stringify(payment.callbackParams ?? {}),
    redirectUrl: payment.redirectUrl,
    splitBill: payment.splitBill,
    notes: payment.notes,
  };
}

function expiredPayload({ business, payment }: Occasion): Record<string, unknown> {
  return {
    merchantId: business.merchantId,
    customerId: payment.customerId ?? payment.atoaCustomerId,
    status: "EXPIRED",
    paidAmount: asNumber(payment.amount),
    currency: payment.currency,
    storeDetails: storeDetails(business.stores.get(payment.storeId)),
    orderId: payment.orderId,
    paymentRequestId: payment.id,
    redirectUrlParams: JSON.stringify(payment.callbackParams ?? {}),
  };
}

function refundPayload({ payment, refund }: Occasion): Record<string, unknown> {
  return {
    refundId: refund?.id,
    paymentRequestId: payment.id,
    paymentIdempotencyId: refund?.reference,
    status: refund?.status,
    paidAmount: asNumber(paidAmount(payment)),
    refundAmount: asNumber(refund?.amount ?? 0),
    currency: payment.currency,
    refundNotes: refund?.notes ?? null,
    orderId: payment.orderId,
    createdAt: iso(refund?.createdAt ?? payment.createdAt),
    updatedAt: iso(refund?.updatedAt ?? payment.updatedAt),
  };
}

/** One of three shapes; amounts are numbers in all of them. */
function posPayload(occasion: Occasion): Record<string, unknown> {
  const { pos, payment } = occasion;
  const customFields = pos?.customFields?.map((field) => ({ ...field, filledBy: "BUSINESS" }));
  const extra = customFields === undefined ? {} : { customFields };
  if (pos?.type === "REFUND_STATUS") return { ...refundPayload(occasion), ...extra };
  if (pos?.type === "EXPIRED_STATUS") return { ...expiredPayload(occasion), ...extra };
  const { redirectUrl: _none, ...body } = paymentPayload(occasion);
  const numbers = { paidAmount: asNumber(paidAmount(payment)), tipAmount: asNumber(payment.attempt?.tip ?? 0) };
  return { ...body, ...numbers, errorDescription: payment.attempt?.failure ?? null, ...extra };
}
