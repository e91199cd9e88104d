import { choices } from "../choices";
import type { PreparedPayment, PreparedRefund } from "../handle";
import type { Business } from "../state/business";
import { newAttempt, payDue, setStatus } from "../state/payment-lifecycle";
import { awaitPayout } from "../state/payouts";
import type { Payment, Refund } from "../state/records";
import { refundDueAt, setRefundStatus } from "../state/refund-lifecycle";

/**
 * Puts records into a state that a rehearsal needs, past the ways that lead there: the README captures pr_abc123 in one line and cancels
 * it in the next. No webhook is sent for it.
 */

export function preparePayment(business: Business, payment: Payment, wish: PreparedPayment): void {
  const { status } = wish;
  const now = business.now();
  payment.captureType = wish.captureType ?? (status === "AUTHORIZED" ? "MANUAL_CAPTURE" : null);
  const method = wish.method ?? (payment.captureType === null ? (payment.attempt?.method ?? "PAY_BY_BANK") : "CARD");
  const untouched = status === "PAYMENT_NOT_INITIATED" || status === "EXPIRED" || status === "CANCELLED";
  payment.attempt = untouched ? null : newAttempt(business, payment, method, now);
  if (payment.attempt !== null && status === "FAILED") payment.attempt.failure = "Declined by the bank";
  for (const id of payment.refundIds ?? []) business.refunds.delete(id);
  payment.refundIds = null;
  payment.expiresAt = null;
  payment.dueAt = null;
  if (status === "PAYMENT_NOT_INITIATED" || status === "AWAITING_AUTHORIZATION") {
    payment.expiresAt = now + choices.paymentLifetime;
    payDue(business, payment, payment.expiresAt);
  } else if (status === "PENDING") {
    payDue(business, payment, now + choices.bankSettlementDelay);
  } else if (status === "AUTHORIZED") {
    payment.expiresAt = now + choices.authorisationLifetime;
    payDue(business, payment, payment.expiresAt);
  }
  setStatus(payment, status, now);
  if (status === "COMPLETED") awaitPayout(business);
}

export function prepareRefund(business: Business, refund: Refund, { status, tell }: PreparedRefund): void {
  const now = business.now();
  if (tell === true) setRefundStatus(business, refund, status, now);
  else Object.assign(refund, { status, updatedAt: now, dueAt: null });
  if (status === "INITIATED") refundDueAt(business, refund, now + choices.refundPendingAfter);
  if (status === "PENDING") refundDueAt(business, refund, now + choices.refundCompletedAfter);
}
