import { randomUUID } from "node:crypto";
import type { EventFacts, WebhookEvent } from "./bodies";
import type { PaymentMethod } from "./payment-parts";

/** What a caller wishes of a made-up event; the rest is filled in. */
export interface TestEvent {
  readonly eventType: WebhookEvent;
  readonly orderId?: string | undefined;
  /** Pounds. */
  readonly amount?: number | undefined;
  readonly paymentMethod?: PaymentMethod | undefined;
  readonly status?: string | undefined;
  /** Shape of a POS_PAYMENT_STATUS body. */
  readonly type?: string | undefined;
  readonly customFields?: readonly { readonly fieldName: string; readonly value: string }[] | undefined;
}

/** Which statuses a test event may have; the first is the default. Those of the payment events are documented, the rest follow them. */
const statuses: Readonly<Record<string, readonly [string, ...string[]]>> = {
  PAYMENTS_STATUS: ["COMPLETED", "AUTHORIZED", "FAILED", "CANCELLED"],
  EXPIRED_STATUS: ["EXPIRED"],
  REFUND_STATUS: ["COMPLETED", "FAILED", "CANCELLED"],
  "POS PAYMENTS_STATUS": ["COMPLETED", "FAILED"],
  "POS EXPIRED_STATUS": ["EXPIRED"],
  "POS REFUND_STATUS": ["COMPLETED", "FAILED"],
};

/** The shape of an event's body: an event's own, or the one that a POS event asks for. */
export function shapeOf({ eventType, type }: Pick<TestEvent, "eventType" | "type">): string {
  return eventType === "POS_PAYMENT_STATUS" ? (type ?? "PAYMENTS_STATUS") : eventType;
}

export function statusesOf(event: Pick<TestEvent, "eventType" | "type">): readonly [string, ...string[]] {
  const shape = shapeOf(event);
  return statuses[event.eventType === "POS_PAYMENT_STATUS" ? `POS ${shape}` : shape] ?? ["COMPLETED"];
}

/**
 * The facts of an event that never happened, for bodyOf.
 * @param now milliseconds since 1970
 */
export function factsOf(event: TestEvent, now: number): EventFacts {
  const shape = shapeOf(event);
  const [usual] = statusesOf(event);
  const status = shape === "EXPIRED_STATUS" ? usual : (event.status ?? usual);
  const method = event.paymentMethod ?? "PAY_BY_BANK";
  const amount = Math.round(Number(event.amount ?? 10) * 100);
  const isPayment = shape === "PAYMENTS_STATUS";
  return {
    merchant: { merchantId: randomUUID(), name: "Test Merchant" },
    store: { id: randomUUID(), locationName: "Test Store", cityOrTown: "London" },
    payment: {
      id: randomUUID(),
      orderId: event.orderId ?? `TEST-${now}`,
      amount,
      currency: "GBP",
      status: isPayment || shape === "EXPIRED_STATUS" ? status : "COMPLETED",
      createdAt: now,
      updatedAt: now,
      customerId: "test-customer",
      atoaCustomerId: null,
      redirectUrl: null,
      callbackParams: null,
      notes: "Test event",
      splitBill: false,
      attempt: {
        reference: referenceAt(now),
        method,
        consumerId: randomUUID(),
        tip: 0,
        failure: status === "FAILED" && isPayment ? "Declined by the bank" : null,
      },
    },
    refund:
      shape === "REFUND_STATUS"
        ? {
            id: randomUUID(),
            reference: referenceAt(now),
            amount,
            status,
            notes: "Test event",
            createdAt: now,
            updatedAt: now,
          }
        : undefined,
    pos: event.eventType === "POS_PAYMENT_STATUS" ? { type: shape, customFields: event.customFields } : undefined,
  };
}

function referenceAt(now: number): string {
  return `ATOA${now}`;
}
