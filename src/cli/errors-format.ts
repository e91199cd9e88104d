import { usageError } from "../errors";

/**
 * Takes `--errors json|text` out of argv, wherever it stands before `--`: it has to be known before anything can fail, an
 * unknown command included. ATOA_ERRORS says the same.
 * @throws a usage error for any other value
 */
export function readErrorsFormat(argv: readonly string[]): {
  readonly rest: readonly string[];
  readonly asJson: boolean;
} {
  const end = argv.indexOf("--");
  const rest: string[] = [];
  let typed: string | undefined;
  for (let index = 0; index < argv.length; index++) {
    const word = argv[index] ?? "";
    if ((end !== -1 && index >= end) || !/^--errors(=|$)/.test(word)) {
      rest.push(word);
      continue;
    }
    typed = word.includes("=") ? word.slice("--errors=".length) : argv[++index];
    check("--errors", typed);
  }
  const variable = process.env.ATOA_ERRORS;
  if (typed === undefined && variable !== undefined && variable !== "") check("ATOA_ERRORS", variable);
  return { rest, asJson: (typed ?? variable)?.toLowerCase() === "json" };
}

function check(name: string, value: string | undefined): void {
  if (value !== undefined && /^(json|text)$/i.test(value)) return;
  throw usageError(`${name} must be json or text`, `for example: ${name}${name.startsWith("-") ? " " : "="}json`, name);
}
