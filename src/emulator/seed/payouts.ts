import type { Business } from "../state/business";
import { paidAmount } from "../state/money";
import type { PayoutItem } from "../state/records";
import type { Chance } from "./chance";

const day = 86_400_000;
const payoutTime = 6.5 * 3_600_000;

/** One payout for each day with sales, the next morning at 6:30: what came in, less what was given back. The last is the README's po_555. */
export function seedPayouts(business: Business, chance: Chance): void {
  const days = new Map<number, PayoutItem[]>();
  const add = (at: number, item: PayoutItem): void => {
    const key = Math.floor(at / day);
    const items = days.get(key);
    if (items === undefined) days.set(key, [item]);
    else items.push(item);
  };
  for (const payment of business.payments.values()) {
    if (payment.status === "COMPLETED")
      add(payment.updatedAt, { paymentId: payment.id, refundId: null, amount: paidAmount(payment) });
  }
  for (const refund of business.refunds.values()) {
    if (refund.status === "COMPLETED")
      add(refund.updatedAt, { paymentId: refund.paymentId, refundId: refund.id, amount: refund.amount });
  }
  const last = Math.max(...days.keys());
  for (const [key, items] of [...days].sort(([a], [b]) => a - b)) {
    const id = chance.uuid();
    const amount = items.reduce((sum, item) => sum + (item.refundId === null ? item.amount : -item.amount), 0);
    const status = key === last ? "PENDING" : "COMPLETED";
    business.payouts.set(id, {
      id,
      reference: `APY${chance.digits(10)}`,
      amount,
      status,
      createdAt: (key + 1) * day + payoutTime,
      items,
    });
    business.aliases.set("po_555", id);
  }
}
