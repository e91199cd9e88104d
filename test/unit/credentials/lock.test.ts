import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { acquireLock } from "../../../src/credentials/lock";
import { statePaths } from "../../../src/profiles/paths";
import { temporaryHomes, type VaultPrograms, vaultPrograms } from "./processes";

const login = {
  profile: "acme",
  env: "sandbox",
  token: "test-token-sandbox-1",
  businessId: "b",
  origin: "https://api.atoa.me",
  activate: true,
};
const short = { oneHolderMs: 300, queueMs: 3_000 };
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
    expect(readdirSync(paths.folder)).toEqual(["secrets.json.lock"]);
    await lock.release();
    expect(readdirSync(paths.folder)).toEqual([]);
  });

  test.skipIf(process.platform === "win32")(
    "a living holder gives the README's message, whose remedy works as it is printed",
    async () => {
      const holder = programs.start(home, { calls: [["storeLogin", login]], stopAt: 1 });
      while (!existsSync(paths.lock) || readdirSync(paths.lock).length === 0) await later(20);
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
      expect(readdirSync(paths.folder)).toEqual([]);
    },
    20_000,
  );

  test.skipIf(process.platform === "win32")(
    "a stopped holder is not dead: its lock is not taken over however old it looks",
    async () => {
      const holder = programs.start(home, { calls: [["storeLogin", login]], stopAt: 1 });
      while (!existsSync(paths.lock) || readdirSync(paths.lock).length === 0) await later(20);
      utimesSync(paths.lock, longAgo, longAgo);
      await expect(acquireLock(paths, short)).rejects.toThrow("Timed out");
      process.kill(holder.pid, "SIGCONT");
      expect((await holder.ended).outcome).toHaveProperty("results");
    },
    20_000,
  );

  test.skipIf(process.platform === "win32")("a killed holder's lock is taken over at once", async () => {
    const { signal } = await programs.run(home, { calls: [["storeLogin", login]], killAt: 1 });
    expect(signal).toBe("SIGKILL");
    expect(existsSync(paths.lock)).toBe(true);
    const started = Date.now();
    await (await acquireLock(paths, short)).release();
    expect(Date.now() - started).toBeLessThan(250);
  });

  test.skipIf(process.platform !== "linux")(
    "a process id that another process has now does not keep a lock alive",
    async () => {
      const elsewhere = statePaths({ ATOA_HOME: homes.make() });
      const held = await acquireLock(elsewhere, short);
      const [, , machine] = (readdirSync(elsewhere.lock)[0] ?? "").split("-");
      await held.release();
      fileAt(join(paths.lock, `${process.pid}-1-${machine}-00`), "");
      await (await acquireLock(paths, short)).release();
    },
  );

  test.each([
    ["an empty folder (a crash before the holder signed)", () => mkdirSync(paths.lock, { recursive: true })],
    ["a file (version 0.1)", () => fileAt(paths.lock, "4711")],
    ["a folder signed on another machine", () => fileAt(join(paths.lock, "1-1-othermachine-00"), "")],
  ])("left over as %s: waited for while it is fresh, taken over when it is old", async (_name, leave) => {
    leave();
    await expect(acquireLock(paths, short)).rejects.toThrow("Timed out");
    utimesSync(paths.lock, longAgo, longAgo);
    await (await acquireLock(paths, short)).release();
    expect(readdirSync(paths.folder)).toEqual([]);
  });

  test("a queue is not mistaken for one slow holder", async () => {
    let inside = 0;
    let most = 0;
    const turns = Array.from({ length: 20 }, async () => {
      const lock = await acquireLock(paths, { oneHolderMs: 400, queueMs: 20_000 });
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
    const waiting = acquireLock(paths, short);
    await later(60);
    rmSync(paths.folder, { recursive: true });
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
