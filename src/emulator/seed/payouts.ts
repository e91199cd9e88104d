import { choices } from "../choices";
import type { Business } from "../state/business";
import type { Chance } from "../state/chance";
import { startOfDay } from "../state/clock";
import { payOut } from "../state/payouts";

const day = 86_400_000;

/**
 * A payout for each past day with sales, the next morning. The newest is the README's po_555 and still on its way; the sales of the last
 * day of the history wait for the first payday to come.
 */
export function seedPayouts(business: Business, chance: Chance, from: number, until: number): void {
  let newest: string | undefined;
  for (let at = startOfDay(from) + day + choices.payoutTime; at < until; at += day) {
    const payout = payOut(business, at, () => ({ id: chance.uuid(), reference: `APY${chance.digits(10)}` }));
    if (payout === undefined) continue;
    payout.status = "COMPLETED";
    newest = payout.id;
  }
  const last = business.payouts.get(newest ?? "");
  if (last === undefined) return;
  last.status = "PENDING";
  business.aliases.set("po_555", last.id);
}
