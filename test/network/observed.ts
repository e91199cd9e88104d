import { randomUUID } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterFile } from "../after-file";
import { stateFiles, writeStateFiles } from "../e2e/pairing";
import { atoa, type Outcome, type RunOptions, temporaryFolder } from "../e2e/program";

/** Runs the built program and writes down what it touched: sockets, look-ups, files, memory and time. */

type Observation =
  | { readonly type: "socket"; readonly host?: string; readonly port?: number; readonly path?: string }
  | { readonly type: "datagram" }
  | { readonly type: "lookup"; readonly host: string }
  | { readonly type: "file"; readonly path: string }
  | { readonly type: "child"; readonly command: string }
  | { readonly type: "peak"; readonly kib: number };

export interface Observed extends Outcome {
  readonly ms: number;
  readonly peakMiB: number;
  readonly observations: readonly Observation[];
}

const observer = join(import.meta.dirname, "observer.cjs");

export const token = "test-token-sandbox-0123456789abcdef";

/** A home with one profile `acme` whose sandbox token is bound to `origin`. */
export function pairedHome(origin: string, secret = token): string {
  const home = temporaryFolder();
  writeStateFiles(home, stateFiles(origin, secret));
  return home;
}

/** Runs `atoa` in a fresh paired home against `origin`, one attempt a request unless told otherwise. */
export function against(origin: string) {
  const home = pairedHome(origin);
  return (argv: readonly string[], options: RunOptions = {}) =>
    observed(argv, { ...options, env: { ATOA_HOME: home, ATOA_BASE_URL: origin, ...options.env } });
}

let observations: string | undefined;

/** Where the children of this test file write what was seen in them. */
function observationsOfFile(): string {
  if (observations === undefined) {
    observations = temporaryFolder();
    afterFile(() => {
      observations = undefined;
    });
  }
  return observations;
}

export async function observed(argv: readonly string[], options: RunOptions = {}): Promise<Observed> {
  const file = join(observationsOfFile(), randomUUID());
  const start = performance.now();
  const outcome = await atoa(argv, {
    ...options,
    env: { NODE_OPTIONS: `--require=${observer}`, ATOA_TEST_OBSERVATIONS: file, ...options.env },
  });
  const ms = performance.now() - start;
  const lines = existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];
  const seen = lines.filter((line) => line !== "").map((line) => JSON.parse(line) as Observation);
  const peaks = seen.flatMap((one) => (one.type === "peak" ? [one.kib] : []));
  return { ...outcome, ms, peakMiB: Math.max(0, ...peaks) / 1024, observations: seen };
}

/** The error in one line, as a person reads it; everything else of it in `facts`. */
export function sentence(stderr: string): string {
  return stderr.split("\n").find((line) => line.startsWith("error:")) ?? `no error line in: ${stderr}`;
}
