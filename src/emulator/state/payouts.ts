import { choices } from "../choices";
import type { Business } from "./business";
import { startOfDay } from "./clock";
import { paidAmount } from "./money";
import type { Payout, PayoutItem } from "./records";

/** How money reaches the business: each morning one payout of what was taken until midnight, less what was given back. */

const day = 86_400_000;

/** The morning after: when what was completed at an instant is paid out. */
export function paydayAfter(at: number): number {
  return startOfDay(at) + day + choices.payoutTime;
}

/** Says that money waits for the next morning. */
export function awaitPayout(business: Business): void {
  if (business.paydayAt === null) business.payOutAt(paydayAfter(business.now()));
}

/** A morning on which money waits. */
export function payday(business: Business, at: number): void {
  if (business.paydayAt !== at) return;
  business.paydayAt = null;
  const payout = payOut(business, at, () => ({
    id: business.newId(),
    reference: `APY${business.reference(at).slice(4)}`,
  }));
  if (payout !== undefined) payoutDueAt(business, payout, at + choices.payoutSettlesAfter);
  if (unpaid(business, at).sum > 0) awaitPayout(business);
}

/** The bank has it. */
export function payoutDue(payout: Payout, at: number): void {
  if (payout.dueAt !== at) return;
  payout.dueAt = null;
  payout.status = "COMPLETED";
}

export function payoutDueAt(business: Business, payout: Payout, at: number): void {
  payout.dueAt = at;
  business.due(at, "payout", payout.id);
}

/** Makes the payout of what waits since before midnight; none when nothing, or less than nothing, is left of it. */
export function payOut(
  business: Business,
  at: number,
  name: () => { id: string; reference: string },
): Payout | undefined {
  const { items, sum } = unpaid(business, startOfDay(at));
  if (sum <= 0) return undefined;
  const payout: Payout = { ...name(), amount: sum, status: "PENDING", createdAt: at, dueAt: null, items };
  business.payouts.set(payout.id, payout);
  for (const { paymentId, refundId } of items) {
    const paid = refundId === null ? business.payments.get(paymentId) : business.refunds.get(refundId);
    if (paid !== undefined) paid.payoutId = payout.id;
  }
  return payout;
}

/** What was completed before an instant and is in no payout yet; the sum is pence. */
function unpaid(business: Business, before: number): { items: PayoutItem[]; sum: number } {
  const items: PayoutItem[] = [];
  let sum = 0;
  for (const payment of business.payments.values()) {
    if (payment.status !== "COMPLETED" || payment.payoutId !== null || payment.updatedAt >= before) continue;
    items.push({ paymentId: payment.id, refundId: null, amount: paidAmount(payment) });
    sum += paidAmount(payment);
  }
  for (const refund of business.refunds.values()) {
    if (refund.status !== "COMPLETED" || refund.payoutId !== null || refund.updatedAt >= before) continue;
    items.push({ paymentId: refund.paymentId, refundId: refund.id, amount: refund.amount });
    sum -= refund.amount;
  }
  return { items, sum };
}
