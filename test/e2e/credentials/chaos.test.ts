import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { tokenFingerprint } from "../../../src/credentials/tokens";
import { createVault } from "../../../src/credentials/vault";
import { times } from "../../scale.mjs";
import { bundleProgram, stateOf, temporaryHomes } from "../../unit/credentials/processes";
import type { Tokens } from "./chaos-program";

const workers = times(100, 8);
const seconds = times(30, 2);

let program: ReturnType<typeof bundleProgram>;
const homes = temporaryHomes();
beforeAll(() => {
  program = bundleProgram(join(import.meta.dirname, "chaos-program.ts"));
});
afterAll(() => {
  program.remove();
  homes.remove();
});

interface Line {
  readonly begins?: Tokens;
  readonly done?: Tokens;
  readonly error?: string;
}

test(
  "processes that change profiles at random at the same time, some of them killed, lose and mix up nothing",
  async () => {
    const home = homes.make();
    const logs = Array.from({ length: workers }, (_, number) => join(home, `log-${number}`));
    const running = logs.map((log, number) => start(home, { number, log, seconds }));
    const killed = new Set<number>();
    while (!logs.every((log) => existsSync(log))) await new Promise((later) => setTimeout(later, 50));
    // One in five dies somewhere in the middle of its work.
    for (const number of logs.keys()) {
      if (number % 5 !== 0) continue;
      await new Promise((later) => setTimeout(later, (seconds * 1000) / workers));
      if (running[number]?.kill("SIGKILL")) killed.add(number);
    }
    await Promise.all(
      running.map((child) => child.exitCode ?? child.signalCode ?? new Promise((ended) => child.once("close", ended))),
    );

    const vault = createVault({ environment: { ATOA_HOME: home }, interactive: false });
    const listed = await vault.listProfiles();
    const state = stateOf(home) as {
      config: { profiles: Record<string, { envs: Record<string, { tokenFingerprint: string }> }> };
      secrets: Tokens;
      others: string[];
    };
    const found = new Map(Object.entries(state.secrets));
    let changes = 0;

    for (const [number, log] of logs.entries()) {
      const lines: Line[] = existsSync(log)
        ? readFileSync(log, "utf8")
            .split("\n")
            .filter(Boolean)
            .map((line) => JSON.parse(line))
        : [];
      expect(lines.filter((line) => line.error !== undefined)).toEqual([]);
      changes += lines.filter((line) => line.done !== undefined).length;
      const before = lines.findLast((line) => line.done !== undefined)?.done ?? {};
      const pending = lines.at(-1)?.begins;
      const mine = Object.fromEntries([...found].filter(([slot]) => slot.startsWith(`w${number}-`)));
      // A completed change is there. Of one that was cut off, all is there or nothing.
      expect(pending === undefined ? [before] : [before, pending]).toContainEqual(mine);
      if (!killed.has(number)) expect(pending).toBeUndefined();
    }
    // Each token is under the name that it was stored for, and the config knows it by its fingerprint.
    for (const [slot, token] of found) {
      const [profile = "", env = ""] = slot.split(":");
      expect(token).toMatch(new RegExp(`^test-token-${env}-${profile.slice(1, -2)}-\\d+$`));
      expect(state.config.profiles[profile]?.envs[env]?.tokenFingerprint).toBe(tokenFingerprint(token));
    }
    expect(listed.flatMap(({ envs }) => envs.map((key) => key.token))).toEqual([...found].map(() => "stored"));
    expect(state.others).toEqual([]);
    process.stderr.write(`${changes} changes by ${workers} processes in ${seconds} s, ${killed.size} of them killed\n`);
    expect(changes).toBeGreaterThan(workers);
  },
  seconds * 1000 + 90_000,
);

function start(home: string, job: { number: number; log: string; seconds: number }): ChildProcess {
  const child = spawn(process.execPath, [program.path], {
    stdio: ["pipe", "inherit", "inherit"],
    env: { PATH: process.env.PATH, ATOA_HOME: home },
  });
  child.stdin?.end(JSON.stringify(job));
  return child;
}
