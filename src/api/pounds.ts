/**
 * Amounts of money on their way in. Pounds, never pence: 10.05 is ten pounds and five pence.
 * Text is proved here before it becomes a number, so nothing is rounded and nothing that looks falsy is dropped.
 */
import { usageError } from "../errors";

/** Pounds as a person writes them: up to nine digits, at most two decimals, no sign, no exponent. */
export const poundsPattern = /^\d{1,9}(\.\d{1,2})?$/;

/** True for a number that has an exact form in pounds and pence. */
export function isPounds(amount: number): boolean {
  return poundsPattern.test(String(amount));
}

/**
 * The number of pounds in `text`. Throws a usage error that names `field` when the text is not an amount or is
 * less than `minimum` pounds.
 */
export function parsePounds(text: string, field: string, minimum: number): number {
  const amount = poundsPattern.test(text) ? Number(text) : Number.NaN;
  if (amount >= minimum) return amount;
  throw usageError(`${field} ${poundsRule(minimum)}`, poundsExample, field);
}

/** The rule that an amount of at least `minimum` pounds obeys, to stand after a field name. */
export function poundsRule(minimum: number): string {
  return `must be pounds with at most two decimals, ${minimum.toFixed(2)} or more`;
}

export const poundsExample = "give an amount such as 10.05";
