import { choices } from "../choices";
import { badRequest } from "../emulator-error";
import type { Business } from "./business";
import { awaitPayout } from "./payouts";
import type { Attempt, Payment, PaymentMethod, PaymentStatus } from "./records";

/** How a payment request moves from state to state: by its payer, by the merchant, by time. */

const startable: readonly PaymentStatus[] = ["PAYMENT_NOT_INITIATED", "AWAITING_AUTHORIZATION", "FAILED"];
/** The states from which a merchant may cancel a request (documented). */
const cancellable: readonly PaymentStatus[] = ["PAYMENT_NOT_INITIATED", "AWAITING_AUTHORIZATION"];
/** The states that PAYMENTS_STATUS is sent for; CANCELLED and AUTHORIZED only for cards. */
const toldStates: readonly PaymentStatus[] = ["COMPLETED", "PENDING", "FAILED"];

export interface StartChoice {
  method?: PaymentMethod | undefined;
  institutionId?: string | undefined;
  cardId?: string | undefined;
  cardDigits?: string | undefined;
  payerName?: string | undefined;
  /** Whole pence on top, where tips are enabled; what was chosen before stays when this is left out. */
  tip?: number | undefined;
}

/** The payer picks a bank or a card: AWAITING_AUTHORIZATION. @throws EmulatorError bad-request where the state does not allow it */
export function startPayment(business: Business, payment: Payment, choice: StartChoice = {}): void {
  const now = business.now();
  const retry = payment.status === "FAILED";
  if (!startable.includes(payment.status) || (retry && !payment.allowRetry)) {
    throw badRequest(`A payment that is ${payment.status} cannot be started`, "PAYMENT_NOT_STARTABLE");
  }
  if (payment.expiresAt !== null && payment.expiresAt <= now) {
    throw badRequest("This payment request has expired", "PAYMENT_REQUEST_EXPIRED");
  }
  const method = choice.method ?? payment.methods[0] ?? "PAY_BY_BANK";
  if (!payment.methods.includes(method))
    throw badRequest(`This payment does not accept ${method}`, "METHOD_NOT_OFFERED");
  payment.attempt = newAttempt(business, payment, method, now, choice);
  if (payment.enableTips) payment.attempt.tip = choice.tip ?? 0;
  if (retry) payDue(business, payment, payment.expiresAt);
  setStatus(payment, "AWAITING_AUTHORIZATION", now);
}

export function newAttempt(
  business: Business,
  payment: Payment,
  method: PaymentMethod,
  now: number,
  choice: StartChoice = {},
): Attempt {
  const byBank = method === "PAY_BY_BANK";
  return {
    reference: business.reference(now),
    method,
    consumerId: business.newId(),
    consumerName: choice.payerName ?? payment.payerName,
    institutionId: byBank ? (choice.institutionId ?? payment.institutionId ?? "modelo-sandbox") : null,
    cardId: byBank ? null : (choice.cardId ?? null),
    cardDigits: byBank ? null : (choice.cardDigits ?? null),
    tip: 0,
    startedAt: now,
    updatedAt: now,
    failure: null,
  };
}

/** What the payer has chosen before stays, unless the choice says otherwise now. @throws EmulatorError bad-request where the state forbids it */
function beginOrGoOn(business: Business, payment: Payment, choice: StartChoice): void {
  const tip = choice.tip ?? (payment.status === "AWAITING_AUTHORIZATION" ? payment.attempt?.tip : undefined) ?? 0;
  const chooses = choice.method !== undefined || choice.institutionId !== undefined || choice.cardDigits !== undefined;
  if (payment.status !== "AWAITING_AUTHORIZATION" || chooses) startPayment(business, payment, choice);
  if (payment.attempt === null) return;
  payment.attempt.tip = payment.enableTips ? tip : 0;
  payment.attempt.consumerName = choice.payerName ?? payment.attempt.consumerName;
}

/** Why the bank or the card network says no to this payment whatever its payer does; undefined when it does not. */
function refusedBecause(business: Business, payment: Payment): string | undefined {
  const digits = payment.attempt?.cardDigits ?? business.cards.get(payment.attempt?.cardId ?? "")?.lastFourDigits;
  if (digits === choices.decliningCardDigits) return "The card was declined";
  return choices.magicAmounts[payment.amount]?.fails;
}

/** The payer approves; `settle: "later"` leaves it PENDING for a while, as a slow bank does. */
export function approvePayment(
  business: Business,
  payment: Payment,
  choice: StartChoice & { settle?: "now" | "later" | undefined } = {},
): void {
  const later = choice.settle === "later" || choices.magicAmounts[payment.amount]?.settles === "later";
  if (payment.status !== "PENDING") {
    beginOrGoOn(business, payment, choice);
    // A payment that settles at once was never pending for anybody outside.
    if (later) setStatusAndTell(business, payment, "PENDING", business.now());
    else setStatus(payment, "PENDING", business.now());
  }
  if (later) {
    payDue(business, payment, business.now() + choices.bankSettlementDelay);
  } else {
    settlePayment(business, payment, business.now());
  }
}

