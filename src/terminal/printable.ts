/**
 * Text from a server that is safe to show on a terminal: no control characters, no escape sequences, and none of the
 * marks that reorder or hide text (a name could otherwise pose as another, or as a second line of ours).
 */
export function printable(text: string): string {
  return text
    .replace(escapeSequence, "")
    .replace(/[\t\n\r\u2028\u2029]+/g, " ")
    .replace(/[\p{Cc}\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu, "");
}

/** The text, cut where it stops being a message: argv alone may hold a hundred kilobytes. */
export function brief(text: string, longest = 1000): string {
  if (text.length <= longest) return text;
  // A pair of surrogates is not torn apart.
  return `${text.slice(0, longest).replace(/[\ud800-\udbff]$/, "")}…`;
}

/** CSI, OSC and two-character sequences, in their 7-bit and 8-bit forms. */
const escapeSequence =
  /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|(?:\u001b\]|\u009d)[^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c)?|\u001b[ -/]*[0-~]/g;
