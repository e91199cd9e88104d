/**
 * A command line as a POSIX shell takes it apart: blanks, quotes, `\` before a line end, comments, `$NAME` and `${NAME}`.
 * Enough for the lines of a README and of a table of cases; no globs, no pipes.
 * @param variables values of `$NAME`; an unknown one is empty, as in a shell
 */
export function shellWords(line: string, variables: Readonly<Record<string, string>> = {}): string[] {
  const lookup = (name: string) => variables[name] ?? "";
  const words: string[] = [];
  let word: string | undefined;
  for (const [, blank, single, double, escaped, name, plain] of line.matchAll(token)) {
    if (blank !== undefined) {
      if (word !== undefined) words.push(word);
      word = undefined;
      continue;
    }
    const text = single ?? escaped ?? plain ?? (name === undefined ? unquoted(double ?? "", lookup) : lookup(name));
    word = (word ?? "") + text;
  }
  if (word !== undefined) words.push(word);
  return words;
}

/** A line end that is escaped, and a comment, count as blanks. */
const token =
  /((?:\s|\\\n|(?<=^|\s)#[^\n]*)+)|'([^']*)'|"((?:[^"\\]|\\[\s\S])*)"|\\([\s\S])|\$\{?(\w+)\}?|([^\s'"\\$]+|\$)/g;

function unquoted(text: string, lookup: (name: string) => string): string {
  return text.replace(/(?<!\\)\$\{?(\w+)\}?/g, (_, name: string) => lookup(name)).replace(/\\(["\\$`])/g, "$1");
}
