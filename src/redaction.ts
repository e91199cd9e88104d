/**
 * The one redactor: every text that leaves the program for a person, a pipe or a log passes through it.
 *
 * Tokens are learnt where they are read or typed; nothing else has to know them. The set lives as long as the process.
 */

export const marker = "[REDACTED]";

/** Tokens below this length could be an ordinary word, so they are only hidden where they stand alone. */
const shortest = 8;

/** Texts up to this length (messages, not data) are also searched for a token that is broken by blanks or control characters. */
const messageLength = 16_384;

/** Each secret with the spellings in which a server or a serializer may echo it. */
const secrets = new Map<string, readonly string[]>();

/**
 * Remembers a secret, so that no output shows it from now on. Blank text is ignored: a broken file may hold it.
 * @param token the secret as it is sent: visible ASCII
 */
export function registerSecret(token: string): void {
  if (token.trim() !== "" && !secrets.has(token)) secrets.set(token, spellingsOf(token));
}

/** Forgets all secrets; for tests only, since a process has no reason to unlearn. */
export function forgetSecrets(): void {
  secrets.clear();
}

/** The message with each learnt secret replaced, in every spelling: raw, in JSON, in a URL, in base64, split by white space. */
export function redact(text: string): string {
  let clean = text;
  for (const [token, spellings] of secrets) {
    if (token.length < shortest) {
      for (const spelling of spellings) clean = clean.replace(alone(spelling), marker);
    } else {
      clean = replaceAny(clean, spellings);
      if (clean.length <= messageLength) clean = hideSplit(clean, token);
    }
  }
  return clean;
}

/**
 * Serialized data (JSON, YAML, a table) with each learnt secret replaced. Short tokens stay: without knowing the format,
 * replacing them would tear numbers and punctuation apart; redactValue has hidden them in the texts of the value.
 */
export function redactData(text: string): string {
  let clean = text;
  for (const [token, spellings] of secrets) if (token.length >= shortest) clean = replaceAny(clean, spellings);
  return clean;
}

/** A JSON value with each learnt secret replaced in its texts and field names, before any format gives it other spellings. */
export function redactValue<Value>(value: Value): Value {
  return secrets.size === 0 ? value : (redactIn(value) as Value);
}

/**
 * Whether the JSON text of a value may hold a learnt secret: a quick look that spares a large answer the walk through its
 * values. It sees through white space; an escape such as \\u0074 could hide anything.
 */
export function mayHoldSecret(json: string): boolean {
  if (secrets.size === 0) return false;
  if (/\\[u/]/.test(json)) return true;
  const dense = json.replace(/\s|\\[bfnrt]/g, "");
  return [...secrets].some(
    ([token, spellings]) => token.length < shortest || spellings.some((one) => dense.includes(one)),
  );
}

function redactIn(value: unknown): unknown {
  if (typeof value === "string") return redact(value);
  if (Array.isArray(value)) return value.map(redactIn);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [redact(name), redactIn(field)]));
}

function replaceAny(text: string, spellings: readonly string[]): string {
  return spellings.reduce((rest, one) => (rest.includes(one) ? rest.replaceAll(one, marker) : rest), text);
}

/**
 * What --verbose shows in place of a token: its last four characters identify it to its owner.
 * @param tail those characters, or "" for a token so short that they would be most of it
 */
export function tokenHint(tail: string): string {
  return tail === "" ? marker : `[REDACTED…${tail}]`;
}

/**
 * Hides the token where white space or control characters stand between its characters. Not a pattern: one made of a token
 * of 8192 characters takes 300 ms to make and overflows the stack.
 */
function hideSplit(text: string, token: string): string {
  if (!unseen.test(text)) return text;
  let seen = "";
  const places: number[] = [];
  let at = 0;
  for (const character of text) {
    if (!unseen.test(character)) {
      seen += character;
      for (let unit = 0; unit < character.length; unit++) places.push(at + unit);
    }
    at += character.length;
  }
  let clean = "";
  let done = 0;
  for (let found = seen.indexOf(token); found !== -1; found = seen.indexOf(token, found + token.length)) {
    clean += text.slice(done, places[found]) + marker;
    done = (places[found + token.length - 1] ?? text.length) + 1;
  }
  return clean + text.slice(done);
}

const unseen = /[\s\p{C}]/u;

function spellingsOf(token: string): string[] {
  const inJson = JSON.stringify(token).slice(1, -1);
  const spellings = [token, inJson, JSON.stringify(inJson).slice(1, -1), inJson.replaceAll("/", "\\/")];
  // A broken file, or JSON on the command line, can hold half of a character: URLs have none, and their functions throw.
  const whole = token.replace(/\p{Cs}/gu, "\ufffd");
  spellings.push(encodeURIComponent(whole), encodeURI(whole));
  spellings.push(htmlEscaped(token), Buffer.from(token).toString("base64"), Buffer.from(token).toString("base64url"));
  spellings.push([...token].reverse().join(""));
  // Longest first, so that a spelling is replaced whole before a part of it matches.
  return [...new Set(spellings)].sort((a, b) => b.length - a.length);
}

function htmlEscaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

function alone(token: string): RegExp {
  return new RegExp(`(?<![A-Za-z0-9_-])${codePoints(token).join("")}(?![A-Za-z0-9_-])`, "gu");
}

/** Each character as an escape: none is special in a pattern, and no message about the pattern can spell the token. */
function codePoints(token: string): string[] {
  return [...token].map((character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}

/**
 * What was typed, for an error about argv, where a token may stand by mistake: long words with a digit in them, other than
 * UUIDs, keep their first four characters only.
 */
export function withoutTokenLike(typed: string): string {
  return typed.replace(/[^\s"',=]{16,}/g, (word) =>
    /\d/.test(word) && !uuid.test(word) && !word.startsWith("--") ? `${word.slice(0, 4)}…` : word,
  );
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
