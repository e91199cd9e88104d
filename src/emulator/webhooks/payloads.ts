import { bodyOf, type PosFacts } from "../../webhooks/bodies";
import type { Business } from "../state/business";
import type { Payment, Refund, WebhookEvent } from "../state/records";

/** What a delivery tells, in the emulator's own records. */
export interface Occasion {
  business: Business;
  payment: Payment;
  refund?: Refund | undefined;
  /** Only in POS_PAYMENT_STATUS, and only from the test trigger: the emulator has no card terminal. */
  pos?: PosFacts | undefined;
}

/** The body of a delivery. @param token see bodyOf */
export function payloadOf(event: WebhookEvent, occasion: Occasion, token: string | undefined): Record<string, unknown> {
  const { business, payment, refund, pos } = occasion;
  return bodyOf(
    event,
    { merchant: business, store: business.stores.get(payment.storeId), payment, refund, pos },
    token,
  );
}
