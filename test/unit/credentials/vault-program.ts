/**
 * A program that calls the vault, for tests that need processes: to kill them, to run many, to give them another user or umask.
 * Reads one job as JSON on stdin; prints the results, or the error, as JSON.
 */
import { readFileSync, writeSync } from "node:fs";
import { createVault, type Vault } from "../../../src/credentials/vault";
import { AtoaError } from "../../../src/errors";
import { followWrites } from "./writes";

type Method = { [Name in keyof Vault]: Vault[Name] extends (...args: never[]) => unknown ? Name : never }[keyof Vault];

export interface Job {
  readonly calls: readonly (readonly [Method, ...unknown[]])[];
  /** Die by SIGKILL at this step of the writing, counted from 1. */
  readonly killAt?: number;
  /** Stand still for ever (SIGSTOP) at this step. */
  readonly stopAt?: number;
  readonly umask?: number;
  /** Root becomes this user first: node itself may lie in a folder that only root can enter. */
  readonly user?: number;
  readonly keychainChild?: string;
}

export type Outcome =
  | { readonly results: readonly unknown[] }
  | { readonly error: { kind: string; message: string; hint: string } };

async function run(job: Job): Promise<Outcome> {
  if (job.user !== undefined) {
    process.setgroups?.([]);
    process.setgid?.(job.user);
    process.setuid?.(job.user);
  }
  if (job.umask !== undefined) process.umask(job.umask);
  let steps = 0;
  followWrites(() => {
    steps += 1;
    if (steps === job.killAt) process.kill(process.pid, "SIGKILL");
    if (steps === job.stopAt) process.kill(process.pid, "SIGSTOP");
  });
  const vault = createVault({
    environment: process.env,
    interactive: false,
    keychainChild: job.keychainChild,
  });
  const results: unknown[] = [];
  for (const [method, ...args] of job.calls) {
    // A job is plain data: the token that a rotation brings stands for the function that fetches it.
    const given = method === "rotateToken" ? [args[0], async () => args[1]] : args;
    results.push(await (vault[method] as (...given: unknown[]) => unknown)(...given));
  }
  return { results };
}

const print = (outcome: Outcome) => void writeSync(1, JSON.stringify(outcome));
run(JSON.parse(readFileSync(0, "utf8"))).then(print, (error: unknown) => {
  const told = error instanceof AtoaError ? error : { kind: "bug", message: String(error), hint: "" };
  print({ error: { kind: told.kind, message: told.message, hint: told.hint } });
});
