import { spawnSync } from "node:child_process";
import fs, {
  chmodSync,
  chownSync,
  existsSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createVault, type Vault } from "../../../src/credentials/vault";
import { needs } from "../../needs";
import { exampleLogin as login, seenIn, stateOf, temporaryHomes, type VaultPrograms, vaultPrograms } from "./processes";
import type { Job } from "./vault-program";

const again = { ...login, token: "test-token-sandbox-2" } as const;
const asRoot = process.getuid?.() === 0;
const nobody = { uid: 65534, gid: 65534 };

describe.skipIf(process.platform === "win32")("state files in a hostile place (POSIX)", () => {
  const homes = temporaryHomes();
  let programs: VaultPrograms;
  let home: string;
  let vault: Vault;
  beforeAll(() => {
    programs = vaultPrograms();
  });
  afterAll(() => {
    programs.remove();
    homes.remove();
  });
  beforeEach(() => {
    home = homes.make();
    vault = createVault({ environment: { ATOA_HOME: home }, interactive: false });
  });

  const failsWith = (message: string | RegExp) => ({
    kind: "failure",
    message: expect.stringMatching(message),
    hint: expect.stringMatching(/./),
  });
  /** Runs as a user who may not do everything: root may. */
  const asUser = (job: Job) => programs.run(home, asRoot ? { ...job, user: nobody.uid } : job);

  const modes = (all: readonly number[]) => all.map((mode) => [mode.toString(8).padStart(3, "0"), mode] as const);

  test.each(modes([0, 0o002, 0o022, 0o077, 0o277, 0o777]))("umask %s: 0600 files in 0700 folders", async (_, umask) => {
    if (asRoot) chownSync(home, nobody.uid, nobody.gid);
    const { outcome } = await asUser({
      calls: [
        ["storeLogin", login],
        ["renameProfile", "acme", "b"],
        ["forget", { profile: "b", env: "sandbox" }],
        ["storeLogin", again],
      ],
      umask,
    });
    expect(outcome).toHaveProperty("results");
    const found = [".config", ".config/atoa", ".config/atoa/config.json", ".config/atoa/secrets.json"].map((path) =>
      (statSync(join(home, path)).mode & 0o777).toString(8),
    );
    expect(found).toEqual(["700", "700", "600", "600"]);
  });

  test.each(modes([0o640, 0o604, 0o620, 0o610, 0o666]))(
    "secrets with the mode %s are refused, by reading and by writing, and stay as they are",
    async (_, mode) => {
      await vault.storeLogin(login);
      chmodSync(vault.paths.secrets, mode);
      const refusal = {
        ...failsWith(""),
        message: `Refusing to read ${vault.paths.secrets}: insecure permissions`,
        hint: expect.stringContaining(`chmod 600 ${vault.paths.secrets}`),
      };
      await expect(
        vault.readToken({ ...login, origin: { value: login.origin, source: "default" } }),
      ).rejects.toMatchObject(refusal);
      await expect(vault.storeLogin(again)).rejects.toMatchObject(refusal);
      expect(statSync(vault.paths.secrets).mode & 0o777).toBe(mode);
      expect(stateOf(home)).toMatchObject({ secrets: { "acme:sandbox": login.token }, others: [] });
    },
  );

  test.each(["secrets", "config"] as const)(
    "a link in the place of %s is refused, not followed and not replaced",
    async (name) => {
      await vault.storeLogin(login);
      const target = join(home, "elsewhere.json");
      writeFileSync(target, readFileSync(vault.paths[name]), { mode: 0o600 });
      rmSync(vault.paths[name]);
      symlinkSync(target, vault.paths[name]);
      await expect(vault.storeLogin(again)).rejects.toMatchObject(
        failsWith(`${vault.paths[name]}: it is a symbolic link`),
      );
      expect(lstatSync(vault.paths[name]).isSymbolicLink()).toBe(true);
      expect(readFileSync(target, "utf8")).not.toContain(again.token);
    },
  );

  test.each(["secrets", "config"] as const)(
    "a folder in the place of %s is named, and nothing in it is lost",
    async (name) => {
      mkdirSync(join(vault.paths[name], "mine"), { recursive: true });
      await expect(vault.storeLogin(login)).rejects.toMatchObject(failsWith(vault.paths[name]));
      expect(existsSync(join(vault.paths[name], "mine"))).toBe(true);
    },
  );

  test("a named pipe in the place of the secrets does not hang", async () => {
    await vault.storeLogin(login);
    rmSync(vault.paths.secrets);
    spawnSync("mkfifo", ["-m", "600", vault.paths.secrets]);
    await expect(vault.storeLogin(again)).rejects.toMatchObject(failsWith(/not a regular file/));
  });

  test("a linked folder is followed: dotfiles may live elsewhere", async () => {
    const elsewhere = homes.make();
    mkdirSync(dirname(vault.paths.directory));
    symlinkSync(elsewhere, vault.paths.directory);
    await vault.storeLogin(login);
    expect(readdirSync(elsewhere).sort()).toEqual(["config.json", "secrets.json"]);
  });

  test.each([
    ["ATOA_HOME", () => writeFileSync(`${home}/file`, ""), () => `${home}/file`],
    [".config", () => writeFileSync(`${home}/.config`, ""), () => home],
    [".config/atoa", () => mkdirSync(`${home}/.config`) ?? writeFileSync(`${home}/.config/atoa`, ""), () => home],
    [
      "a link to nowhere",
      () => mkdirSync(`${home}/.config`) ?? symlinkSync("/nowhere/at/all", `${home}/.config/atoa`),
      () => home,
    ],
  ])("a file in the place of the folder %s is a clear error", async (_name, make, where) => {
    make();
    const odd = createVault({ environment: { ATOA_HOME: where() }, interactive: false });
    await expect(odd.storeLogin(login)).rejects.toMatchObject(failsWith(/^Cannot (read|create|lock) /));
  });

  test("a home that does not exist yet is made", async () => {
    const deep = createVault({ environment: { ATOA_HOME: join(home, "a b/ü/c") }, interactive: false });
    await deep.storeLogin(login);
    expect(stateOf(join(home, "a b/ü/c")).secrets).toEqual({ "acme:sandbox": login.token });
  });

  test("a home that another makes at the same moment is no obstacle", async () => {
    const { mkdirSync: real } = fs;
    const other = (path: string, mode: number) => {
      real(path, mode);
      if (path.endsWith(".config")) real(join(path, "atoa"), mode);
    };
    Object.assign(fs, { mkdirSync: other });
    syncBuiltinESMExports();
    try {
      await vault.storeLogin(login);
    } finally {
      Object.assign(fs, { mkdirSync: real });
      syncBuiltinESMExports();
    }
    expect(stateOf(home).secrets).toEqual({ "acme:sandbox": login.token });
  });

  test("a home without permission to write: a clear error, and reading goes on", async () => {
    await vault.storeLogin(login);
    for (const path of [vault.paths.config, vault.paths.secrets]) if (asRoot) chownSync(path, nobody.uid, nobody.gid);
    if (!asRoot) chmodSync(vault.paths.directory, 0o500);
    else {
      chmodSync(home, 0o755);
      chmodSync(join(home, ".config"), 0o755);
      chmodSync(vault.paths.directory, 0o755);
    }
    const { outcome } = await asUser({ calls: [["storeLogin", again]] });
    expect(outcome).toMatchObject({ error: failsWith(/permission denied|not permitted|belongs to another user/) });
    const reading = await asUser({
      calls: [["readToken", { ...login, origin: { value: login.origin, source: "default" } }], ["listProfiles"]],
    });
    expect(reading.outcome).toMatchObject({ results: [login.token, [{ name: "acme" }]] });
    chmodSync(vault.paths.directory, 0o700);
  });

  test.each(modes([0o300, 0o500]))("a directory with the mode %s is named, with what to look at", async (_, mode) => {
    await vault.storeLogin(login);
    for (const path of [home, join(home, ".config"), vault.paths.directory, vault.paths.config, vault.paths.secrets]) {
      if (asRoot) chownSync(path, nobody.uid, nobody.gid);
    }
    writeFileSync(join(vault.paths.directory, ".secrets.json.tmp-1-x"), "");
    chmodSync(vault.paths.directory, mode);
    const { outcome } = await asUser({ calls: [["storeLogin", again]] });
    chmodSync(vault.paths.directory, 0o700);
    expect(outcome).toMatchObject({
      error: {
        kind: "failure",
        message: expect.stringMatching(/^Cannot (lock|read) .*\.config\/atoa: permission denied$/),
        hint: expect.stringContaining(`ls -ld ${vault.paths.directory};`),
      },
    });
  });

  test("a config in a directory that others may write to is refused: they could have replaced it", async () => {
    await vault.storeLogin(login);
    for (const mode of [0o770, 0o707, 0o777]) {
      chmodSync(vault.paths.directory, mode);
      expect(() => vault.config()).toThrow(
        expect.objectContaining(failsWith(`${vault.paths.config}: insecure permissions on its directory`)),
      );
    }
    chmodSync(vault.paths.directory, 0o700);
    chmodSync(vault.paths.config, 0o664);
    expect(() => vault.config()).toThrow(expect.objectContaining(failsWith(/insecure permissions$/)));
    chmodSync(vault.paths.config, 0o644);
    expect(vault.config().activeProfile).toBe("acme");
  });

  const stranger = 65533;
  const giveAway = needs("the rights of root");

  test.runIf(giveAway)("a config that belongs to another user is refused", async () => {
    await vault.storeLogin(login);
    for (const path of [home, join(home, ".config"), vault.paths.directory]) {
      chownSync(path, nobody.uid, nobody.gid);
      chmodSync(path, 0o755);
    }
    chownSync(vault.paths.config, stranger, stranger);
    chmodSync(vault.paths.config, 0o644);
    const reading = await asUser({ calls: [["listProfiles"]] });
    expect(reading.outcome).toMatchObject({ error: failsWith(`${vault.paths.config}: it belongs to another user`) });
  });

  test.runIf(giveAway)("root writes into no directory that another user's link leads to", async () => {
    const target = homes.make();
    chmodSync(target, 0o755);
    mkdirSync(dirname(vault.paths.directory));
    symlinkSync(target, vault.paths.directory);
    lchownSync(vault.paths.directory, stranger, stranger);
    await expect(vault.storeLogin(login)).rejects.toMatchObject(failsWith(/it belongs to another user/));
    expect((statSync(target).mode & 0o777).toString(8)).toBe("755");
    expect(readdirSync(target)).toEqual([]);
  });

  const tmpfs = (size: string, work: (mount: string) => Promise<void>) => onTmpfs(home, size, work);
  const mountable = needs("mounted file systems");

  test.skipIf(!mountable)("a full disk: a clear error, nothing lost, and reset still works", async () => {
    await tmpfs("size=128k", async (mount) => {
      const full = createVault({ environment: { ATOA_HOME: mount }, interactive: false });
      await full.storeLogin(login);
      await full.storeLogin({ ...login, profile: "long", token: "x".repeat(8000) });
      const before = await seenIn(mount);
      // Every amount of free space from none upwards, so that each write in turn is the one that fails.
      let failures = 0;
      for (let free = 0; ; free += 1) {
        fill(mount, free * 4096);
        const token = `test-token-sandbox-${"y".repeat(free)}`;
        const failed = await full.storeLogin({ ...again, token }).then(
          () => undefined,
          (error: unknown) => error,
        );
        rmSync(join(mount, "ballast"));
        if (failed === undefined) break;
        failures += 1;
        expect(failed).toMatchObject(failsWith(/no space left on the device/));
        // The old token, or the new one: never a mixture, never none.
        const tokens = { "acme/sandbox": token, "long/sandbox": "x".repeat(8000) };
        expect([before, expect.objectContaining({ tokens })]).toContainEqual(await seenIn(mount));
      }
      expect(failures).toBeGreaterThanOrEqual(3);
      fill(mount, 0);
      expect((await full.reset()).removed).toHaveLength(2);
    });
  });

  test.skipIf(!mountable)("a read-only file system: a clear error, and reading goes on", async () => {
    await tmpfs("size=1m", async (mount) => {
      const frozen = createVault({ environment: { ATOA_HOME: mount }, interactive: false });
      await frozen.storeLogin(login);
      spawnSync("mount", ["-o", "remount,ro", mount]);
      await expect(frozen.storeLogin(again)).rejects.toMatchObject(failsWith(/the file system is read-only/));
      await expect(frozen.reset()).rejects.toMatchObject(failsWith(/the file system is read-only/));
      expect(await frozen.readToken({ ...login, origin: { value: login.origin, source: "default" } })).toBe(
        login.token,
      );
    });
  });
});

async function onTmpfs(home: string, options: string, work: (mount: string) => Promise<void>): Promise<void> {
  const mount = join(home, "mount");
  mkdirSync(mount);
  expect(spawnSync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", mount]).status).toBe(0);
  try {
    await work(mount);
  } finally {
    spawnSync("umount", [mount]);
  }
}

/** Fills a disk but for so many bytes. */
function fill(mount: string, freeBytes: number): void {
  const ballast = join(mount, "ballast");
  spawnSync("dd", ["if=/dev/zero", `of=${ballast}`, "bs=4096"]);
  const { size } = statSync(ballast);
  spawnSync("truncate", ["-s", String(Math.max(0, size - freeBytes)), ballast]);
}
