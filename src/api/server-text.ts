/** Text that a server wrote, made fit to show: bounded, on one line, without escape sequences. */
import { sanitise } from "../text";

/** Longest text of a server that is shown, in characters. */
export const longestServerText = 200;

/**
 * One safe line. It is cut between words: half of an echoed token would not be found by the printer's redactor.
 */
export function safeLine(text: string, longest = longestServerText): string {
  const plain = sanitise(text).trim();
  if (plain.length <= longest) return plain;
  const cut = plain.slice(0, longest - 1);
  return `${/\s/.test(plain.charAt(longest - 1)) ? cut : cut.replace(/\S+$/, "")}…`;
}
