/** Splits a command line as far as the cursor into words, as the shell will split it. */

export const shells = ["bash", "zsh", "fish", "pwsh"] as const;
export type Shell = (typeof shells)[number];

export interface Line {
  /** The words before the one at the cursor, quotes and escapes undone. The first is the program. */
  readonly words: readonly string[];
  readonly current: Word;
}

/** The word that ends at the cursor; empty when a blank stands before it. */
export interface Word {
  readonly text: string;
  /** The quote that is open at the cursor. */
  readonly quote: "" | "'" | '"';
  /**
   * How much of `text` bash leaves alone: it replaces only what stands behind the last of its word breaks, such as the
   * `=` in --env=sand, or behind a quote that is open.
   */
  readonly kept: number;
}

/**
 * @param line the command line up to the cursor
 * @param breaks bash's COMP_WORDBREAKS
 */
export function splitLine(line: string, shell: Shell, breaks = ""): Line {
  const words: string[] = [];
  let word: Word | undefined;
  let rest = line;
  while (rest !== "") {
    const blank = word?.quote ? null : /^\s+/.exec(rest);
    if (blank !== null) {
      if (word !== undefined) words.push(word.text);
      word = undefined;
      rest = rest.slice(blank[0].length);
      continue;
    }
    const [length, grown] = step(rest, word ?? { text: "", quote: "", kept: 0 }, shell, breaks);
    word = grown;
    rest = rest.slice(length);
  }
  return { words, current: word ?? { text: "", quote: "", kept: 0 } };
}

/** Takes the next character or escape sequence into the word; says how long it was. */
function step(rest: string, word: Word, shell: Shell, breaks: string): [number, Word] {
  const { text, quote } = word;
  const [character, next] = [rest.charAt(0), rest.charAt(1)];
  // PowerShell writes a quote inside quotes by doubling it.
  const doubled = shell === "pwsh" && quote !== "" && character === quote && next === quote;
  if (doubled || (character === (shell === "pwsh" ? "`" : "\\") && escapes(quote, next, shell))) {
    return [2, { ...word, text: text + next }];
  }
  if (quote !== "") return [1, character === quote ? { ...word, quote: "" } : { ...word, text: text + character }];
  if (character === "'" || character === '"') return [1, { text, quote: character, kept: text.length }];
  const grown = text + character;
  if (!breaks.includes(character)) return [1, { text: grown, quote, kept: word.kept }];
  // readline breaks at @ and $ as well, but leaves these two with what follows.
  return [1, { text: grown, quote, kept: "@$".includes(character) ? text.length : grown.length }];
}

/** Whether the shell's escape character means the character behind it. */
function escapes(quote: Word["quote"], next: string, shell: Shell): boolean {
  if (quote === "") return true;
  if (shell === "pwsh") return quote === '"';
  if (shell === "fish") return next === quote || next === "\\" || (quote === '"' && next === "$");
  return quote === '"' && next !== "" && '"\\$`'.includes(next);
}
