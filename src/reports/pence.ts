/** Sums of money as whole pence, so that nothing is ever rounded. The API gives pounds, as text here and as numbers there. */
import { isLosslessNumber } from "lossless-json";
import { usageError } from "../errors";
import { quoted, truncate } from "../text";

const largest = 2n ** 53n;

/** Why a value is no amount, to stand after it. */
export type AmountFault = "is not an amount" | "has more than two decimals" | "is too large to be exact";

/** Pounds as the API writes them ("10.05", 10.05, 10) in whole pence, or why there are none. */
export function readPence(pounds: unknown): number | AmountFault {
  const text = typeof pounds === "string" || typeof pounds === "number" || isLosslessNumber(pounds) ? `${pounds}` : "";
  const [, sign = "", whole = "", decimals = ""] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  if (whole === "") return "is not an amount";
  if (decimals.length > 2) return "has more than two decimals";
  const pence = BigInt(whole + decimals.padEnd(2, "0"));
  if (pence > largest) return "is too large to be exact";
  return pence === 0n ? 0 : Number(sign + pence);
}

/**
 * Pounds as the API writes them, in whole pence.
 * @throws a usage error that names the value when it is no amount of pounds
 */
export function pence(pounds: unknown): number {
  const read = readPence(pounds);
  if (typeof read === "number") return read;
  throw usageError(`pence(${shown(pounds)}): the value ${read}`, "pence() takes pounds such as 10.05", "--query");
}

/**
 * Whole pence as text in pounds with two decimals: 1005 → "10.05".
 * @throws a usage error when the number is not whole or is beyond 2^53
 */
export function pounds(pence: number): string {
  if (!Number.isInteger(pence) || Math.abs(pence) > Number(largest)) {
    throw usageError(
      `pounds(${shown(pence)}): the value is not a whole number of pence`,
      "give pence, such as 1005",
      "--query",
    );
  }
  const digits = String(Math.abs(pence)).padStart(3, "0");
  return `${pence < 0 ? "-" : ""}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

function shown(value: unknown): string {
  if (value === null || value === undefined) return "null";
  if (typeof value === "object" && !isLosslessNumber(value)) return Array.isArray(value) ? "a list" : "an object";
  return typeof value === "string" ? quoted(value) : truncate(String(value), 40);
}
