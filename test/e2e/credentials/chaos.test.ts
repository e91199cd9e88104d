import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createVault } from "../../../src/credentials/vault";
import { times } from "../../scale.mjs";
import { ageLock, bundleProgram, stateOf, temporaryHomes } from "../../unit/credentials/processes";
import type { Tokens } from "./chaos-program";

const workers = times(100, 6);
const seconds = times(15, 1);

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
  /** It has logged in without a name, as a business that is called like many others. */
  readonly unnamed?: true;
  /** The lock was not to be had, and nothing was changed. */
  readonly timedOut?: true;
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
    const { found, missing, businesses } = await readAll(vault);
    let [changes, timeouts] = [0, 0];

    for (const [number, log] of logs.entries()) {
      const lines = linesOf(log);
      expect(lines.filter((line) => line.error !== undefined)).toEqual([]);
      changes += lines.filter((line) => line.done !== undefined && line.timedOut === undefined).length;
      timeouts += lines.filter((line) => line.timedOut).length;
      const before = lines.findLast((line) => line.done !== undefined)?.done ?? {};
      const pending = lines.at(-1)?.begins;
      const mine = Object.fromEntries([...found].filter(([slot]) => slot.startsWith(`w${number}-`)));
      // A completed change is there. Of one that was cut off, all is there or nothing; a logout may leave what it says is missing.
      const left = (tokens: Tokens) =>
        Object.fromEntries(Object.entries(tokens).filter(([slot]) => !missing.has(slot)));
      expect(pending === undefined ? [before] : [left(before), left(pending)]).toContainEqual(mine);
      if (!killed.has(number)) expect(pending).toBeUndefined();
      // A login without a name has a profile of its own, whoever else has that name.
      const unnamed = businesses.get(`unnamed ${number}`);
      if (lines.some((line) => line.unnamed)) {
        expect(found.get(`${unnamed}:sandbox`)).toBe(`test-token-sandbox-unnamed-${number}`);
      }
    }
    expect([...missing].filter((slot) => !killed.has(Number(slot.match(/^w(\d+)-/)?.[1])))).toEqual([]);
    for (const [slot, token] of found) {
      const [profile = "", env = ""] = slot.split(":");
      if (profile.startsWith("w"))
        expect(token).toMatch(new RegExp(`^test-token-${env}-${profile.slice(1, -2)}-\\d+$`));
    }
    ageLock(home);
    await vault.useProfile([...found.keys()][0]?.split(":")[0] ?? "");
    expect(stateOf(home).others).toEqual([]);
    process.stderr.write(
      `${changes} changes by ${workers} processes in ${seconds} s, ${killed.size} of them killed, ${timeouts} timeouts\n`,
    );
    expect(timeouts).toBeLessThanOrEqual(workers / 10);
    expect(changes).toBeGreaterThan(workers / 2);
  },
  seconds * 1000 + 90_000,
);

/** Every token as it is read, held against the fingerprint that the config knows it by; and those that are missing. */
async function readAll(vault: ReturnType<typeof createVault>) {
  const found = new Map<string, string>();
  const missing = new Set<string>();
  const businesses = new Map<string | undefined, string>();
  for (const { name, envs, businessId } of await vault.listProfiles()) {
    businesses.set(businessId, name);
    for (const { env, apiOrigin, token } of envs) {
      const target = { profile: name, env, origin: { value: apiOrigin, source: "test" } };
      if (token === "stored") found.set(`${name}:${env}`, await vault.readToken(target));
      else missing.add(`${name}:${env}`);
    }
  }
  return { found, missing, businesses };
}

function linesOf(log: string): Line[] {
  if (!existsSync(log)) return [];
  const lines = readFileSync(log, "utf8").split("\n").filter(Boolean);
  return lines.map((line) => JSON.parse(line));
}

function start(home: string, job: { number: number; log: string; seconds: number }): ChildProcess {
  const child = spawn(process.execPath, [program.path], {
    stdio: ["pipe", "inherit", "inherit"],
    env: { PATH: process.env.PATH, ATOA_HOME: home },
  });
  child.stdin?.end(JSON.stringify(job));
  return child;
}
