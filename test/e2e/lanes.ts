import { lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Emulator, startEmulator } from "@atoapayments/atoa-cli/emulator";
import { afterAll, beforeAll } from "vitest";
import { times } from "../scale.mjs";
import { type Run, type RunOptions, resident, temporaryFolder } from "./program";

/** One emulator, one paired home and one working folder: what a case needs for itself while it runs. */
export interface Lane {
  readonly emulator: Emulator;
  readonly home: string;
  readonly run: Run;
  /** To be called by work that changes the emulator's business otherwise than by a request, so that the next finds it as new. */
  readonly changed: () => void;
}

export interface LanePool {
  /** Runs `work` in a lane that nobody else uses, with the home and the emulator as they were at the start. */
  use<T>(work: (lane: Lane) => Promise<T>): Promise<T>;
}

/** Profile of each lane: both environments paired, sandbox the default. */
const profile = "acme";

/** Children at a time: the machines that run this have two to four cores, and at a desk several files run. */
const lanes = times(3, 2);

/**
 * Lanes for a test file whose tests run concurrently.
 * @param files written into the working folder of every child
 */
export function lanePool(files: Readonly<Record<string, string>> = {}): LanePool {
  const cwd = temporaryFolder();
  const places = Array.from({ length: lanes }, () => ({ home: temporaryFolder(), atoa: resident() }));
  const idle: { lane: Lane; restore: () => void }[] = [];
  const waiting: ((entry: (typeof idle)[number]) => void)[] = [];

  beforeAll(async () => {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(cwd, name), text);
    idle.push(...(await Promise.all(places.map(({ home, atoa }) => openLane(home, atoa, cwd)))));
  });
  afterAll(async () => {
    await Promise.all(idle.map(({ lane }) => lane.emulator.close()));
  });

  return {
    async use(work) {
      const entry = idle.pop() ?? (await new Promise<(typeof idle)[number]>((turn) => waiting.push(turn)));
      try {
        entry.restore();
        return await work(entry.lane);
      } finally {
        const next = waiting.shift();
        if (next === undefined) idle.push(entry);
        else next(entry);
      }
    },
  };
}

async function openLane(home: string, atoa: Run, cwd: string): Promise<{ lane: Lane; restore: () => void }> {
  const emulator = await startEmulator();
  const base = { ATOA_HOME: home, ATOA_BASE_URL: emulator.origin };
  const run = (argv: readonly string[], options: RunOptions = {}) =>
    atoa(argv, { cwd, ...options, env: { ...base, ...options.env } });
  for (const env of ["production", "sandbox"] as const) {
    const login = await run(["login", "--stdin", "--profile", profile, "--env", env], { stdin: emulator.tokens[env] });
    if (login.code !== 0) throw new Error(login.stderr);
  }
  const folder = join(home, ".config/atoa");
  const stored = ["config.json", "secrets.json"].map((name) => [name, readFileSync(join(folder, name))] as const);
  let dirty = true;
  let before = "";
  // Any change of a file or folder changes its ctime. Most cases change none, and disks are slow.
  const state = () =>
    [home, ...readdirSync(home, { recursive: true, encoding: "utf8" }).map((name) => join(home, name))]
      .map((path) => `${path} ${lstatSync(path, { bigint: true }).ctimeNs}`)
      .join("\n");
  const restore = () => {
    if (state() !== before) {
      rmSync(home, { recursive: true, force: true });
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      for (const [name, bytes] of stored) writeFileSync(join(folder, name), bytes, { mode: 0o600 });
      before = state();
    }
    emulator.clearFaults();
    if (dirty || emulator.requests().some(({ method }) => method !== "GET")) {
      emulator.reset({ keepTokens: false });
    }
    dirty = false;
    emulator.clearRequests();
  };
  const changed = () => {
    dirty = true;
  };
  return { lane: { emulator, home, run, changed }, restore };
}
