import { usageError } from "../errors";
import { exactNumber, type JsonValue } from "../json";
import { quoted } from "../text";

/** `-d key=value`, any number of times, as one object. @throws AtoaError kind usage for text without = or a key given twice */
export function parameters(pairs: readonly string[] | undefined): Record<string, string> {
  const result = new Map<string, string>();
  for (const pair of pairs ?? []) {
    const [key = "", value] = pair.split(/=(.*)/s);
    if (key === "" || value === undefined)
      throw usageError(`-d takes key=value; got ${quoted(pair)}`, "for example: -d page=0");
    if (result.has(key)) throw usageError(`-d ${key} is given twice`, "pass each parameter once");
    result.set(key, value);
  }
  return Object.fromEntries(result);
}

/** A value as JSON would have it: true, false, null and numbers are themselves, all else is text. */
export function parseScalar(value: string): JsonValue {
  if (value === "true") return true;
  if (value === "false") return false;
  if (value === "null") return null;
  return /^-?(0|[1-9]\d*)(\.\d+)?$/.test(value) ? exactNumber(value) : value;
}
