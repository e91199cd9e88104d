import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeEach, describe, expect, test, vi } from "vitest";
import { acquireLock, type HeldLock } from "../../src/credentials/lock";
import { createVault, type Vault } from "../../src/credentials/vault";
import { exampleLogin as login, temporaryHomes } from "../unit/credentials/processes";

/** What somebody else does in the moment in which a lock is released. */
const others = vi.hoisted(() => ({
  onRelease: async (): Promise<void> => {},
  /** How long a lock is waited for. */
  timeoutMs: undefined as number | undefined,
}));
vi.mock("../../src/credentials/lock", async (original) => {
  const real = await original<typeof import("../../src/credentials/lock")>();
  const acquire: typeof real.acquireLock = async (paths) => {
    const { release, ...held } = await real.acquireLock(paths, others.timeoutMs);
    return { ...held, release: () => release().then(() => others.onRelease()) };
  };
  return { ...real, acquireLock: acquire };
});

describe.skipIf(process.platform === "win32")("reset gets out of every state (POSIX)", () => {
  const homes = temporaryHomes();
  let home: string;
  let vault: Vault;
  beforeEach(() => {
    home = homes.make();
    vault = createVault({ environment: { ATOA_HOME: home }, interactive: false });
  });
  afterAll(() => homes.remove());
  const old = (_made: unknown) => utimesSync(at("secrets.json.lock"), 1, 1);
  const at = (name: string) => join(vault.paths.directory, name);

  const broken: readonly [string, () => void][] = [
    ["a corrupt config", () => writeFileSync(at("config.json"), "{")],
    ["a config by a newer version", () => writeFileSync(at("config.json"), '{"schemaVersion":9}')],
    ["corrupt secrets", () => writeFileSync(at("secrets.json"), "")],
    ["insecure secrets", () => chmodSync(at("secrets.json"), 0o666)],
    ["an insecure config", () => chmodSync(at("config.json"), 0o666)],
    ["temporary files of killed processes", () => writeFileSync(at(".secrets.json.tmp-1-x"), "test-token-sandbox-1")],
    [
      "the journal of deliveries",
      () => {
        mkdirSync(join(at("webhooks"), "journal"), { recursive: true });
        writeFileSync(join(at("webhooks"), "journal", "4020.ndjson"), "{}");
      },
    ],
    ["a lock that nobody holds", () => old(mkdirSync(at("secrets.json.lock")))],
    ["a lock by version 0.1", () => old(writeFileSync(at("secrets.json.lock"), "1"))],
  ];
  test.each(broken)(
    "%s",
    async (_name, damage) => {
      await vault.storeLogin(login);
      damage();
      const { removed, notices } = await vault.reset();
      expect(removed).toContain(vault.paths.config);
      expect(notices).toEqual([]);
      expect(existsSync(vault.paths.directory)).toBe(false);
      await vault.storeLogin(login);
      expect(await vault.readToken({ ...login, origin: { value: login.origin, source: "default" } })).toBe(login.token);
    },
    20_000,
  );

  test("folders and links in the way go, what the links point to stays", async () => {
    const precious = join(home, "precious");
    writeFileSync(precious, "mine");
    mkdirSync(at("config.json/with/content"), { recursive: true });
    symlinkSync(precious, at("secrets.json"));
    symlinkSync("/nowhere", at(".config.json.tmp-1-x"));
    await vault.reset();
    expect(existsSync(vault.paths.directory)).toBe(false);
    expect(readFileSync(precious, "utf8")).toBe("mine");
  });

  test.each([
    ["a file", () => writeFileSync(vault.paths.directory, "")],
    ["a link to nowhere", () => symlinkSync("/nowhere", vault.paths.directory)],
    ["a folder that nobody may enter", () => mkdirSync(vault.paths.directory, { mode: 0 })],
  ])("%s in the place of the whole folder goes too", async (_name, make) => {
    mkdirSync(dirname(vault.paths.directory));
    make();
    await vault.reset();
    await vault.storeLogin(login);
    expect(readdirSync(vault.paths.directory).sort()).toEqual(["config.json", "secrets.json"]);
  });

  test("a lock that a living process holds is waited for, and then goes as well", async () => {
    await vault.storeLogin(login);
    const holder = await acquireLock(vault.paths);
    others.timeoutMs = 100;
    await vault.reset();
    others.timeoutMs = undefined;
    expect(existsSync(vault.paths.directory)).toBe(false);
    expect(() => holder.assertHeld()).toThrow("Lost the lock");
    await holder.release();
  });

  test("the lock of the next one, who takes it in the last moment of a reset, stays", async () => {
    await vault.storeLogin(login);
    let next: HeldLock | undefined;
    others.onRelease = async () => {
      others.onRelease = async () => {};
      next = await acquireLock(vault.paths);
    };
    await vault.reset();
    expect(next).toBeDefined();
    expect(() => next?.assertHeld()).not.toThrow();
    await next?.release();
  });

  test("files that are not ours stay, and a reset of nothing is fine", async () => {
    expect(await vault.reset()).toEqual({ profiles: [], removed: [], keychain: [], notices: [] });
    expect(readdirSync(home)).toEqual([]);
    await vault.storeLogin(login);
    writeFileSync(at("notes.txt"), "mine");
    expect(await vault.reset()).toMatchObject({ profiles: ["acme"] });
    expect(readdirSync(vault.paths.directory)).toEqual(["notes.txt"]);
  });

  test("outside ATOA_HOME an unreadable config leaves a hint at the keychain", async () => {
    const own = createVault({ environment: { HOME: home, USERPROFILE: home }, interactive: false });
    mkdirSync(own.paths.directory, { recursive: true });
    writeFileSync(own.paths.config, "{");
    expect(() => own.keys()).toThrow("not valid JSON");
    expect((await own.reset()).notices).toEqual([expect.stringContaining("service atoa-cli")]);
  });
});
