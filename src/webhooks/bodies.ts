import { type PaymentFacts, type StoreFacts, statusDetails, storeDetails } from "./payment-parts";
import { signatureOfPayment, signatureOfRefund } from "./signature";

/** The bodies of the four events, with the quirks that the documents show: text here, numbers there, "null" as text. */

export type WebhookEvent = "PAYMENTS_STATUS" | "EXPIRED_STATUS" | "REFUND_STATUS" | "POS_PAYMENT_STATUS";

interface RefundFacts {
  readonly id: string;
  /** `paymentIdempotencyId` of the refund. */
  readonly reference: string;
  /** Whole pence. */
  readonly amount: number;
  readonly status: string;
  readonly notes: string | null;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** What happened, to which payment of which merchant. */
export interface EventFacts {
  readonly merchant: { readonly merchantId: string; readonly name: string };
  readonly store: StoreFacts | undefined;
  readonly payment: PaymentFacts;
  readonly refund?: RefundFacts | undefined;
  /** Only in POS_PAYMENT_STATUS: which of three shapes the body has. */
  readonly pos?: PosFacts | undefined;
}

export interface PosFacts {
  readonly type: string;
  readonly customFields: readonly { readonly fieldName: string; readonly value: string }[] | undefined;
}

/**
 * The body of a delivery.
 * @param token signs the v1 way; undefined once a signing secret exists, because then the header signs and the body names its event
 */
export function bodyOf(event: WebhookEvent, facts: EventFacts, token: string | undefined): Record<string, unknown> {
  const { payment, refund } = facts;
  switch (event) {
    case "PAYMENTS_STATUS":
      return {
        ...paymentBody(facts),
        ...mark(event, token, (key) => signatureOfPayment(key, payment.orderId, payment.id)),
      };
    case "EXPIRED_STATUS":
      return {
        ...expiredBody(facts),
        redirectUrl: payment.redirectUrl,
        ...mark(event, token, (key) => signatureOfPayment(key, payment.orderId, payment.id)),
      };
    case "REFUND_STATUS":
      return {
        ...refundBody(facts),
        ...mark(event, token, (key) => signatureOfRefund(key, payment.orderId, refund?.id ?? "")),
      };
    case "POS_PAYMENT_STATUS":
      return { ...posBody(facts), eventType: event };
  }
}

/** v1 bodies carry a signature, v2 bodies the name of their event. */
function mark(
  event: WebhookEvent,
  token: string | undefined,
  sign: (token: string) => string,
): Record<string, unknown> {
  return token === undefined ? { eventType: event } : { signatureHash: sign(token) };
}

function paymentBody({ merchant, store, payment }: EventFacts): Record<string, unknown> {
  const { attempt } = payment;
  return {
    merchantId: merchant.merchantId,
    customerId: payment.customerId ?? payment.atoaCustomerId,
    consumerId: attempt?.consumerId ?? null,
    merchantName: merchant.name,
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
    storeDetails: storeDetails(store),
    orderId: payment.orderId,
    paymentRequestId: payment.id,
    errorDescription: attempt?.failure ?? "null",
    redirectUrlParams: JSON.stringify(payment.callbackParams ?? {}),
    redirectUrl: payment.redirectUrl,
    splitBill: payment.splitBill,
    notes: payment.notes,
  };
}

function expiredBody({ merchant, store, payment }: EventFacts): Record<string, unknown> {
  return {
    merchantId: merchant.merchantId,
    customerId: payment.customerId ?? payment.atoaCustomerId,
    status: "EXPIRED",
    paidAmount: asNumber(payment.amount),
    currency: payment.currency,
    storeDetails: storeDetails(store),
    orderId: payment.orderId,
    paymentRequestId: payment.id,
    redirectUrlParams: JSON.stringify(payment.callbackParams ?? {}),
  };
}

function refundBody({ payment, refund }: EventFacts): Record<string, unknown> {
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
function posBody(facts: EventFacts): Record<string, unknown> {
  const { pos, payment } = facts;
  const customFields = pos?.customFields?.map((field) => ({ ...field, filledBy: "BUSINESS" }));
  const extra = customFields === undefined ? {} : { customFields };
  if (pos?.type === "REFUND_STATUS") return { ...refundBody(facts), ...extra };
  if (pos?.type === "EXPIRED_STATUS") return { ...expiredBody(facts), ...extra };
  const { redirectUrl: _none, ...body } = paymentBody(facts);
  const numbers = { paidAmount: asNumber(paidAmount(payment)), tipAmount: asNumber(payment.attempt?.tip ?? 0) };
  return { ...body, ...numbers, errorDescription: payment.attempt?.failure ?? null, ...extra };
}

/** The tip is part of what was paid. */
function paidAmount({ amount, attempt }: PaymentFacts): number {
  return amount + (attempt?.tip ?? 0);
}

/** Pence to "25.00". */
function asText(pence: number): string {
  return asNumber(pence).toFixed(2);
}

/** Pence to 25. */
function asNumber(pence: number): number {
  return pence / 100;
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
