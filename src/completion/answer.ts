/**
 * The answer to a TAB: `atoa --complete-bash "atoa pay"`. Built into one file that bin/run.js loads instead of the program.
 * Reads its own table and, for names, the config; nothing else. Whatever goes wrong, it says nothing.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { CompletionData } from "./data";
import { type Candidate, candidates, type DynamicValues } from "./engine";
import { type Shell, shells, splitLine, type Word } from "./line";

// Not \p{Cc}, whose tables take time to load.
const control = /[\u0000-\u001f\u007f-\u009f]/;
const controls = /[\u0000-\u001f\u007f-\u009f]/g;

/** What readline splits words at, as far as it matters here. */
const usualBreaks = "=:";

/**
 * @param argv `--complete-<shell>`, the line up to the cursor, and for bash its COMP_WORDBREAKS.
 * `-` for the line means the variable ATOA_COMPLETE_LINE: PowerShell 5 spoils quotes in arguments.
 * @param live loads what reads the config; most lines need no names
 * @returns one candidate a line, with a description after a tab where the shell can show one
 */
export function answer(
  argv: readonly string[],
  dist: string,
  environment: NodeJS.ProcessEnv,
  live: () => DynamicValues,
): string {
  try {
    const [option = "", line = "", breaks = usualBreaks] = argv;
    const shell = shells.find((one) => option === `--complete-${one}`);
    if (shell === undefined) return "";
    const data = JSON.parse(readFileSync(join(dist, "completion.json"), "utf8")) as CompletionData;
    const typed = line === "-" ? (environment.ATOA_COMPLETE_LINE ?? "") : line;
    const split = splitLine(typed, shell, shell === "bash" ? breaks : "");
    return candidates(split, data, live)
      .filter(({ text }) => !control.test(text))
      .map((candidate) => `${shown(candidate, shell, split.current)}\n`)
      .join("");
  } catch {
    return "";
  }
}

function shown({ text, description }: Candidate, shell: Shell, current: Word): string {
  if (shell === "bash") return quotedForBash(text.slice(current.kept), current.quote);
  const plain = description.replace(controls, " ");
  return plain === "" ? text : `${text}\t${plain}`;
}

/** bash puts candidates on the line as they are. The other shells quote by themselves. */
function quotedForBash(text: string, quote: Word["quote"]): string {
  if (quote === "'") return text.replaceAll("'", `'\\''`);
  if (quote === '"') return text.replace(/[\\"$`]/g, "\\$&");
  return text.replace(/(?!^~\/)[^\w@%+=:,./\u0080-\uffff-]/g, "\\$&");
}
