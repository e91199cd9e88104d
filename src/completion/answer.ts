/**
 * The answer to a TAB: `atoa --complete-bash "atoa pay"`. Built into one file that bin/run.js loads instead of the program.
 * Reads its own table and the config, nothing else, and whatever goes wrong, it says nothing.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Config, pairedEnvs, readConfig } from "../profiles/config";
import { statePaths } from "../profiles/paths";
import type { CompletionData } from "./data";
import { type Candidate, candidates, type LiveNames } from "./engine";
import { type Shell, shells, splitLine, type Word } from "./line";

/** What readline splits words at, as far as it matters here. */
const usualBreaks = "=:";

/**
 * @param argv `--complete-<shell>`, the line up to the cursor, and for bash its COMP_WORDBREAKS.
 * `-` for the line means the variable ATOA_COMPLETE_LINE: PowerShell 5 spoils quotes in arguments.
 * @returns one candidate a line, with a description after a tab where the shell can show one
 */
export function answer(argv: readonly string[], dist: string, environment: NodeJS.ProcessEnv): string {
  try {
    const [option = "", line = "", breaks = usualBreaks] = argv;
    const shell = shells.find((one) => option === `--complete-${one}`);
    if (shell === undefined) return "";
    const data = JSON.parse(readFileSync(join(dist, "completion.json"), "utf8")) as CompletionData;
    const typed = line === "-" ? (environment.ATOA_COMPLETE_LINE ?? "") : line;
    const split = splitLine(typed, shell, shell === "bash" ? breaks : "");
    return candidates(split, data, liveNames(environment))
      .filter(({ text }) => !/\p{Cc}/u.test(text))
      .map((candidate) => `${shown(candidate, shell, split.current)}\n`)
      .join("");
  } catch {
    return "";
  }
}

function shown({ text, description }: Candidate, shell: Shell, current: Word): string {
  if (shell === "bash") return quotedForBash(text.slice(current.kept), current.quote);
  const plain = description.replace(/\p{Cc}/gu, " ");
  return plain === "" ? text : `${text}\t${plain}`;
}

/** bash puts candidates on the line as they are. The other shells quote by themselves. */
function quotedForBash(text: string, quote: Word["quote"]): string {
  if (quote === "'") return text.replaceAll("'", `'\\''`);
  if (quote === '"') return text.replace(/[\\"$`]/g, "\\$&");
  return text.replace(/[^\w@%+=:,./\u0080-\uffff-]/g, "\\$&");
}

function liveNames(environment: NodeJS.ProcessEnv): LiveNames {
  const config = (): Config => readConfig(statePaths(environment).config);
  return {
    profiles: () => [...config().profiles].map(([text, { displayName = "" }]) => ({ text, description: displayName })),
    keys: ({ profile, env }) =>
      [...config().profiles]
        .filter(([name]) => profile === undefined || name === profile)
        .flatMap(([name, entry]) =>
          pairedEnvs(entry)
            .filter((one) => env === undefined || one.startsWith(env))
            .flatMap((one) => {
              const text = entry.envs?.[one]?.sdkAccessId;
              return text === undefined ? [] : [{ text, description: `${name}, ${one}` }];
            }),
        ),
  };
}
