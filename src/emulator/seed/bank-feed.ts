import type { Business } from "../state/business";
import type { Chance } from "../state/chance";
import type { Consent } from "../state/records";
import { suppliers } from "./people";

const hour = 3_600_000;
const day = 24 * hour;

/** Links two accounts to a consent: the shop's current account with a busy history, and a savings account. */
export function seedAccounts(business: Business, chance: Chance, consent: Consent, from: number, until: number): void {
  for (const [name, perDay, opening] of [
    ["current", 1.4, 412_500],
    ["savings", 0.25, 1_800_000],
  ] as const) {
    const id = chance.uuid();
    consent.accountIds.push(id);
    const account = {
      id,
      consentId: consent.id,
      bankName: "mock-sandbox",
      accountNumber: chance.digits(8),
      sortCode: "040004",
      balance: opening as number,
      revoked: false,
    };
    business.accounts.set(id, account);
    const count = Math.round(((until - from) / day) * perDay);
    for (let index = 0; index < count; index += 1) {
      const at = Math.floor(from + ((index + chance.next()) * (until - from)) / count);
      account.balance = bankTransaction(business, chance, { id, name, at, index, balance: account.balance });
    }
  }
}

function bankTransaction(
  business: Business,
  chance: Chance,
  place: { id: string; name: string; at: number; index: number; balance: number },
): number {
  const credit = place.name === "savings" || chance.next() < 0.55;
  const amount = credit ? chance.between(4_000, 160_000) : Math.min(chance.between(1_500, 90_000), place.balance - 100);
  const [supplier, category] = chance.pick(suppliers);
  const balance = credit ? place.balance + amount : place.balance - amount;
  const id = `txn_${chance.uuid().replaceAll("-", "").slice(0, 16)}`;
  business.bankTransactions.set(id, {
    id,
    accountId: place.id,
    date: place.at,
    type: credit ? "CREDIT" : "DEBIT",
    amount,
    description: credit ? "Atoa payout" : supplier,
    reference: credit ? `APY${chance.digits(10)}` : `INV-${chance.digits(5)}`,
    merchantName: credit ? null : supplier,
    category: credit ? "Income" : category,
    status: "BOOKED",
    party: { name: credit ? "Atoa Payments" : supplier, sortCode: "040004", accountNumber: chance.digits(8) },
    balance,
  });
  return balance;
}
