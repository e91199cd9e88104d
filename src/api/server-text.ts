/** Text that a server wrote, made safe to show: bounded, on one line, without escape sequences and without secrets. */
import { stripVTControlCharacters } from "node:util";
import { redact } from "../redaction";

/** Longest text of a server that is shown, in characters. */
export const longestServerText = 200;

/**
 * One safe line. The order matters: control characters go first, because one inside a token would hide it from the
 * search; secrets go before the cut, because a cut token would be found no more.
 */
export function safeLine(text: string, longest = longestServerText): string {
  const plain = stripVTControlCharacters(text)
    .replace(/[\t\n\v\f\r\u0085\p{Zl}\p{Zp}]+/gu, " ")
    .replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, "")
    .trim();
  const clean = [...redact(plain)];
  return clean.length <= longest ? clean.join("") : `${clean.slice(0, longest - 1).join("")}…`;
}
