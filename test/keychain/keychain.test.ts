import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { tokenFingerprint } from "../../src/credentials/read";
import { createVault, type Vault } from "../../src/credentials/vault";
import {
  bundleChild,
  busWithoutProvider,
  type ChildPrograms,
  hasSecretService,
  muteBus,
  type SecretService,
  startSecretService,
} from "./secret-service";

const origin = { value: "https://api.atoa.me", source: "default" };
const first = "test-token-sandbox-first";
const second = "test-token-sandbox-second";
const sandbox = { profile: "acme", env: "sandbox" } as const;

const login = (token: string, profile = "acme", env: "sandbox" | "production" = "sandbox") => ({
  profile,
  env,
  token,
  businessId: "business-1",
  displayName: "Acme",
  sdkAccessId: `key-${token.slice(-6)}`,
  origin: origin.value,
  activate: true,
});

describe.runIf(hasSecretService)("tokens in a real Secret Service", () => {
  let children: ChildPrograms;
  let service: SecretService;
  let home: string;
  let openHomes: string[] = [];

  beforeAll(() => {
    children = bundleChild();
  });
  afterAll(() => children?.remove());
  beforeEach(async () => {
    service = await startSecretService();
    home = await mkdtemp(join(tmpdir(), "atoa-home-"));
    openHomes.push(home);
  });
  afterEach(async () => {
    await service.close();
    for (const folder of openHomes) await rm(folder, { recursive: true, force: true });
    openHomes = [];
  });

  const vault = (changed: NodeJS.ProcessEnv = {}, keychainChild = children.working): Vault =>
    createVault({ environment: { ...service.environment, HOME: home, ...changed }, interactive: false, keychainChild });
  const configOf = (of: Vault) => JSON.parse(readFileSync(of.paths.config, "utf8"));
  const stateFiles = (of: Vault) => readdirSync(of.paths.directory).sort();

  test("a login goes to the keychain, where another program and another process find it, and to no file", async () => {
    const done = await vault().storeLogin(login(first));
    expect(done).toMatchObject({ store: "keychain", location: "the system keychain", notices: [] });
    expect(stateFiles(vault())).toEqual(["config.json"]);
    expect(configOf(vault()).profiles.acme.envs.sandbox.store).toBe("keychain");
    expect(service.lookup("acme:sandbox")).toBe(first);
    expect(await vault().readToken({ ...sandbox, origin })).toBe(first);
  });

  test("rename, logout, delete and reset leave no token behind under the old name", async () => {
    await vault().storeLogin(login(first));
    await vault().storeLogin(login(second, "acme", "production"));
    await vault().renameProfile("acme", "acme-uk");
    // The tokens stay where they are, and are found under the new name.
    expect([service.lookup("acme:sandbox"), service.lookup("acme-uk:sandbox")]).toEqual([first, undefined]);
    expect(await vault().readToken({ profile: "acme-uk", env: "sandbox", origin })).toBe(first);
    expect(await vault().forget({ profile: "acme-uk", env: "sandbox" })).toMatchObject({ profileRemoved: false });
    expect([service.lookup("acme:sandbox"), service.lookup("acme:production")]).toEqual([undefined, second]);
    await vault().deleteProfile("acme-uk");
    expect(service.lookup("acme:production")).toBeUndefined();
    await vault().storeLogin(login(first));
    expect(await vault().reset()).toMatchObject({ profiles: ["acme"], keychain: ["acme:sandbox"], notices: [] });
    expect(service.lookup("acme:sandbox")).toBeUndefined();
  });

  test("moving between the stores leaves no stale copy in the other one", async () => {
    await vault().storeLogin(login(first));
    expect(await vault({ ATOA_SECRET_STORE: "file" }).storeLogin(login(second))).toMatchObject({
      store: "file",
      notices: [],
    });
    expect(service.lookup("acme:sandbox")).toBeUndefined();
    expect(await vault().readToken({ ...sandbox, origin })).toBe(second);
    await vault({ ATOA_SECRET_STORE: "keychain" }).storeLogin(login(first));
    expect(readFileSync(vault().paths.secrets, "utf8")).not.toContain("test-token");
    expect(await vault({ ATOA_SECRET_STORE: "file" }).readToken({ ...sandbox, origin })).toBe(first);
  });

  test("the longest token and every visible character survive", async () => {
    const visible = Array.from({ length: 94 }, (_, index) => String.fromCharCode(33 + index)).join("");
    for (const token of [visible, visible.repeat(88).slice(0, 8192), "x"]) {
      await vault().storeLogin(login(token));
      expect(await vault().readToken({ ...sandbox, origin })).toBe(token);
    }
  });

  test("a home chosen by ATOA_HOME does not see the user's keychain", async () => {
    await vault().storeLogin(login(first));
    const other = await mkdtemp(join(tmpdir(), "atoa-home-"));
    openHomes.push(other);
    const isolated = vault({ ATOA_HOME: other });
    await expect(isolated.deleteProfile("acme")).rejects.toMatchObject({ kind: "notFound" });
    expect(await isolated.storeLogin(login(second))).toMatchObject({ store: "file" });
    await isolated.reset();
    expect(service.lookup("acme:sandbox")).toBe(first);
  });

  test("ten logins at once are all there", async () => {
    const names = Array.from({ length: 10 }, (_, index) => `shop-${index}`);
    await Promise.all(names.map((name) => vault().storeLogin(login(`test-token-sandbox-${name}`, name))));
    for (const name of names) expect(service.lookup(`${name}:sandbox`)).toBe(`test-token-sandbox-${name}`);
    expect((await vault().listProfiles()).map((profile) => profile.name).sort()).toEqual(names.sort());
  });

  test("a token that is gone from the keychain asks for a login", async () => {
    await vault().storeLogin(login(first));
    const config = readFileSync(vault().paths.config);
    await vault().forget(sandbox);
    writeFileSync(vault().paths.config, config);
    const gone = vault().readToken({ ...sandbox, origin });
    await expect(gone).rejects.toMatchObject({ kind: "auth", hint: "run `atoa login --profile acme --env sandbox`" });
  });

  test("two homes that both use the keychain do not share a slot", async () => {
    const [one, other] = await Promise.all([1, 2].map(() => mkdtemp(join(tmpdir(), "atoa-home-"))));
    openHomes.push(one ?? "", other ?? "");
    const at = (ATOA_HOME: string | undefined) => vault({ ATOA_HOME, ATOA_SECRET_STORE: "keychain" });
    await at(one).storeLogin(login(first, "ci"));
    await at(other).storeLogin(login(second, "ci"));
    const read = (home: string | undefined) => at(home).readToken({ profile: "ci", env: "sandbox", origin });
    expect([await read(one), await read(other)]).toEqual([first, second]);
    await at(other).forget({ profile: "ci", env: "sandbox" });
    expect(await read(one)).toBe(first);
  });

  test("a key that is renamed away keeps its token when another takes its name", async () => {
    await vault().storeLogin(login(first));
    await vault().renameProfile("acme", "acme-uk");
    await vault().storeLogin(login(second));
    expect(await vault().readToken({ ...sandbox, origin })).toBe(second);
    expect(await vault().readToken({ profile: "acme-uk", env: "sandbox", origin })).toBe(first);
    await vault().deleteProfile("acme");
    expect(await vault().readToken({ profile: "acme-uk", env: "sandbox", origin })).toBe(first);
  });

  test("a token that nothing names is found by delete", async () => {
    service.holdOnly("ghost:production", first);
    expect(await vault().deleteProfile("ghost", { dryRun: true })).toMatchObject({ envs: ["production"] });
    expect(await vault().deleteProfile("ghost")).toMatchObject({ configEntry: false, envs: ["production"] });
    expect(service.lookup("ghost:production")).toBeUndefined();
    await expect(vault().deleteProfile("ghost")).rejects.toMatchObject({ kind: "notFound" });
  });

  describe("no keychain", () => {
    const cases: readonly [string, () => Promise<{ vault: Vault; close?: () => void }>, RegExp][] = [
      [
        "no bus",
        async () => ({ vault: vault({ DBUS_SESSION_BUS_ADDRESS: "", XDG_RUNTIME_DIR: "/nowhere" }) }),
        /no D-Bus session bus/,
      ],
      ["a dead bus", async () => ({ vault: vault({ DBUS_SESSION_BUS_ADDRESS: "unix:path=/nowhere" }) }), /connect/i],
      [
        "no provider",
        async () => {
          const bus = busWithoutProvider();
          return { vault: vault({ DBUS_SESSION_BUS_ADDRESS: bus.address }), close: bus.close };
        },
        /not provided by any/,
      ],
      [
        "no module",
        async () => ({ vault: vault({}, children.withoutModule) }),
        /module keytar or the library libsecret/,
      ],
      [
        "no library",
        async () => ({ vault: vault({}, children.withoutLibrary) }),
        /module keytar or the library libsecret/,
      ],
    ];
    test.each(cases)("%s: the token goes to the file, and one line says why", async (_name, make, why) => {
      const { vault: poor, close } = await make();
      try {
        const done = await poor.storeLogin(login(first));
        expect(done.store).toBe("file");
        expect(done.notices).toEqual([expect.stringMatching(why)]);
        expect(done.notices[0]).toContain(poor.paths.secrets);
        expect(await poor.readToken({ ...sandbox, origin })).toBe(first);
        expect(stateFiles(poor)).toEqual(["config.json", "secrets.json"]);
      } finally {
        close?.();
      }
    });

    test("forced to the keychain, it is an error and nothing is stored", async () => {
      const forced = vault({ ATOA_SECRET_STORE: "keychain", DBUS_SESSION_BUS_ADDRESS: "", XDG_RUNTIME_DIR: "" });
      await expect(forced.storeLogin(login(first))).rejects.toMatchObject({
        kind: "failure",
        message: expect.stringContaining("no system keychain"),
      });
      expect(configOf(forced)).toEqual({ schemaVersion: 1, profiles: {} });
    });

    test("a token that is in the keychain cannot be read or forgotten without it", async () => {
      await vault().storeLogin(login(first));
      const before = readFileSync(vault().paths.config, "utf8");
      const poor = vault({ DBUS_SESSION_BUS_ADDRESS: "", XDG_RUNTIME_DIR: "" });
      for (const attempt of [poor.readToken({ ...sandbox, origin }), poor.forget(sandbox)]) {
        await expect(attempt).rejects.toMatchObject({ kind: "failure" });
      }
      expect(readFileSync(vault().paths.config, "utf8")).toBe(before);
      expect(stateFiles(vault())).toEqual(["config.json"]);
      expect(await poor.reset()).toMatchObject({ notices: [expect.stringContaining("acme:sandbox")] });
    });
  });

  describe("a keychain that does not help", () => {
    /** Each of these must end within the limit of 3 s, say what to do, and never use a file. */
    async function refusesAll(of: Vault, outcome: RegExp, each: () => void = () => {}) {
      const attempts = [
        () => of.readToken({ ...sandbox, origin }),
        () => of.forget(sandbox),
        () => of.storeLogin(login(second)),
      ];
      for (const attempt of attempts) {
        each();
        const started = Date.now();
        await expect(attempt()).rejects.toMatchObject({
          kind: "failure",
          message: expect.stringMatching(outcome),
          hint: expect.stringContaining("ATOA_SECRET_STORE=file"),
        });
        expect(Date.now() - started).toBeLessThan(8_000);
      }
      expect(stateFiles(of)).not.toContain("secrets.json");
      expect(configOf(of).profiles.acme.envs.sandbox.tokenFingerprint).toBeDefined();
      expect(configOf(of).profiles.beta).toBeUndefined();
    }

    test("locked", async () => {
      await vault().storeLogin(login(first));
      await refusesAll(vault(), /locked or refused/, () => service.lock());
    });

    test("stopped", async () => {
      await vault().storeLogin(login(first));
      process.kill(service.daemon, "SIGSTOP");
      try {
        await refusesAll(vault(), /did not respond/);
      } finally {
        process.kill(service.daemon, "SIGCONT");
      }
      // The write was given up on, but the service may do it now: whichever it is, config and token belong together.
      const token = await vault().readToken({ ...sandbox, origin });
      expect(token).toBe(service.lookup("acme:sandbox"));
      expect(await vault().findToken(sandbox)).toMatchObject({
        entry: { tokenFingerprint: tokenFingerprint(token), sdkAccessId: `key-${token.slice(-6)}` },
      });
      expect(stateFiles(vault())).toEqual(["config.json"]);
    }, 60_000);

    test("mute", async () => {
      await vault().storeLogin(login(first));
      const bus = await muteBus();
      try {
        await refusesAll(vault({ DBUS_SESSION_BUS_ADDRESS: bus.address }), /did not respond/);
      } finally {
        bus.close();
      }
    }, 60_000);

    test("while it hangs, the token is in no argument and no environment, and a person is told once", async () => {
      await vault().storeLogin(login(first));
      process.kill(service.daemon, "SIGSTOP");
      let told = 0;
      const environment = { ...service.environment, HOME: home, CI_TOKEN: second };
      const patient = createVault({
        environment,
        interactive: true,
        keychainChild: children.working,
        onKeychainWait: () => told++,
      });
      const pending = patient.storeLogin(login(second));
      await new Promise((later) => setTimeout(later, 2_200));
      const seen = childrenOf(process.pid).map((pid) =>
        ["cmdline", "environ"].map((file) => readFileSync(`/proc/${pid}/${file}`, "utf8")).join(" "),
      );
      expect(seen.some((text) => text.includes("keychain-child"))).toBe(true);
      for (const text of seen) expect(text).not.toContain(second);
      expect(told).toBe(1);
      process.kill(service.daemon, "SIGCONT");
      expect(await pending).toMatchObject({ store: "keychain" });
      expect(service.lookup("acme:sandbox")).toBe(second);
    }, 60_000);
  });
});

function childrenOf(parent: number): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
        return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1] === String(parent);
      } catch {
        return false;
      }
    })
    .map(Number);
}
