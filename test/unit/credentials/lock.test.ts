import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { acquireLock, type HeldLock } from "../../../src/credentials/lock";
import { statePaths } from "../../../src/profiles/state-files";
import { temporaryHomes, type VaultPrograms, vaultPrograms } from "./processes";

const login = {
  profile: "acme",
  env: "sandbox",
  token: "test-token-sandbox-1",
  businessId: "b",
  origin: "https://api.atoa.me",
  activate: true,
};
const short = 300;
const longAgo = new Date(Date.now() - 60_000);

describe("the lock", () => {
  const homes = temporaryHomes();
  let programs: VaultPrograms;
  let home: string;
  let paths: ReturnType<typeof statePaths>;
  beforeAll(() => {
    programs = vaultPrograms();
  });
  afterAll(() => {
    programs.remove();
    homes.remove();
  });
  beforeEach(() => {
    home = homes.make("atoa lock's ");
    paths = statePaths({ ATOA_HOME: home });
  });

  test("is a folder beside the secrets, and gone when it is released", async () => {
    const lock = await acquireLock(paths, short);
    lock.assertHeld();
    expect(readdirSync(paths.directory)).toEqual(["secrets.json.lock", "secrets.json.lock-owner"]);
    await lock.release();
    expect(readdirSync(paths.directory)).toEqual([]);
  });

  test.skipIf(process.platform === "win32")(
    "a living holder gives the README's message, whose remedy works as it is printed",
    async () => {
      const holder = programs.start(home, { calls: [["storeLogin", login]], stopAt: 2 });
      while (!existsSync(paths.lockOwner)) await later(20);
      const refusal = await acquireLock(paths, short).catch((error: unknown) => error);
      expect(refusal).toMatchObject({ kind: "failure", message: `Timed out acquiring lock on ${paths.lock}` });
      const command = String((refusal as { hint: string }).hint).match(/rm -r .*$/)?.[0] ?? "exit 1";
      execFileSync("sh", ["-c", command]);
      const mine = await acquireLock(paths, short);
      // The one who was robbed notices before it writes over our work.
      process.kill(holder.pid, "SIGCONT");
      expect((await holder.ended).outcome).toMatchObject({
        error: { kind: "failure", message: `Lost the lock on ${paths.lock} to another process` },
      });
      mine.assertHeld();
      await mine.release();
      expect(readdirSync(paths.directory)).toEqual([]);
    },
    20_000,
  );

  test.skipIf(process.platform === "win32")(
    "a holder that was stopped for long loses it, and writes nothing over the work of the next one",
    async () => {
      const holder = programs.start(home, { calls: [["storeLogin", login]], stopAt: 2 });
      while (!existsSync(paths.lockOwner)) await later(20);
      await expect(acquireLock(paths, short)).rejects.toThrow("Timed out");
      utimesSync(paths.lock, longAgo, longAgo);
      const next = { ...login, profile: "next", token: "test-token-sandbox-2" };
      expect((await programs.run(home, { calls: [["storeLogin", next]] })).outcome).toHaveProperty("results");
      process.kill(holder.pid, "SIGCONT");
      expect((await holder.ended).outcome).toMatchObject({
        error: { message: `Lost the lock on ${paths.lock} to another process` },
      });
      expect(readFileSync(paths.secrets, "utf8")).toBe('{\n  "next:sandbox": "test-token-sandbox-2"\n}\n');
    },
    20_000,
  );

  test.skipIf(process.platform === "win32")(
    "a killed holder's lock is taken over after some seconds",
    async () => {
      const { signal } = await programs.run(home, { calls: [["storeLogin", login]], killAt: 1 });
      expect(signal).toBe("SIGKILL");
      expect(existsSync(paths.lock)).toBe(true);
      const started = performance.now();
      await (await acquireLock(paths)).release();
      expect(performance.now() - started).toBeLessThan(9_000);
      expect(readdirSync(paths.directory)).toEqual([]);
    },
    20_000,
  );

  test("a holder's process id means nothing: age decides, on every system", async () => {
    fileAt(paths.lockOwner, `${process.pid}-0`);
    mkdirSync(paths.lock);
    utimesSync(paths.lock, longAgo, longAgo);
    await (await acquireLock(paths, short)).release();
  });

  test("a clock that is set back does not make it wait for ever", async () => {
    mkdirSync(paths.lock, { recursive: true });
    const inAnHour = new Date(Date.now() + 3_600_000);
    utimesSync(paths.lock, inAnHour, inAnHour);
    await expect(acquireLock(paths, short)).rejects.toThrow("Timed out");
  });

  test("of many who find a dead lock at the same moment, one at a time may write", async () => {
    const mayWrite = (lock: HeldLock) => {
      try {
        lock.assertHeld();
        return true;
      } catch {
        return false;
      }
    };
    for (let round = 0; round < 5; round += 1) {
      mkdirSync(paths.lock, { recursive: true });
      utimesSync(paths.lock, longAgo, longAgo);
      const inside = new Set<HeldLock>();
      const turns = Array.from({ length: 12 }, async () => {
        const lock = await acquireLock(paths, 20_000);
        inside.add(lock);
        await later(5);
        // A machine that stalls for longer than a take-over settles lets two in; the one who lost the lock notices before it writes.
        expect([...inside].filter(mayWrite).length).toBeLessThanOrEqual(1);
        inside.delete(lock);
        await lock.release();
      });
      await Promise.all(turns);
    }
  }, 30_000);

  test("who takes over a dead lock has it only when no other took it over at the same moment", async () => {
    mkdirSync(paths.lock, { recursive: true });
    utimesSync(paths.lock, longAgo, longAgo);
    const other = async () => {
      while (!existsSync(paths.lockOwner)) await later(5);
      rmSync(paths.lock, { recursive: true });
      mkdirSync(paths.lock);
      writeFileSync(paths.lockOwner, "another");
      await later(300);
      for (const path of [paths.lockOwner, paths.lock]) rmSync(path, { recursive: true });
    };
    const [lock] = await Promise.all([acquireLock(paths, 10_000), other()]);
    lock.assertHeld();
    await lock.release();
  });

  test.each([
    ["an empty folder (a crash before the holder signed)", () => mkdirSync(paths.lock, { recursive: true })],
    ["a file (version 0.1)", () => fileAt(paths.lock, "4711")],
    ["a folder with a file in it", () => fileAt(join(paths.lock, "1-1-othermachine-00"), "")],
  ])("left over as %s: waited for while it is fresh, taken over when it is old", async (_name, leave) => {
    leave();
    await expect(acquireLock(paths, short)).rejects.toThrow("Timed out");
    utimesSync(paths.lock, longAgo, longAgo);
    await (await acquireLock(paths, short)).release();
    expect(readdirSync(paths.directory)).toEqual([]);
  });

  test("is one process's at a time", async () => {
    let inside = 0;
    let most = 0;
    const turns = Array.from({ length: 20 }, async () => {
      const lock = await acquireLock(paths, 20_000);
      inside += 1;
      most = Math.max(most, inside);
      await later(50);
      lock.assertHeld();
      inside -= 1;
      await lock.release();
    });
    await Promise.all(turns);
    expect(most).toBe(1);
  }, 30_000);

  test("a reset that removes the folder meanwhile does not stop those who wait", async () => {
    const lock = await acquireLock(paths, short);
    const waiting = acquireLock(paths, 20_000);
    await later(60);
    // At one stroke: the one that waits may be making its lock in there.
    renameSync(paths.directory, join(home, "removed"));
    await lock.release();
    await (await waiting).release();
  });

  function fileAt(path: string, text: string): void {
    mkdirSync(join(path, ".."), { recursive: true });
    writeFileSync(path, text);
  }
});

function later(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}
