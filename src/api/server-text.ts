/** Text that a server wrote, made safe to show: bounded, on one line, without escape sequences and without secrets. */
import { stripVTControlCharacters } from "node:util";
import { isRecord, type JsonValue } from "./json";

export const redacted = "[REDACTED]";

/** Longest text of a server that is shown, in characters. */
export const longestServerText = 200;

/**
 * One safe line. The order matters: control characters go first, because one inside a token would hide it from the
 * search; secrets go before the cut, because a cut token would be found no more.
 */
export function safeLine(text: string, secrets: readonly string[], longest = longestServerText): string {
  const plain = stripVTControlCharacters(text)
    .replace(/[\t\n\v\f\r\u0085\p{Zl}\p{Zp}]+/gu, " ")
    .replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, "")
    .trim();
  const clean = [...withoutSecrets(plain, secrets)];
  return clean.length <= longest ? clean.join("") : `${clean.slice(0, longest - 1).join("")}…`;
}

/** The forms in which a server may echo a secret. The longest come first, so that no form leaves a rest of another. */
export function formsOf(secrets: readonly string[]): string[] {
  const forms = secrets.flatMap((secret) => [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)]);
  return [...new Set(forms)].filter((form) => form !== "").sort((a, b) => b.length - a.length);
}

function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets.reduce((rest, secret) => rest.replaceAll(secret, redacted), text);
}

/** Shorter ones are left alone in data: they would tear ordinary words apart. */
const shortestSecretInData = 8;

/** The value with every echo of a secret replaced, in texts and in field names. `source` is the JSON it came from. */
export function redactValue(value: JsonValue, source: string, secrets: readonly string[]): JsonValue {
  const long = secrets.filter((secret) => secret.length >= shortestSecretInData);
  // A secret can hide from this quick look only behind an escape such as \u0074 or \/.
  if (!/\\[u/]/.test(source) && !long.some((secret) => source.includes(secret))) return value;
  return redactIn(value, long);
}

function redactIn(value: JsonValue, secrets: readonly string[]): JsonValue {
  if (typeof value === "string") return withoutSecrets(value, secrets);
  if (Array.isArray(value)) return value.map((item) => redactIn(item, secrets));
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [withoutSecrets(name, secrets), redactIn(field, secrets)]),
  );
}
