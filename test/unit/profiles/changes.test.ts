import { describe, expect, test } from "vitest";
import * as changes from "../../../src/profiles/changes";
import { type Config, type Env, emptyConfig, type Profile } from "../../../src/profiles/config";

const key = (id: string) => ({
  tokenFingerprint: id,
  sdkAccessId: `key-${id}`,
  apiOrigin: "https://api.atoa.me",
  store: "file" as const,
});
const configOf = (profiles: Record<string, Profile>, activeProfile?: string): Config => ({
  ...emptyConfig,
  activeProfile,
  profiles: new Map(Object.entries(profiles)),
});
const pairing = (profile: string, env: Env, more: Partial<changes.Pairing> = {}): changes.Pairing => ({
  profile,
  env,
  businessId: "b",
  displayName: "Acme",
  key: key("new"),
  activate: true,
  ...more,
});
const both: Profile = {
  businessId: "b",
  displayName: "Acme",
  defaultEnv: "sandbox",
  envs: { sandbox: key("s"), production: key("p") },
};
const entryOf = (config: Config, name: string) => config.profiles.get(name);

describe("a login", () => {
  test("makes a profile, its default env and, unless it was named, the active profile", () => {
    const made = changes.withPairing(emptyConfig, pairing("acme", "production"));
    expect(made.activeProfile).toBe("acme");
    expect(entryOf(made, "acme")).toEqual({
      businessId: "b",
      displayName: "Acme",
      defaultEnv: "production",
      envs: { production: key("new") },
    });
    expect(
      changes.withPairing(emptyConfig, pairing("ci", "sandbox", { activate: false })).activeProfile,
    ).toBeUndefined();
    expect(
      changes.withPairing(configOf({ acme: both }, "acme"), pairing("ci", "sandbox", { activate: false }))
        .activeProfile,
    ).toBe("acme");
  });

  test("of a second env makes it the default, unless it was not to be activated", () => {
    const acme = configOf({ acme: { businessId: "b", defaultEnv: "sandbox", envs: { sandbox: key("s") } } });
    expect(entryOf(changes.withPairing(acme, pairing("acme", "production")), "acme")?.defaultEnv).toBe("production");
    const quiet = pairing("acme", "production", { activate: false });
    expect(entryOf(changes.withPairing(acme, quiet), "acme")?.defaultEnv).toBe("sandbox");
  });

  test("replaces every known fact of the key, and keeps what is not known", () => {
    const before = { ...both, envs: { ...both.envs, sandbox: { ...key("s"), colour: "red" } } };
    const { sdkAccessId: _none, ...withoutId } = key("new");
    const made = changes.withPairing(configOf({ acme: before }), pairing("acme", "sandbox", { key: withoutId }));
    expect(entryOf(made, "acme")?.envs).toEqual({ sandbox: { ...withoutId, colour: "red" }, production: key("p") });
  });

  test.each(["sandbox", "production"] as const)(
    "of another business is refused, whichever env it is for (%s)",
    (env) => {
      const other = pairing("acme", env, { businessId: "other", displayName: "Beta" });
      for (const profile of [both, { businessId: "b", displayName: "Acme", envs: { sandbox: key("s") } }]) {
        expect(() => changes.withPairing(configOf({ acme: profile }), other)).toThrow(
          expect.objectContaining({
            kind: "usage",
            message: "Profile acme belongs to Acme, but this token belongs to Beta",
            hint: "log in under another name (--profile <name>), or run `atoa profile delete acme` first",
          }),
        );
      }
      const namesake = pairing("acme", env, { businessId: "other", displayName: "Acme" });
      expect(() => changes.withPairing(configOf({ acme: both }), namesake)).toThrow(
        "Profile acme belongs to Acme (b), but this token belongs to Acme (other)",
      );
      expect(entryOf(changes.withPairing(configOf({ acme: { businessId: "b" } }), other), "acme")?.businessId).toBe(
        "other",
      );
    },
  );

  test("at another server is refused where a key of the first one is, and fine beside it", () => {
    const elsewhere = { ...key("new"), apiOrigin: "http://127.0.0.1:4010" };
    const one = configOf({ "Acme UK": { businessId: "b", envs: { sandbox: { tokenFingerprint: "s" } } } });
    expect(() => changes.withPairing(one, pairing("Acme UK", "sandbox", { key: elsewhere }))).toThrow(
      expect.objectContaining({
        kind: "usage",
        message:
          "The credentials of Acme UK/sandbox belong to https://api.atoa.me, but this token belongs to http://127.0.0.1:4010",
        hint: expect.stringMatching(/atoa logout --profile (?:'Acme UK'|"Acme UK") --env sandbox/),
      }),
    );
    const beside = changes.withPairing(one, pairing("Acme UK", "production", { key: elsewhere }));
    expect(entryOf(beside, "Acme UK")?.envs?.production).toEqual(elsewhere);
  });
});

