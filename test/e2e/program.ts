import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type Emulator, startEmulator } from "@atoapayments/atoa-cli/emulator";
import { expect } from "vitest";
import { afterFile } from "../after-file";
import { full } from "../scale.mjs";
import { Driver, printsToken } from "./driver";
import { filesWithTokens, ProcessWatch, tokenIn } from "./leaks";
import type { Outcome, RunOptions } from "./outcome";

/** How end-to-end tests run the built program: as a child process, in a home of its own, against an emulator. */

export const root = resolve(import.meta.dirname, "../..");
export const program = join(root, "bin/run.js");

export type { Outcome, RunOptions };

/** Runs `atoa` with no terminal, in a bare environment and what is given. */
export type Run = (argv: readonly string[], options?: RunOptions) => Promise<Outcome>;

/** `atoa` for a test file; see `resident`. */
export const atoa: Run = resident();

/** Runs any script with node, as `atoa` runs the program. */
export function execute(argv: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  return command(process.execPath, argv, options);
}

/** Runs any program to its end, and looks for tokens in its output, and on the way in its command line and environment. */
export function command(file: string, argv: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  const env = { ...bareEnvironment(), ...options.env };
  const child = spawn(file, argv, { env, cwd: options.cwd, stdio: ["pipe", options.stdout ?? "pipe", "pipe"] });
  child.stdin?.on("error", () => undefined);
  child.stdin?.end(options.stdin ?? "");
  let [stdout, stderr] = ["", ""];
  child.stdout?.setEncoding("utf8").on("data", (text) => (stdout += text));
  child.stderr?.setEncoding("utf8").on("data", (text) => (stderr += text));
  const timer = setTimeout(() => child.kill("SIGKILL"), options.limit ?? 30_000);
  const watch = new ProcessWatch(child.pid);
  options.whileRunning?.(child);
  return new Promise((done, failed) => {
    child.on("error", failed);
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      const places = watch.end();
      if (options.tokenTyped) places.length = 0;
      if (!printsToken(argv) && tokenIn(stdout) !== undefined) places.push("stdout");
      if (tokenIn(stderr) !== undefined) places.push("stderr");
      if (places.length > 0) failed(new Error(`${argv.join(" ")} showed a token in ${places.join(", ")}`));
      done({ code, signal, stdout, stderr });
    });
  });
}

let children = 0;

/**
 * What every child gets: PATH, where compiled code is kept for all of them, and, when coverage is measured, for one in
 * four, where it counts: that nearly doubles what a process costs, and most of them run the same lines.
 */
export function bareEnvironment(): Record<string, string | undefined> {
  const { PATH, ATOA_COVERAGE_FOLDER, ATOA_TEST_CACHE, SystemRoot } = process.env;
  return {
    PATH,
    SystemRoot,
    NODE_V8_COVERAGE: children++ % 4 === 0 ? ATOA_COVERAGE_FOLDER : undefined,
    XDG_CACHE_HOME: ATOA_TEST_CACHE,
    ATOA_MAX_RETRIES: "0",
  };
}

/**
 * Runs `atoa` again and again inside one process of its own: one line after the other, many times faster. In CI every
 * line is a process; at a desk a fixed sample is, whatever is about the process itself, and what runs beside another.
 */
export function resident(): Run {
  const driver = new Driver();
  let busy = false;
  return async (argv, options = {}) => {
    const sampled = inSample(argv) && options.columns === undefined;
    if (full || busy || isAboutProcess(argv, options) || sampled) return execute([program, ...argv], options);
    busy = true;
    try {
      return await driver.run({
        argv,
        stdin: options.stdin ?? "",
        env: { ...bareEnvironment(), ...options.env },
        cwd: options.cwd ?? root,
        columns: options.columns,
        limit: options.limit ?? 30_000,
      });
    } finally {
      busy = false;
    }
  };
}

/** What bin/run.js answers before the program is loaded, what Node reads when it starts, what runs until a signal. */
function isAboutProcess(argv: readonly string[], { env = {}, whileRunning, stdout, alone }: RunOptions): boolean {
  const [first = "", second = ""] = argv;
  return (
    alone === true ||
    whileRunning !== undefined ||
    stdout !== undefined ||
    argv.length === 0 ||
    argv.some((word) => ["--version", "-v", "--help", "-h", "help"].includes(word)) ||
    (first === "emulator" && ["start", "exec"].includes(second)) ||
    second === "listen" ||
    first.startsWith("--complete-") ||
    Object.keys(env).some((name) => name.startsWith("NODE_"))
  );
}

/** One line of 48, always the same ones. */
function inSample(argv: readonly string[]): boolean {
  const hash = [...argv.join(" ")].reduce((sum, character) => (sum * 31 + character.charCodeAt(0)) >>> 0, 7);
  return hash % 48 === 0;
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
