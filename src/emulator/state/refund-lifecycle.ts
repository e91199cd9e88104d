import { choices } from "../choices";
import { badRequest } from "../emulator-error";
import type { Business } from "./business";
import { asText, paidAmount } from "./money";
import { awaitPayout } from "./payouts";
import type { Payment, Refund, RefundStatus } from "./records";

/** How a refund moves: INITIATED, PENDING, COMPLETED by time; CANCELLED or FAILED before that. */

const open: readonly RefundStatus[] = ["INITIATED", "PENDING"];

/** What has been given back or is on its way. */
export function refundedAmount(business: Business, payment: Payment): number {
  let total = 0;
  for (const refund of refundsOf(business, payment)) {
    if (refund.status !== "FAILED" && refund.status !== "CANCELLED") total += refund.amount;
  }
  return total;
}

export function refundsOf(business: Business, payment: Payment): Refund[] {
  return (payment.refundIds ?? []).flatMap((id) => business.refunds.get(id) ?? []);
}

/** @throws EmulatorError bad-request for a payment that is not COMPLETED, and for more than is left of it */
export function createRefund(business: Business, payment: Payment, amount: number, notes: string | null): Refund {
  if (payment.status !== "COMPLETED") {
    throw badRequest(
      `Only a COMPLETED payment can be refunded; this one is ${payment.status}`,
      "PAYMENT_NOT_REFUNDABLE",
    );
  }
  const left = paidAmount(payment) - refundedAmount(business, payment);
  if (amount > left) {
    throw badRequest(`The refund exceeds the ${asText(left)} GBP left on the payment`, "REFUND_AMOUNT_EXCEEDED");
  }
  const now = business.now();
  const refund: Refund = {
    id: business.newId(),
    paymentId: payment.id,
    reference: business.reference(now),
    amount,
    status: "INITIATED",
    notes,
    createdAt: now,
    updatedAt: now,
    dueAt: null,
    payoutId: null,
  };
  business.refunds.set(refund.id, refund);
  payment.refundIds = [...(payment.refundIds ?? []), refund.id];
  refundDueAt(business, refund, now + choices.refundPendingAfter);
  return refund;
}

/** @throws EmulatorError bad-request once it has been processed */
export function cancelRefund(business: Business, refund: Refund): void {
  if (!open.includes(refund.status)) {
    throw badRequest(`A refund that is ${refund.status} cannot be cancelled`, "REFUND_NOT_CANCELLABLE");
  }
  setRefundStatus(business, refund, "CANCELLED", business.now());
}

/** What time does to a refund. */
export function refundDue(business: Business, refund: Refund, at: number): void {
  if (refund.dueAt !== at) return;
  refund.dueAt = null;
  if (refund.status === "INITIATED") {
    setRefundStatus(business, refund, "PENDING", at);
    refundDueAt(business, refund, refund.createdAt + choices.refundCompletedAfter);
  } else if (refund.status === "PENDING") {
    const fails = refund.amount === choices.failingRefund;
    setRefundStatus(business, refund, fails ? "FAILED" : "COMPLETED", at);
  }
}

export function refundDueAt(business: Business, refund: Refund, at: number): void {
  refund.dueAt = at;
  business.due(at, "refund", refund.id);
}

export function setRefundStatus(business: Business, refund: Refund, status: RefundStatus, at: number): void {
  refund.status = status;
  refund.updatedAt = at;
  if (open.includes(status)) return;
  refund.dueAt = null;
  if (status === "COMPLETED") awaitPayout(business);
  const payment = business.payments.get(refund.paymentId);
  if (payment !== undefined) business.tell({ event: "REFUND_STATUS", payment, refund, at });
}