describe("what goes", () => {
  test("the last key takes its profile and the active mark with it, and nothing else becomes active", () => {
    const config = configOf({ acme: { envs: { sandbox: key("s") } }, beta: both }, "acme");
    const left = changes.withoutKey(config, "acme", "sandbox");
    expect([...left.profiles.keys()]).toEqual(["beta"]);
    expect(left.activeProfile).toBeUndefined();
    expect(changes.withoutProfile(config, "beta").activeProfile).toBe("acme");
  });

  test("a default env that loses its key is unset: nothing falls over to production", () => {
    const left = entryOf(changes.withoutKey(configOf({ acme: both }, "acme"), "acme", "sandbox"), "acme");
    expect(left).toEqual({ businessId: "b", displayName: "Acme", envs: { production: key("p") } });
    expect(entryOf(changes.withoutKey(configOf({ acme: both }), "acme", "production"), "acme")?.defaultEnv).toBe(
      "sandbox",
    );
  });
});

describe("rename, use, set", () => {
  test("a rename keeps the order and takes the active mark along", () => {
    const renamed = changes.withRename(configOf({ a: both, b: both, c: both }, "b"), "b", "z");
    expect([...renamed.profiles.keys()]).toEqual(["a", "z", "c"]);
    expect(renamed.activeProfile).toBe("z");
    expect(changes.withRename(configOf({ a: both, b: both }, "a"), "b", "z").activeProfile).toBe("a");
  });

  test("a renamed key remembers where its token is, through any number of renames", () => {
    const twice = changes.withRename(changes.withRename(configOf({ a: both }), "a", "b"), "b", "c");
    expect(entryOf(twice, "c")?.envs).toEqual({
      sandbox: { ...key("s"), account: "a:sandbox" },
      production: { ...key("p"), account: "a:production" },
    });
  });

  test.each([
    ["nobody", "z", "notFound"],
    ["a", "b", "usage"],
    ["a", "a", "usage"],
    ["a", "Not A Name", "usage"],
  ])("renaming %s to %s is %s", (from, to, kind) => {
    expect(() => changes.withRename(configOf({ a: both, b: both }), from, to)).toThrow(
      expect.objectContaining({ kind }),
    );
  });

  test("a default env needs a key, a profile in use must exist", () => {
    const config = configOf({ a: { envs: { sandbox: key("s") } } });
    expect(() => changes.withDefaultEnv(config, "a", "production")).toThrow(
      expect.objectContaining({ kind: "usage", hint: "run `atoa login --profile a --env production` first" }),
    );
    expect(entryOf(changes.withDefaultEnv(config, "a", "sandbox"), "a")?.defaultEnv).toBe("sandbox");
    expect(() => changes.withActive(config, "x")).toThrow(expect.objectContaining({ kind: "notFound" }));
    expect(changes.withActive(config, "a").activeProfile).toBe("a");
  });

  test("a rotated key keeps its id and origin when the server does not say them again", () => {
    const rotated = changes.withRotation(configOf({ a: both }), "a", "sandbox", {
      tokenFingerprint: "new",
      store: "file",
    });
    expect(entryOf(rotated, "a")?.envs?.sandbox).toEqual({ ...key("s"), tokenFingerprint: "new" });
  });
});
