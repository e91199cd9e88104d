import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect } from "vitest";
import { type Emulator, startEmulator } from "../../src/emulator/index";
import { afterFile } from "../after-file";
import { filesWithTokens, ProcessWatch, tokenIn } from "./leaks";

/** How end-to-end tests run the built program: as a child process, in a home of its own, against an emulator. */

export const root = resolve(import.meta.dirname, "../..");
export const program = join(root, "bin/run.js");

export interface Outcome {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly stdin?: string | undefined;
  readonly cwd?: string | undefined;
  /** Milliseconds until the child is killed and the test fails. */
  readonly limit?: number;
}

/** Runs `atoa` with no terminal. The environment is bare but for what is given, PATH and what measures coverage. */
export function atoa(argv: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  return execute([program, ...argv], options);
}

/** Runs any script with node, as `atoa` runs the program. */
export function execute(argv: readonly string[], options: RunOptions): Promise<Outcome> {
  const env = { ...inherited(), ...options.env };
  const child = spawn(process.execPath, argv, { env, cwd: options.cwd, stdio: ["pipe", "pipe", "pipe"] });
  child.stdin.on("error", () => undefined);
  child.stdin.end(options.stdin ?? "");
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text) => (stderr += text));
  const timer = setTimeout(() => child.kill("SIGKILL"), options.limit ?? 30_000);
  const watch = new ProcessWatch(child.pid);
  return new Promise((done, failed) => {
    child.on("error", failed);
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      const places = watch.end();
      if (!printsToken(argv) && tokenIn(stdout) !== undefined) places.push("stdout");
      if (tokenIn(stderr) !== undefined) places.push("stderr");
      if (places.length > 0) failed(new Error(`${argv.join(" ")} showed a token in ${places.join(", ")}`));
      done({ code, signal, stdout, stderr });
    });
  });
}

/** The one command that shows a token, the new one, is `keys regenerate`. */
function printsToken(argv: readonly string[]): boolean {
  return argv.includes("keys") && argv.includes("regenerate");
}

function inherited(): Record<string, string | undefined> {
  const { PATH, ATOA_COVERAGE_FOLDER, SystemRoot } = process.env;
  return { PATH, NODE_V8_COVERAGE: ATOA_COVERAGE_FOLDER, SystemRoot, ATOA_MAX_RETRIES: "0" };
}

/** A folder that is gone after the test file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "atoa-test-"));
  afterFile(() => {
    const leaks = filesWithTokens(folder);
    rmSync(folder, { recursive: true, force: true });
    expect(leaks).toEqual([]);
  });
  return folder;
}

/** An emulator and a home with one paired profile, for a whole test file. */
export interface Rig {
  readonly emulator: Emulator;
  readonly home: string;
  readonly env: Record<string, string>;
  /** Runs `atoa` in this home against this emulator. */
  run(argv: readonly string[], options?: RunOptions): Promise<Outcome>;
  /** Pairs a profile by piping the token of that environment into `atoa login --stdin`. */
  login(profile: string, env: "sandbox" | "production"): Promise<Outcome>;
}

export async function rig(options: Parameters<typeof startEmulator>[0] = {}): Promise<Rig> {
  const emulator = await startEmulator(options);
  afterFile(() => emulator.close());
  const home = temporaryFolder();
  const env = { ATOA_HOME: home, ATOA_BASE_URL: emulator.origin };
  const run = (argv: readonly string[], more: RunOptions = {}) => atoa(argv, { ...more, env: { ...env, ...more.env } });
  const login = (profile: string, environment: "sandbox" | "production") =>
    run(["login", "--stdin", "--profile", profile, "--env", environment], { stdin: emulator.tokens[environment] });
  return { emulator, home, env, run, login };
}
