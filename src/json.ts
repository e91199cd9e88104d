/** JSON whose numbers keep their digits: 12345678901234567890, 1e400 and 10.50 leave as they came. */
import { LosslessNumber, parse } from "lossless-json";

/** A value that JSON can carry. A number that JavaScript would write otherwise is a LosslessNumber: see `numberOf`. */
export type JsonValue = string | number | LosslessNumber | boolean | null | JsonValue[] | { [name: string]: JsonValue };

/** True for a JSON object: not null, not an array, not a number with its digits. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof LosslessNumber);
}

/** A JSON number as JavaScript's own, the nearest there is; undefined for anything else. */
export function numberOf(value: unknown): number | undefined {
  if (value instanceof LosslessNumber) return Number(value.value);
  return typeof value === "number" ? value : undefined;
}

/** A number as typed: JavaScript's own where that is written the same way, else with its digits. */
export function exactNumber(digits: string): number | LosslessNumber {
  const number = Number(digits);
  if (String(number) === digits) return number;
  anyLossless = true;
  return new LosslessNumber(digits);
}

/** False until the first number that JavaScript would write otherwise: until then no value can hold one. */
let anyLossless = false;

/**
 * A number, outside or inside a text, that JavaScript may write otherwise: many digits, a zero at the end of a fraction,
 * an exponent, a tiny fraction, -0. Most documents have none, and JSON.parse is ten times as fast as any other parser.
 */
const risky =
  /(?:^|[[:,\s])-?(?:\d{16}|\d[\d.]{16}|\d+\.\d*0(?!\d)|\d[\d.]*[eE]|0\.000000|0(?<=-0)(?![.\d]))[\d.eE+-]*\s*(?:[,\]}]|$)/;

/** @throws SyntaxError for text that is not JSON */
export function parseJson(text: string): JsonValue {
  const value = JSON.parse(text) as JsonValue;
  if (!risky.test(text)) return value;
  try {
    // Of a key given twice the last counts, as everywhere.
    return parse(text, undefined, {
      parseNumber: exactNumber,
      onDuplicateKey: ({ newValue }) => newValue,
    }) as JsonValue;
  } catch (error) {
    // Nested more deeply than that parser goes: nobody reads such a document for its digits.
    if (error instanceof RangeError) return value;
    throw error;
  }
}

/** The value as JSON, numbers as they came. @param indent spaces per level; 0 for one line */
export function printJson(value: unknown, indent = 0): string {
  if (!anyLossless) return JSON.stringify(value, null, indent);
  // Marked by what no document can know, so that no text in it is taken for a number.
  const mark = `number ${Math.random()} ${Math.random()} `;
  const marked = JSON.stringify(
    value,
    (_, one: unknown) => (one instanceof LosslessNumber ? `${mark}${one.value}` : one),
    indent,
  );
  return marked.replace(new RegExp(`"${mark}([^"]*)"`, "g"), "$1");
}
