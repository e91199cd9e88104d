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

/** CSI, OSC and two-character sequences, in their 7-bit and 8-bit forms. */
const escapeSequence =
  /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|(?:\u001b\]|\u009d)[^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c)?|\u001b[ -/]*[0-~]/g;
