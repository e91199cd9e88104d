/** What a token looks like, and the little of it that may be written down. */
import { createHash } from "node:crypto";
import { usageError } from "../errors";
import { isToken, registerSecret } from "../redaction";

/**
 * A token as typed, pasted or piped in: white space and a byte order mark around it are dropped, none is allowed inside.
 * From here on the redactor knows it.
 * @param field flag or variable that it came from
 * @throws usageError that never repeats the text
 */
export function parseToken(text: string, what = "token", field?: string): string {
  const token = text.trim();
  if (token !== "") registerSecret(token);
  if (isToken(token)) return token;
  const why = token === "" ? "is empty" : "must be at most 8192 visible ASCII characters, without spaces";
  throw usageError(`The ${what} ${why}`, "copy it again from the Atoa dashboard", field);
}

/** First 4 hex digits of the token's SHA-256: enough to tell two keys apart, useless to find the token. */
export function tokenFingerprint(token: string): string {
  return tokenHash(token).slice(0, 4);
}

/** The whole SHA-256 in hex: tells for certain which token a store holds. */
export function tokenHash(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}
