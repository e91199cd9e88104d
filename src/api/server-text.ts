/** Text that a server wrote, made fit to show: bounded, on one line, without escape sequences. */
import { sanitise } from "../text";

const isInToken = /[\x21-\x7e]/;

/** Longest text of a server that is shown, in characters. */
export const longestServerText = 200;

/**
 * One safe line. Where it is too long, it is not cut within a run of characters that a token may consist of: the printer's
 * redactor would not find half of an echoed token. Of a text that is one such run, a few characters are shown.
 */
export function safeLine(text: string, longest = longestServerText): string {
  const plain = sanitise(text).trim();
  if (plain.length <= longest) return plain;
  const cut = plain.slice(0, longest - 1);
  const whole = isInToken.test(plain.charAt(longest - 1)) ? cut.replace(/[\x21-\x7e]+$/, "") : cut;
  return `${whole === "" ? cut.slice(0, 8) : whole}…`;
}
