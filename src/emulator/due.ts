import type { DueSubject } from "./state/business";
import { consentDue } from "./state/consent-lifecycle";
import { paymentDue } from "./state/payment-lifecycle";
import { payday, payoutDue } from "./state/payouts";
import { refundDue } from "./state/refund-lifecycle";
import type { Deliveries } from "./webhooks/deliveries";

/** Hands what falls due to whom it concerns. A record that has gone meanwhile concerns nobody. */
export function playDue(deliveries: Deliveries, subject: DueSubject, at: number): void {
  if (subject.kind === "delivery") {
    deliveries.due(subject.delivery, at);
    return;
  }
  const { business } = subject;
  if (subject.kind === "payday") {
    payday(business, at);
    return;
  }
  const { id } = subject;
  if (subject.kind === "payment") {
    const payment = business.payments.get(id);
    if (payment !== undefined) paymentDue(business, payment, at);
  } else if (subject.kind === "refund") {
    const refund = business.refunds.get(id);
    if (refund !== undefined) refundDue(business, refund, at);
  } else if (subject.kind === "payout") {
    const payout = business.payouts.get(id);
    if (payout !== undefined) payoutDue(payout, at);
  } else {
    const consent = business.consents.get(id);
    if (consent !== undefined) consentDue(consent, at);
  }
}
