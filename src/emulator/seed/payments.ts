import type { Business } from "../state/business";
import type { Chance } from "../state/chance";
import { institutions } from "../state/institutions";
import {
  type Attempt,
  type Customer,
  newPayment,
  type Payment,
  type PaymentStatus,
  type Refund,
  type SavedCard,
} from "../state/records";
import { firstNames, lastNames, purchases } from "./people";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const banks = institutions.filter((bank) => bank.enabled && !bank.business).map((bank) => bank.id) as [
  string,
  ...string[],
];

/** Past payments, oldest first, the last two being the README's pr_abc and pr_abc123. */
export function seedPayments(business: Business, chance: Chance, count: number, from: number, until: number): void {
  const facts = {
    customers: [...business.customers.values()],
    cards: [...business.cards.values()],
    stores: [...business.stores.keys()],
  };
  const gap = (until - from) / Math.max(count, 1);
  for (let index = 0; index < count; index += 1) {
    const at = openingHours(Math.floor(from + (index + chance.next()) * gap));
    const payment = pastPayment(business, chance, facts, index, at);
    business.payments.set(payment.id, payment);
    if (payment.status === "COMPLETED" && chance.next() < 0.05) {
      seedRefund(
        business,
        chance,
        payment,
        chance.next() < 0.5 ? payment.amount : Math.max(100, payment.amount >> 1),
        Math.min(at + chance.between(1, 40) * hour, until - 40 * minute),
      );
    }
  }
  seedReadmePayments(business, chance, facts, count, until);
}

interface Facts {
  customers: readonly Customer[];
  cards: readonly SavedCard[];
  stores: readonly string[];
}

/** A shop is open from 8 to 20; night sales move into the day. */
function openingHours(at: number): number {
  const midnight = Math.floor(at / day) * day;
  return midnight + 8 * hour + Math.floor((at - midnight) / 2);
}

function pastPayment(business: Business, chance: Chance, facts: Facts, index: number, at: number): Payment {
  const status = pastStatus(chance.next());
  const customer = chance.next() < 0.4 ? facts.customers[chance.between(0, facts.customers.length - 1)] : undefined;
  const card = customer === undefined ? undefined : facts.cards.find((entry) => entry.customerId === customer.id);
  const payerName = customer?.fullName ?? `${chance.pick(firstNames)} ${chance.pick(lastNames)}`;
  const payment = blank(business, chance, facts, `RM-${10_001 + index}`, chance.between(350, 14_000), at, status);
  payment.atoaCustomerId = customer?.id ?? null;
  payment.payerName = payerName;
  payment.notes = chance.pick(purchases);
  const byCard = chance.next() < 0.35;
  if (status === "COMPLETED" || status === "FAILED") {
    payment.attempt = attempt(business, chance, payment, byCard, byCard ? (card?.id ?? null) : null);
    if (byCard && card !== undefined) payment.captureType = "AUTO_CAPTURE";
    payment.updatedAt = payment.attempt.updatedAt;
    if (status === "FAILED")
      payment.attempt.failure = chance.pick([
        "Declined by the bank",
        "Insufficient funds",
        "The payer did not confirm in time",
      ]);
  } else {
    payment.updatedAt = at + 3 * minute;
  }
  return payment;
}

function pastStatus(roll: number): PaymentStatus {
  if (roll < 0.86) return "COMPLETED";
  if (roll < 0.93) return "FAILED";
  return roll < 0.975 ? "EXPIRED" : "CANCELLED";
}

function seedReadmePayments(business: Business, chance: Chance, facts: Facts, index: number, until: number): void {
  const jane = facts.customers[0];
  const byBank = readmePayment(business, chance, facts, `RM-${10_001 + index}`, 4_000, until - 90 * minute);
  byBank.attempt = attempt(business, chance, byBank, false, null);
  const byCard = readmePayment(business, chance, facts, `RM-${10_002 + index}`, 2_500, until - 60 * minute);
  byCard.atoaCustomerId = jane?.id ?? null;
  byCard.payerName = jane?.fullName ?? null;
  byCard.captureType = "AUTO_CAPTURE";
  byCard.attempt = attempt(business, chance, byCard, true, business.aliases.get("card_456") ?? null);
  const refund = seedRefund(business, chance, byCard, 500, until - 30 * minute);
  refund.status = "PENDING";
  refund.notes = "Wrong size";
  business.aliases.set("pr_abc", byBank.id);
  business.aliases.set("pr_abc123", byCard.id);
  business.aliases.set("rf_xyz", refund.id);
}

function readmePayment(
  business: Business,
  chance: Chance,
  facts: Facts,
  orderId: string,
  amount: number,
  at: number,
): Payment {
  const payment = blank(business, chance, facts, orderId, amount, at, "COMPLETED");
  payment.payerName = "Ada Abara";
  payment.updatedAt = at + minute;
  business.payments.set(payment.id, payment);
  return payment;
}

function blank(
  business: Business,
  chance: Chance,
  facts: Facts,
  orderId: string,
  amount: number,
  at: number,
  status: PaymentStatus,
): Payment {
  return newPayment({
    id: chance.uuid(),
    orderId,
    amount,
    status,
    createdAt: at,
    storeId: business.storeFor(facts.stores[chance.between(0, facts.stores.length - 1)]).id,
    redirectUrl: "https://shop.example.com/return",
  });
}

function attempt(
  business: Business,
  chance: Chance,
  payment: Payment,
  byCard: boolean,
  cardId: string | null,
): Attempt {
  const startedAt = payment.createdAt + chance.between(5, 50) * 1000;
  return {
    reference: business.reference(startedAt),
    method: byCard ? "CARD" : "PAY_BY_BANK",
    consumerId: chance.uuid(),
    consumerName: payment.payerName,
    institutionId: byCard ? null : chance.pick(banks),
    cardId,
    cardDigits: null,
    tip: chance.next() < 0.1 ? chance.between(1, 6) * 50 : 0,
    startedAt,
    updatedAt: startedAt + chance.between(5, 90) * 1000,
    failure: null,
  };
}

function seedRefund(business: Business, chance: Chance, payment: Payment, amount: number, at: number): Refund {
  const refund: Refund = {
    id: chance.uuid(),
    paymentId: payment.id,
    reference: `ATOA${at}${chance.between(0, 9)}`,
    amount,
    status: "COMPLETED",
    notes: chance.pick(["Returned", "Duplicate", "Out of stock"]),
    createdAt: at,
    updatedAt: at + 31 * minute,
    dueAt: null,
    payoutId: null,
  };
  business.refunds.set(refund.id, refund);
  payment.refundIds = [refund.id];
  return refund;
}
