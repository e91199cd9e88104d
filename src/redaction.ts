/**
 * The one redactor. Tokens are registered where they are read or typed, and hidden when something is printed, nowhere else:
 * what the program stores, compares, pages or sends is never altered by it.
 */
import { isRecord } from "./json";

const mask = "[REDACTED]";

/** What Atoa gives out as a token or a secret: one word of visible ASCII, which is what a header can carry. */
export function isToken(text: string): boolean {
  return /^[\x21-\x7e]{1,8192}$/.test(text);
}

/** A token below this length could be an ordinary word, so it is only hidden where it stands alone. */
const shortest = 8;

/** Each token with the forms in which it may be echoed: raw, in JSON, in a URL, in base64. */
const forms = new Map<string, ReadonlySet<string>>();

/** Hides a token from now on. Blank text is ignored: a broken file may hold it. */
export function registerSecret(token: string): void {
  if (token.trim() === "" || forms.has(token)) return;
  const inJson = JSON.stringify(token).slice(1, -1);
  const inJsonInJson = JSON.stringify(inJson).slice(1, -1);
  const deeper = JSON.stringify(inJsonInJson).slice(1, -1);
  // Half a character has no percent-encoding; a broken file may hold one.
  const inUrl = encodeURIComponent(token.replace(/\p{Cs}/gu, "\ufffd"));
  const base64 = Buffer.from(token).toString("base64").replace(/=+$/, "");
  forms.set(token, new Set([deeper, inJsonInJson, inJson, token, inUrl, base64]));
}

/** Forgets all tokens; for tests only, since a process has no reason to unlearn. @internal */
export function forgetSecrets(): void {
  forms.clear();
}

/**
 * Whether JSON or CSV that was made of a value may hold a token, also one inside a longer word. To search that text takes a
 * tenth of the time in which the value is walked through.
 */
export function mayHoldToken(text: string): boolean {
  for (const spellings of forms.values()) {
    for (const form of spellings) if (text.includes(form) || text.includes(form.replaceAll('"', '""'))) return true;
  }
  return false;
}

/** The text with every registered token hidden. */
export function redact(text: string): string {
  let clean = text;
  for (const [token, spellings] of forms) {
    for (const form of spellings) {
      if (!clean.includes(form)) continue;
      clean = clean.replaceAll(
        token.length < shortest ? new RegExp(`(?<![\\w-])${escaped(form)}(?![\\w-])`, "g") : form,
        mask,
      );
    }
  }
  return clean;
}

/** The value with every registered token hidden in its texts and field names; everything else is the same. */
export function redactValue(value: unknown): unknown {
  if (forms.size === 0) return value;
  if (typeof value === "string") return redact(value);
  if (Array.isArray(value)) return value.map(redactValue);
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [redact(name), redactValue(field)]));
}

/** What --verbose shows in place of a token. @param suffix its last four characters, or "" for a short one */
export function tokenHint(suffix: string): string {
  return suffix === "" ? mask : `[REDACTED…${suffix}]`;
}

/** What looks like a token that was typed in the wrong place: only its first four characters are repeated. */
export function maskTokenLike(typed: string): string {
  return typed.replace(/(?=[A-Za-z_-]*\d)[\w-]{40,}/g, (word) => `${word.slice(0, 4)}…`);
}

function escaped(text: string): string {
  return text.replace(/[^\w]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
