import { stripVTControlCharacters } from "node:util";

/** Text for people: what a terminal may show, how much of it, in which colour, and how a shell reads it. Pure. */

/**
 * One line that is safe to show on a terminal, whoever wrote it: no control characters, no escape sequences, and none of
 * the marks that reorder or hide text (a name could otherwise pose as another, or as a second line of ours). The joiners
 * stay, because emoji and Indic names are written with them.
 */
export function sanitise(text: string): string {
  return stripVTControlCharacters(text)
    .replace(/[\t\n\v\f\r\u0085\u2028\u2029]+/g, " ")
    .replace(/(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}]/gu, "");
}

const isInToken = /[\x21-\x7e]/;

/** Longest text of a server that is shown, in characters. @internal */
export const longestServerText = 200;

/**
 * Text that a server wrote as one line that is safe to show. Where it is too long, it is not cut within a run of characters that a token may consist of: the printer's
 * redactor would not find half of an echoed token. Of a text that is one such run, a few characters are shown.
 */
export function safeLine(text: string, longest = longestServerText): string {
  const plain = sanitise(text).trim();
  if (plain.length <= longest) return plain;
  const cut = plain.slice(0, longest - 1);
  const whole = isInToken.test(plain.charAt(longest - 1)) ? cut.replace(/[\x21-\x7e]+$/, "") : cut;
  return `${whole === "" ? cut.slice(0, 8) : whole}…`;
}

/**
 * JSON or YAML for a terminal: what JSON leaves as it is although a terminal would obey it (C1 controls, marks that turn
 * the order of digits round) is shown as \u202e.
 */
export function escapeInvisible(text: string): string {
  return text.replace(/[\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}

/** The text, at most so many characters long, with … in place of the last where it was cut. */
export function truncate(text: string, longest: number): string {
  if (text.length <= longest) return text;
  // Bounded before it is split: argv alone may hold a hundred kilobytes. A character may be two units.
  const characters = [...text.slice(0, longest * 2 + 2)];
  return characters.length <= longest ? characters.join("") : `${characters.slice(0, longest - 1).join("")}…`;
}

/**
 * The text in lines of a terminal's width, broken between words. What stands in `…` is there to be copied, and stays in one line.
 * @param width columns; without it the text stays as it is
 */
export function wrap(text: string, width: number | undefined): string {
  if (width === undefined) return text;
  const [first = "", ...words] = text.match(/(?:`[^`]*`|\S)+/g) ?? [];
  let column = first.length;
  return words.reduce((lines, word) => {
    const fits = column + 1 + word.length <= width;
    column = fits ? column + 1 + word.length : word.length;
    return `${lines}${fits ? " " : "\n"}${word}`;
  }, first);
}

const codes = {
  bold: [1, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  blue: [34, 39],
} as const;

export type Colour = keyof typeof codes;

/** The text in a colour. */
export function inColour(text: string, colour: Colour): string {
  const [on, off] = codes[colour];
  return `\u001b[${on}m${text}\u001b[${off}m`;
}

/** NO_COLOR and TERM=dumb forbid colour, a non-empty FORCE_COLOR enforces it, otherwise terminals get it. */
export function wantsColour(env: NodeJS.ProcessEnv, isTerminal: () => boolean): boolean {
  if ((env.NO_COLOR ?? "") !== "" || env.TERM === "dumb") return false;
  const forced = env.FORCE_COLOR ?? "";
  if (forced !== "") return forced !== "0" && forced !== "false";
  return isTerminal();
}

/** The listed value that equals `text` in any letter case, or undefined. */
export function matchingValue<Value extends string>(values: readonly Value[], text: string): Value | undefined {
  const wanted = text.toLowerCase();
  return values.find((value) => value.toLowerCase() === wanted);
}

/** What was typed, in quotes and short enough for one line of an error. */
export function quoted(text: string): string {
  return JSON.stringify(truncate(text, 60));
}

/** A word as a POSIX shell (on Windows: PowerShell and cmd) takes it: quoted only where it must be. */
export function shellWord(text: string, platform: NodeJS.Platform = process.platform): string {
  if (/^[\w@%+=:,./-]+$/.test(text)) return text;
  return platform === "win32" ? `"${text}"` : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** An amount of money as a person writes it: £1,010.05, or 1,010.05 EUR. Pounds unless said otherwise. */
export function formatMoney(amount: number, currency = "GBP"): string {
  const digits = amount.toFixed(2).replace(/\B(?=(\d{3})+\.)/g, ",");
  return currency === "GBP" ? `£${digits}`.replace("£-", "-£") : `${digits} ${currency}`;
}