/** The bank or the card network decides: COMPLETED, AUTHORIZED for a card whose capture is delayed, or FAILED where the card or amount says so. */
function settlePayment(business: Business, payment: Payment, at: number): void {
  const refused = refusedBecause(business, payment);
  if (refused !== undefined) {
    failPayment(business, payment, at, refused);
    return;
  }
  const delayed = payment.captureType !== null && payment.captureType !== "AUTO_CAPTURE";
  if (delayed) {
    payDue(business, payment, payment.expiresAt);
    setStatusAndTell(business, payment, "AUTHORIZED", at);
    return;
  }
  completePayment(business, payment, at);
}

/** Money taken. */
export function completePayment(business: Business, payment: Payment, at: number): void {
  payment.dueAt = null;
  payment.expiresAt = null;
  if (payment.savePaymentMethod && payment.attempt?.method === "CARD") saveCard(business, payment);
  setStatusAndTell(business, payment, "COMPLETED", at);
  awaitPayout(business);
}

/** The bank says no, or the payer's card is refused. */
export function failPayment(
  business: Business,
  payment: Payment,
  at: number,
  reason: string,
  choice: StartChoice = {},
): void {
  if (payment.status !== "PENDING") {
    if (!cancellable.includes(payment.status)) {
      throw badRequest(`A payment that is ${payment.status} cannot be declined`, "PAYMENT_NOT_DECLINABLE");
    }
    beginOrGoOn(business, payment, choice);
  }
  if (payment.attempt !== null) payment.attempt.failure = reason;
  payment.dueAt = null;
  setStatusAndTell(business, payment, "FAILED", at);
}

/** The payer gives up on the bank's page. */
export function abandonPayment(business: Business, payment: Payment): void {
  if (!cancellable.includes(payment.status)) {
    throw badRequest(`A customer cannot cancel a payment that is ${payment.status}`, "PAYMENT_NOT_CANCELLABLE");
  }
  payment.attempt = null;
  setStatus(payment, choices.statusAfterPayerCancels, business.now());
}

/** The merchant withdraws a request nobody has paid. @throws EmulatorError bad-request in any other state */
export function cancelPayment(business: Business, payment: Payment): void {
  if (!cancellable.includes(payment.status)) {
    throw badRequest(`A payment that is ${payment.status} cannot be cancelled`, "PAYMENT_NOT_CANCELLABLE");
  }
  payment.dueAt = null;
  setStatus(payment, "CANCELLED", business.now());
}

/** What time does to a payment: a request expires, a pending one settles, an authorisation ends. */
export function paymentDue(business: Business, payment: Payment, at: number): void {
  if (payment.dueAt !== at) return;
  payment.dueAt = null;
  if (payment.status === "PENDING") settlePayment(business, payment, at);
  else if (payment.status === "AUTHORIZED") {
    const takes = payment.captureType === "CAPTURE_BEFORE_EXPIRY";
    const end = choices.atAuthorisationEnd[takes ? "CAPTURE_BEFORE_EXPIRY" : "MANUAL_CAPTURE"];
    if (end === "COMPLETED") completePayment(business, payment, at);
    else setStatusAndTell(business, payment, end, at);
  } else if (cancellable.includes(payment.status)) {
    setStatus(payment, "EXPIRED", at);
    business.tell({ event: "EXPIRED_STATUS", payment, at });
  }
}

/** Puts the next thing that time does to a payment on the agenda; null takes it off. */
export function payDue(business: Business, payment: Payment, at: number | null): void {
  payment.dueAt = at;
  if (at !== null) business.due(at, "payment", payment.id);
}

/** Moves a payment, and the webhooks hear nothing of it. */
export function setStatus(payment: Payment, status: PaymentStatus, at: number): void {
  payment.status = status;
  payment.updatedAt = at;
  if (payment.attempt !== null) payment.attempt.updatedAt = at;
}

/** Moves a payment, and sends PAYMENTS_STATUS where that event covers the state. */
export function setStatusAndTell(business: Business, payment: Payment, status: PaymentStatus, at: number): void {
  setStatus(payment, status, at);
  const byCard = payment.attempt?.method === "CARD" && (status === "AUTHORIZED" || status === "CANCELLED");
  if (toldStates.includes(status) || byCard) business.tell({ event: "PAYMENTS_STATUS", payment, at });
}

/** A card paid with `savePaymentMethod` is kept for later charges. */
function saveCard(business: Business, payment: Payment): void {
  if (payment.atoaCustomerId === null || payment.attempt === null) return;
  const id = `card_${business.newId().replaceAll("-", "").slice(0, 12)}`;
  payment.attempt.cardId = id;
  business.cards.set(id, {
    id,
    customerId: payment.atoaCustomerId,
    name: business.customers.get(payment.atoaCustomerId)?.fullName ?? "Card holder",
    type: "debit",
    lastFourDigits: payment.attempt.cardDigits ?? "4242",
    category: "consumer",
    cardType: "DEBIT",
    brand: "VISA",
    country: "GB",
    recurrenceType: "unscheduled",
    expiryDate: "12/2030",
  });
}
