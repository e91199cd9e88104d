/** Text that a server wrote, made safe to show: bounded, on one line, without escape sequences and without secrets. */
import { redact } from "../redaction";
import { sanitise, truncate } from "../text";

/** Longest text of a server that is shown, in characters. */
export const longestServerText = 200;

/**
 * One safe line. The order matters: control characters go first, because one inside a token would hide it from the
 * search; secrets go before the cut, because a cut token would be found no more.
 */
export function safeLine(text: string, longest = longestServerText): string {
  return truncate(redact(sanitise(text).trim()), longest);
}
