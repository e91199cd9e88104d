import { badRequest } from "../emulator-error";
import type { Payment } from "./records";

/**
 * Pounds as a JSON number to whole pence.
 * @throws EmulatorError bad-request for more than two decimals or more than the number can hold exactly
 */
export function pence(pounds: number, field = "amount"): number {
  const value = Math.round(pounds * 100);
  if (!Number.isSafeInteger(value)) throw badRequest(`${field} is too large`);
  // A decimal of two places and the division are both rounded to the nearest number there is, so they meet exactly.
  if (value / 100 !== pounds) {
    throw badRequest(`${field} must have at most two decimals`);
  }
  return value;
}

/** "25.00": how most bodies write money. */
export function asText(amount: number): string {
  const digits = String(Math.abs(amount)).padStart(3, "0");
  return `${amount < 0 ? "-" : ""}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** 25: how transactions, card charges and some events write it. */
export function asNumber(amount: number): number {
  return amount / 100;
}

/** What a payer paid, in pence: the amount asked and the tip. */
export function paidAmount(payment: Payment): number {
  return payment.amount + (payment.attempt?.tip ?? 0);
}
