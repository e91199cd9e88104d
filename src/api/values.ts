/**
 * Values that fields may have, without any library, so that flags and completion can use them: the lists that the API names
 * (each is the one of the OpenAPI file; a test compares them), and amounts of money.
 */

export const paymentMethodKinds = ["PAY_BY_BANK", "CARD"] as const;
export const captureTypes = ["AUTO_CAPTURE", "MANUAL_CAPTURE", "CAPTURE_BEFORE_EXPIRY"] as const;
export const qrTemplates = ["EXTERNAL_DISPLAY", "EXTERNAL_DISPLAY_PNG", "RECEIPT", "RECEIPT_PNG"] as const;
export const customerTypes = ["INDIVIDUAL", "BUSINESS"] as const;
export const cancelReasonCodes = ["Duplicate", "Abandoned", "Requested by customer", "Other"] as const;
export const webhookEvents = ["PAYMENTS_STATUS", "EXPIRED_STATUS", "REFUND_STATUS", "POS_PAYMENT_STATUS"] as const;
export const testWebhookStatuses = ["COMPLETED", "AUTHORIZED", "FAILED", "CANCELLED", "EXPIRED"] as const;
/** Body shapes of a POS_PAYMENT_STATUS test event. */
export const testWebhookTypes = ["PAYMENTS_STATUS", "REFUND_STATUS", "EXPIRED_STATUS"] as const;

/** Statuses that are known; the full list is not, so a filter accepts any text. */
export const paymentStatuses = [
  "PAYMENT_NOT_INITIATED",
  "AWAITING_AUTHORIZATION",
  "PENDING",
  "AUTHORIZED",
  "COMPLETED",
  "FAILED",
  "CANCELLED",
  "EXPIRED",
  "REFUNDED",
] as const;

/** The only status of a payout that was ever seen. */
export const payoutStatuses = ["COMPLETED"] as const;

/** Statuses at which polling ends. */
export const finalPaymentStatuses = ["COMPLETED", "AUTHORIZED", "FAILED", "CANCELLED", "EXPIRED", "REFUNDED"] as const;

/** The final ones that a merchant hopes for. */
export const goodPaymentStatuses = ["COMPLETED", "AUTHORIZED", "REFUNDED"] as const;

/** The listed value that equals `text` in any letter case, or undefined. */
export function matchingValue<Value extends string>(values: readonly Value[], text: string): Value | undefined {
  const wanted = text.toLowerCase();
  return values.find((value) => value.toLowerCase() === wanted);
}

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
