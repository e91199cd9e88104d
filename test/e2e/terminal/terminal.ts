import { spawn } from "node:child_process";
import { join } from "node:path";
import { needs } from "../../needs";
import { bareEnvironment, program } from "../program";

/** How tests sit at a terminal: a pseudo-terminal with the program on it and a script that waits and types. */

/** What to wait for (a regular expression over what was printed since the last step) and what to type then. */
export type Step = readonly [pattern: string, typed: string];

export interface Sitting {
  readonly code: number | null;
  readonly signal: number | null;
  /** All that was printed, escape sequences included. */
  readonly screen: string;
  /** Whether the terminal is left as it was: it echoes and edits lines. */
  readonly echo: boolean;
  readonly canonical: boolean;
  /** The pattern that was waited for in vain. */
  readonly late: string | null;
}

export interface Seat {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  readonly columns?: number;
  /** What the shell runs instead of `atoa` alone, with "$@" for its arguments: for redirections. */
  readonly shell?: string;
  /** Seconds. */
  readonly limit?: number;
}

export const enter = "\r";
export const controlC = "\u0003";
export const down = "\u001b[B";

/** Whether tests can sit at a terminal here. */
export const hasTerminal = needs("a pseudo-terminal");

/** Runs `atoa` on a terminal of its own. */
export async function sit(argv: readonly string[], steps: readonly Step[], seat: Seat = {}): Promise<Sitting> {
  const env = { ...bareEnvironment(), TERM: "xterm-256color", ...seat.env };
  const command = [process.execPath, program, ...argv];
  const wish = {
    argv: seat.shell === undefined ? command : ["/bin/sh", "-c", seat.shell, "sh", ...command],
    env: Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined)),
    cwd: seat.cwd,
    rows: 40,
    columns: seat.columns ?? 120,
    limit: seat.limit ?? 20,
    steps,
  };
  const driver = spawn("python3", [join(import.meta.dirname, "sitting.py")], { stdio: ["pipe", "pipe", "inherit"] });
  driver.stdin.end(JSON.stringify(wish));
  let answer = "";
  driver.stdout.setEncoding("utf8").on("data", (text) => (answer += text));
  await new Promise((done, failed) => driver.on("error", failed).on("close", done));
  return JSON.parse(answer) as Sitting;
}
