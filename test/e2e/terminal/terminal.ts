import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Writable } from "node:stream";
import { afterFile } from "../../after-file";
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
  const sitting = turn.then(() => askSitter(wish));
  turn = sitting.catch(() => undefined);
  return sitting;
}

let turn: Promise<unknown> = Promise.resolve();
let sitter: { readonly stdin: Writable; readonly answers: AsyncIterator<string> } | undefined;

/** One process sits at all terminals of a test file, one after the other. */
async function askSitter(wish: object): Promise<Sitting> {
  sitter ??= startSitter();
  sitter.stdin.write(`${JSON.stringify(wish)}\n`);
  const answer = await sitter.answers.next();
  if (answer.done) throw new Error("sitting.py has ended");
  return JSON.parse(answer.value) as Sitting;
}

function startSitter(): NonNullable<typeof sitter> {
  const argv = [join(import.meta.dirname, "sitting.py")];
  const { stdin, stdout } = spawn("python3", argv, { stdio: ["pipe", "pipe", "inherit"] });
  afterFile(() => {
    stdin.end();
    sitter = undefined;
  });
  return { stdin, answers: createInterface({ input: stdout })[Symbol.asyncIterator]() };
}
