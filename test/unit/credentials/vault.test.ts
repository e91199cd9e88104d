import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { tokenFingerprint } from "../../../src/credentials/read";
import { parseToken } from "../../../src/credentials/store";
import { createVault, type Vault } from "../../../src/credentials/vault";
import type { Env } from "../../../src/profiles/config";
import { resolveTarget } from "../../../src/profiles/resolution";
import { redact } from "../../../src/redaction";
import fc from "../../random";
import { times } from "../../scale.mjs";
import { stateOf, temporaryHomes } from "./processes";
import { followWrites } from "./writes";

const origin = { value: "https://api.atoa.me", source: "default" };
const login = (profile: string, env: Env, token: string, more: object = {}) => ({
  profile,
  env,
  token,
  businessId: "b",
  displayName: "Acme",
  sdkAccessId: `key-${token}`,
  origin: origin.value,
  activate: true,
  ...more,
});

describe("the vault over files", () => {
  const homes = temporaryHomes();
  let home: string;
  let vault: Vault;
  beforeEach(() => {
    home = homes.make("atoa höme ");
    vault = createVault({ environment: { ATOA_HOME: home }, interactive: false });
  });
  afterAll(() => homes.remove());
  const read = (profile: string, env: Env) => vault.readToken({ profile, env, origin });

  test("a login is stored as the contract writes it down", async () => {
    expect(await vault.storeLogin(login("acme", "sandbox", " test-token-sandbox-1\r\n"))).toEqual({
      profile: "acme",
      store: "file",
      location: vault.paths.secrets,
      notices: [],
    });
    const facts = {
      tokenFingerprint: tokenFingerprint("test-token-sandbox-1"),
      sdkAccessId: "key- test-token-sandbox-1\r\n",
      apiOrigin: "https://api.atoa.me",
      store: "file",
    };
    expect(stateOf(home)).toEqual({
      config: {
        schemaVersion: 1,
        activeProfile: "acme",
        profiles: { acme: { businessId: "b", displayName: "Acme", defaultEnv: "sandbox", envs: { sandbox: facts } } },
      },
      secrets: { "acme:sandbox": "test-token-sandbox-1" },
      others: [],
    });
    expect(await read("acme", "sandbox")).toBe("test-token-sandbox-1");
  });

  test.skipIf(process.platform === "win32")(
    "files are 0600 in a 0700 folder, and a wider folder is narrowed",
    async () => {
      mkdirSync(vault.paths.directory, { recursive: true, mode: 0o755 });
      chmodSync(vault.paths.directory, 0o755);
      await vault.storeLogin(login("acme", "sandbox", "test-token-sandbox-1"));
      const mode = (path: string) => (statSync(path).mode & 0o777).toString(8);
      expect([vault.paths.directory, vault.paths.config, vault.paths.secrets].map(mode)).toEqual(["700", "600", "600"]);
    },
  );

  test("a token read or given is known to the redactor", async () => {
    await vault.storeLogin(login("acme", "sandbox", "only-this-test-stores-it"));
    expect(redact("it said only-this-test-stores-it!")).toBe("it said [REDACTED]!");
  });

  test("the token of another origin is refused before the secrets are touched", async () => {
    await vault.storeLogin(login("acme", "sandbox", "test-token-sandbox-1"));
    writeFileSync(vault.paths.secrets, "not even JSON");
    const elsewhere = { value: "http://127.0.0.1:4010", source: "ATOA_BASE_URL" };
    await expect(vault.readToken({ profile: "acme", env: "sandbox", origin: elsewhere })).rejects.toMatchObject({
      kind: "usage",
    });
    await expect(read("acme", "sandbox")).rejects.toMatchObject({
      kind: "failure",
      message: `Refusing to parse ${vault.paths.secrets}: not valid JSON`,
    });
  });

  test("a token that was put in place for another server, by a login that was cut off, is not read for this one", async () => {
    await vault.storeLogin(login("acme", "sandbox", "test-token-sandbox-1"));
    const mend = followWrites(() => {
      if (readFileSync(vault.paths.secrets, "utf8").includes("sandbox-2")) throw new Error("the power went");
    });
    const cut = vault.storeLogin(login("acme", "sandbox", "test-token-sandbox-2"));
    await expect(cut.finally(mend)).rejects.toThrow("Cannot write");
    expect(await read("acme", "sandbox")).toBe("test-token-sandbox-2");
    const config = JSON.parse(readFileSync(vault.paths.config, "utf8"));
    config.pending[0].key.apiOrigin = "http://127.0.0.1:4010";
    writeFileSync(vault.paths.config, JSON.stringify(config));
    await expect(read("acme", "sandbox")).rejects.toMatchObject({ kind: "usage" });
  });

  /** @param value what the keychain answers to "get", and what else it does then, with `fs` at hand */
  function overKeychain(value: string, newTokens: "file" | "keychain" = "keychain"): Vault {
    const keychainChild = join(home, "child.cjs");
    writeFileSync(
      keychainChild,
      `const fs = require("fs");
       const { action } = JSON.parse(fs.readFileSync(0, "utf8"));
       const locked = fs.existsSync(__dirname + "/locked") && { outcome: "locked", why: "nobody types its password" };
       const reply = action === "get" ? { outcome: "found", token: ${value} } : locked || { outcome: "done" };
       console.log(JSON.stringify(reply));`,
    );
    const bus = { DBUS_SESSION_BUS_ADDRESS: "unix:path=/not/asked" };
    const environment = { ATOA_HOME: home, ATOA_SECRET_STORE: newTokens, PATH: process.env.PATH, ...bus };
    return createVault({ environment, interactive: false, keychainChild });
  }

  test.skipIf(process.platform === "win32")(
    "a rotation is not asked for when the keychain would not take the new token",
    async () => {
      vault = overKeychain('"test-token-sandbox-1"');
      await vault.storeLogin(login("acme", "sandbox", "test-token-sandbox-1"));
      writeFileSync(join(home, "locked"), "");
      const rotate = () => Promise.reject(new Error("asked"));
      await expect(vault.rotateToken({ profile: "acme", env: "sandbox" }, rotate)).rejects.toThrow("keychain");
    },
  );

  test.skipIf(process.platform === "win32")(
    "a key is not forgotten while the keychain will not let its token go",
    async () => {
      vault = overKeychain('"test-token-sandbox-1"');
      await vault.storeLogin(login("acme", "sandbox", "test-token-sandbox-1"));
      const before = readFileSync(vault.paths.config, "utf8");
      writeFileSync(join(home, "locked"), "");
      await expect(vault.forget({ profile: "acme", env: "sandbox" })).rejects.toThrow("keychain");
      await expect(vault.deleteProfile("acme")).rejects.toThrow("keychain");
      expect(readFileSync(vault.paths.config, "utf8")).toBe(before);
    },
  );

  test.skipIf(process.platform === "win32")(
    "an older token that the keychain will not let go stays named until it does",
    async () => {
      await overKeychain('"test-token-sandbox-1"').storeLogin(login("acme", "sandbox", "test-token-sandbox-1"));
      writeFileSync(join(home, "locked"), "");
      const inFile = overKeychain('"test-token-sandbox-1"', "file");
      const { notices } = await inFile.storeLogin(login("acme", "sandbox", "test-token-sandbox-2"));
      expect(notices).toEqual([expect.stringContaining("may still be in the system keychain")]);
      rmSync(join(home, "locked"));
      expect((await inFile.reset()).keychain).toHaveLength(1);
    },
  );

  test.skipIf(process.platform === "win32")(
    "a login that happens between reading the config and reading the token is no failure",
    async () => {
      const next = join(home, "next.json");
      // As if the other login had come just now: its config appears while the keychain is asked.
      const appears = `fs.existsSync(${JSON.stringify(next)}) && fs.renameSync(${JSON.stringify(next)}, ${JSON.stringify(vault.paths.config)})`;
      vault = overKeychain(`(${appears}, "test-token-sandbox-2")`);
      await vault.storeLogin(login("acme", "sandbox", "test-token-sandbox-1"));
      const before = readFileSync(vault.paths.config);
      await vault.storeLogin(login("acme", "sandbox", "test-token-sandbox-2"));
      renameSync(vault.paths.config, next);
      writeFileSync(vault.paths.config, before, { mode: 0o600 });
      expect(await read("acme", "sandbox")).toBe("test-token-sandbox-2");
    },
  );

  test("a token that is nowhere, or not the one that was paired, asks for a login, and a list marks it", async () => {
    await vault.storeLogin(login("acme", "sandbox", "test-token-sandbox-1"));
    writeFileSync(vault.paths.secrets, '{"acme:sandbox":"test-token-sandbox-other"}', { mode: 0o600 });
    await expect(read("acme", "sandbox")).rejects.toMatchObject({
      kind: "auth",
      message: expect.stringContaining("is not the one you logged in with"),
    });
    writeFileSync(vault.paths.secrets, "{}");
    await expect(read("acme", "sandbox")).rejects.toMatchObject({
      kind: "auth",
      hint: "run `atoa login --profile acme --env sandbox`",
    });
    expect(await vault.listProfiles()).toMatchObject([
      { name: "acme", active: true, envs: [{ env: "sandbox", token: "missing", store: "file" }] },
    ]);
    chmodSync(vault.paths.secrets, 0o644);
    expect(await vault.listProfiles()).toMatchObject([{ envs: [{ token: "unreadable" }] }]);
  });

  test("secrets by version 0.1 (no store, no origin, its own fingerprint) are read, kept and renamed", async () => {
    mkdirSync(vault.paths.directory, { recursive: true });
    const config = {
      schemaVersion: 1,
      profiles: {
        old: {
          businessId: "b",
          displayName: "Old",
          defaultEnv: "sandbox",
          envs: { sandbox: { tokenFingerprint: "ox-1" } },
        },
      },
    };
    writeFileSync(vault.paths.config, JSON.stringify(config));
    writeFileSync(vault.paths.secrets, '{"old:sandbox":"test-token-sandbox-1"}', { mode: 0o600 });
    expect(await read("old", "sandbox")).toBe("test-token-sandbox-1");
    await vault.renameProfile("old", "new");
    expect(await read("new", "sandbox")).toBe("test-token-sandbox-1");
    expect(await vault.listProfiles()).toMatchObject([
      { name: "new", envs: [{ apiOrigin: "https://api.atoa.me", token: "stored" }] },
    ]);
    // The token stays where it is, under the name that it had; so does the one that takes its place.
    expect(stateOf(home).secrets).toEqual({ "old:sandbox": "test-token-sandbox-1" });
    await vault.rotateToken({ profile: "new", env: "sandbox" }, async () => "test-token-sandbox-2");
    expect(await read("new", "sandbox")).toBe("test-token-sandbox-2");
    expect(stateOf(home).secrets).toEqual({ "old:sandbox": "test-token-sandbox-2" });
  });

  test("the last log-out of a profile takes a login with it that was cut off", async () => {
    await vault.storeLogin(login("acme", "sandbox", "test-token-sandbox-1"));
    const mend = followWrites(() => {
      if (readFileSync(vault.paths.secrets, "utf8").includes("production-1")) throw new Error("the power went");
    });
    const cut = vault.storeLogin(login("acme", "production", "test-token-production-1"));
    await expect(cut.finally(mend)).rejects.toThrow("Cannot write");
    expect(vault.keys()).toHaveLength(2);
    expect(await vault.forget({ profile: "acme", env: "sandbox" })).toMatchObject({ profileRemoved: true });
    expect(stateOf(home)).toMatchObject({ secrets: {}, config: { profiles: {} } });
    expect(vault.keys()).toEqual([]);
  });

  test("a rotation replaces the token and keeps id and origin", async () => {
    await vault.storeLogin(login("acme", "production", "test-token-production-1", { origin: "http://127.0.0.1:4010" }));
    const rotated = await vault.rotateToken(
      { profile: "acme", env: "production" },
      async () => "test-token-production-2",
    );
    expect(rotated).toMatchObject({ profile: "acme", store: "file", notices: [] });
    expect(vault.config().profiles.get("acme")?.envs?.production).toEqual({
      tokenFingerprint: tokenFingerprint("test-token-production-2"),
      sdkAccessId: "key-test-token-production-1",
      apiOrigin: "http://127.0.0.1:4010",
      store: "file",
    });
    expect(vault.keys()).toEqual([{ profile: "acme", kind: "production" }]);
    await expect(vault.rotateToken({ profile: "acme", env: "sandbox" }, async () => "x")).rejects.toMatchObject({
      kind: "auth",
    });
  });

  test("a rotation is not even asked for when its new token could not be stored", async () => {
    await vault.storeLogin(login("acme", "sandbox", "test-token-sandbox-1"));
    chmodSync(vault.paths.secrets, 0o644);
    const rotate = () => Promise.reject(new Error("asked"));
    await expect(vault.rotateToken({ profile: "acme", env: "sandbox" }, rotate)).rejects.toThrow(
      "insecure permissions",
    );
    chmodSync(vault.paths.secrets, 0o600);
    for (const file of ["config.json", "secrets.json"]) {
      const mend = followWrites(() => {
        const writes = readdirSync(vault.paths.directory).some((name) => name.startsWith(`.${file}.tmp-`));
        if (writes) throw Object.assign(new Error("disk full"), { code: "ENOSPC" });
      });
      const rotation = vault.rotateToken({ profile: "acme", env: "sandbox" }, rotate).finally(mend);
      await expect(rotation).rejects.toThrow("Cannot write");
    }
    await expect(vault.rotateToken({ profile: "acme", env: "sandbox" }, rotate)).rejects.toThrow("asked");
    expect(await read("acme", "sandbox")).toBe("test-token-sandbox-1");
  });

  test("a token of a name without a config entry is scrubbed by delete; without one there is nothing named so", async () => {
    await vault.storeLogin(login("acme", "sandbox", "test-token-sandbox-1"));
    writeFileSync(
      vault.paths.secrets,
      JSON.stringify({ "acme:sandbox": "test-token-sandbox-1", "ghost:production": "test-token-production-1" }),
      { mode: 0o600 },
    );
    expect(await vault.deleteProfile("ghost")).toMatchObject({ configEntry: false, envs: ["production"] });
    expect(stateOf(home).secrets).toEqual({ "acme:sandbox": "test-token-sandbox-1" });
    await expect(vault.deleteProfile("ghost")).rejects.toMatchObject({ kind: "notFound", hint: "choose one of: acme" });
  });

  test("what a dry run says is what a real run says, and it changes nothing", async () => {
    await vault.storeLogin(login("acme", "sandbox", "test-token-sandbox-1"));
    await vault.storeLogin(login("acme", "production", "test-token-production-1"));
    await vault.storeLogin(login("beta", "sandbox", "test-token-sandbox-2"));
    const changes: readonly ((attempt: { dryRun: boolean }) => Promise<unknown>)[] = [
      (attempt) => vault.setDefaultEnv("acme", "production", attempt),
      (attempt) => vault.useProfile("acme", attempt),
      (attempt) => vault.renameProfile("acme", "acme-uk", attempt),
      (attempt) => vault.forget({ profile: "acme-uk", env: "production" }, attempt),
      (attempt) => vault.deleteProfile("beta", attempt),
      (attempt) => vault.reset(attempt),
    ];
    for (const change of changes) {
      const before = stateOf(home);
      const said = await change({ dryRun: true });
      expect(stateOf(home)).toEqual(before);
      expect(await change({ dryRun: false })).toEqual(said);
    }
    expect(existsSync(vault.paths.directory)).toBe(false);
    await expect(vault.useProfile("acme", { dryRun: true })).rejects.toMatchObject({ kind: "notFound" });
    await expect(vault.forget({ profile: "acme", env: "sandbox" }, { dryRun: true })).rejects.toMatchObject({
      kind: "notFound",
    });
  });

  test("reading makes no file and no folder", async () => {
    expect(await vault.listProfiles()).toEqual([]);
    expect(vault.keys()).toEqual([]);
    await expect(read("acme", "sandbox")).rejects.toMatchObject({ kind: "notFound" });
    expect(readdirSync(home)).toEqual([]);
  });

  test("ATOA_SECRET_STORE takes file and keychain, and nothing else", async () => {
    const odd = { ATOA_HOME: home, ATOA_SECRET_STORE: "cloud" };
    expect(() => createVault({ environment: odd, interactive: false })).toThrow(
      expect.objectContaining({ kind: "usage" }),
    );
    const file = createVault({
      environment: { HOME: home, USERPROFILE: home, ATOA_SECRET_STORE: " FILE " },
      interactive: false,
    });
    expect(await file.storeLogin(login("acme", "sandbox", "test-token-sandbox-1"))).toMatchObject({
      store: "file",
      notices: [],
    });
  });

  test("whatever flags, variables and config say, the token is the one of the resolved profile and env, or none is read", async () => {
    const names = ["a", "b", "c", "constructor"] as const;
    const elsewhere = "http://127.0.0.1:4010";
    await vault.reset();
    for (const name of names) {
      for (const env of ["sandbox", "production"] as const) {
        await vault.storeLogin(
          login(name, env, `test-token-${env}-${name}`, {
            origin: name === "b" ? elsewhere : origin.value,
            activate: false,
          }),
        );
      }
    }
    await vault.forget({ profile: "c", env: "production" });
    const full = JSON.parse(readFileSync(vault.paths.config, "utf8"));
    const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });
    const name = fc.constantFrom(...names);
    const env = fc.constantFrom<Env>("sandbox", "production");
    const server = fc.constantFrom(origin.value, elsewhere, "http://localhost:4010");
    await fc.assert(
      fc.asyncProperty(
        fc.subarray([...names]),
        maybe(name),
        maybe(env),
        maybe(name),
        maybe(name),
        maybe(env),
        server,
        async (kept, active, defaultEnv, flag, variable, envFlag, value) => {
          const profiles = Object.fromEntries(kept.map((each) => [each, { ...full.profiles[each], defaultEnv }]));
          writeFileSync(vault.paths.config, JSON.stringify({ ...full, activeProfile: active, profiles }));
          const given = {
            profile: flag,
            env: envFlag,
            environment: { ATOA_PROFILE: variable },
            origin: { value, source: "ATOA_BASE_URL" },
          };
          const only = kept.length === 1 ? kept[0] : undefined;
          const profile = flag ?? variable ?? active ?? only;
          const target = profile === undefined ? undefined : { profile, env: envFlag ?? defaultEnv ?? "sandbox" };
          const readable =
            target !== undefined &&
            kept.includes(target.profile as "a") &&
            `${target.profile}/${target.env}` !== "c/production" &&
            value === (target.profile === "b" ? elsewhere : origin.value);
          const resolve = () => resolveTarget(vault.config(), given);
          if (!readable) {
            expect(resolve).toThrow(
              expect.objectContaining({ kind: expect.stringMatching(/^(usage|auth|notFound)$/) }),
            );
            if (target !== undefined)
              await expect(vault.readToken({ ...target, origin: given.origin })).rejects.toMatchObject({
                kind: expect.stringMatching(/^(usage|auth|notFound)$/),
              });
            return;
          }
          const resolved = resolve();
          expect(
            await vault.readToken({
              profile: resolved.profile.value,
              env: resolved.env.value,
              origin: resolved.origin,
            }),
          ).toBe(`test-token-${target.env}-${target.profile}`);
        },
      ),
      { numRuns: times(500, 100) },
    );
  }, 60_000);

  test("for any order of logins, renames, logouts and deletes, a token read is the one of that profile and env", async () => {
    const names = fc.constantFrom("a", "b", "c", "constructor");
    const envs = fc.constantFrom<Env>("sandbox", "production");
    const steps = fc.array(
      fc.oneof(
        fc.tuple(fc.constant("login"), names, envs),
        fc.tuple(fc.constant("rename"), names, names),
        fc.tuple(fc.constant("forget"), names, envs),
        fc.tuple(fc.constant("delete"), names, envs),
      ),
      { maxLength: 12 },
    );
    await fc.assert(
      fc.asyncProperty(steps, async (made) => {
        await vault.reset();
        const expected = new Map<string, string>();
        for (const [index, [kind, name, other]] of made.entries()) await step(expected, index, kind, name, other);
        const secrets = existsSync(vault.paths.secrets) ? JSON.parse(readFileSync(vault.paths.secrets, "utf8")) : {};
        expect(Object.values(secrets).sort()).toEqual([...expected.values()].sort());
        for (const [slot, token] of expected) {
          const [profile = "", env] = slot.split(":");
          expect(await read(profile, env as Env)).toBe(token);
        }
        for (const { name, envs: keys } of await vault.listProfiles()) {
          for (const { env, token } of keys) expect([token, expected.has(`${name}:${env}`)]).toEqual(["stored", true]);
        }
      }),
      { numRuns: times(60, 15) },
    );
  }, 60_000);

  /** Does a step and says in its own words what it must come to. */
  async function step(
    expected: Map<string, string>,
    index: number,
    kind: string,
    name: string,
    other: string,
  ): Promise<void> {
    const own = [...expected].filter(([slot]) => slot.startsWith(`${name}:`));
    const drop = (slots: typeof own) => {
      for (const [slot] of slots) expected.delete(slot);
    };
    if (kind === "login") {
      await vault.storeLogin(login(name, other as Env, `test-token-${other}-${index}`));
      expected.set(`${name}:${other}`, `test-token-${other}-${index}`);
    } else if (
      kind === "rename" &&
      own.length > 0 &&
      ![...expected.keys()].some((slot) => slot.startsWith(`${other}:`))
    ) {
      await vault.renameProfile(name, other);
      drop(own);
      for (const [slot, token] of own) expected.set(slot.replace(/^[^:]*/, other), token);
    } else if (kind === "forget" && expected.has(`${name}:${other}`)) {
      await vault.forget({ profile: name, env: other as Env });
      expected.delete(`${name}:${other}`);
    } else if (kind === "delete" && own.length > 0) {
      await vault.deleteProfile(name);
      drop(own);
    }
  }
});

describe("a token", () => {
  test.each([
    ["empty", ""],
    ["blank", " "],
    ["two words", "a b"],
    ["a tab", "a\tb"],
    ["two lines", "a\nb"],
    ["another alphabet", "tök"],
    ["a control character", "a\u0000"],
    ["an invisible blank", "a\u200bb"],
    ["too long", "x".repeat(8193)],
  ])("is none: %s; and the error does not repeat it", (_name, text) => {
    const message = expect.not.stringContaining(text.trim().length > 1 ? text.trim() : "\u0000");
    expect(() => parseToken(text)).toThrow(expect.objectContaining({ kind: "usage", message }));
  });

  test("loses what is around it, and is known to the redactor", () => {
    expect(parseToken("\uFEFF  test-token-sandbox-1 \r\n")).toBe("test-token-sandbox-1");
    expect(parseToken("test-token-typed-and-not-used-0001")).toBe("test-token-typed-and-not-used-0001");
    expect(redact("it said test-token-typed-and-not-used-0001")).toBe("it said [REDACTED]");
    expect(parseToken("x".repeat(8192))).toHaveLength(8192);
  });
});
