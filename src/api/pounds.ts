/**
 * Amounts of money on their way in. Pounds, never pence: 10.05 is ten pounds and five pence.
 * Text is validated here before it becomes a number, so nothing is rounded and nothing that looks falsy is dropped.
 */

/** Pounds as a person writes them: up to nine digits, at most two decimals, no sign, no exponent. */
const poundsPattern = /^\d{1,9}(\.\d{1,2})?$/;

/** The largest amount that the pattern allows. */
const maximum = "999999999.99";

/** Which rule a text breaks, to stand after the name of its field, and what to do about it. */
export interface PoundsFault {
  readonly must: string;
  readonly hint: string;
}

/** The number of pounds in `text`, or why it is no amount of at least `minimum` pounds. */
export function readPounds(text: string, minimum: number): number | PoundsFault {
  const least = minimum.toFixed(2);
  const example = { hint: "give an amount such as 10.05" };
  if (poundsPattern.test(text)) {
    const amount = Number(text);
    return amount >= minimum ? amount : { must: `must be at least ${least}`, ...example };
  }
  if (text.trim() === "") return { must: "must not be empty", ...example };
  if (/^-[\d.,]/.test(text)) return { must: "must not be negative", hint: `give an amount of at least ${least}` };
  if (/\p{Sc}/u.test(text)) {
    return { must: "must be an amount without a currency sign", hint: "give pounds as a plain number, such as 10.05" };
  }
  if (/^\d[\d,.]*$/.test(text) && text.includes(",")) {
    return { must: "must be an amount without commas", hint: "a point separates the pence, such as 1234.50" };
  }
  if (/^\d{10,}(\.\d*)?$/.test(text)) {
    // More digits than the pattern allows; leading zeros do not make an amount large.
    return Number(text) < 1e9
      ? { must: "must have at most nine digits before the point", ...example }
      : { must: `must be at most ${maximum}`, ...example };
  }
  if (/^\d+\.\d{3,}$/.test(text)) return { must: "must have at most two decimals", ...example };
  return { must: "must be a number of pounds", ...example };
}
