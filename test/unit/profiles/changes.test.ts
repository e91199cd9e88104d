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

  test("of a second env does not make it the default", () => {
    const sandbox: Profile = { businessId: "b", defaultEnv: "sandbox", envs: { sandbox: key("s") } };
    expect(
      entryOf(changes.withPairing(configOf({ acme: sandbox }), pairing("acme", "production")), "acme"),
    ).toMatchObject({ defaultEnv: "sandbox" });
    const { defaultEnv: _none, ...unset } = sandbox;
    expect(
      entryOf(changes.withPairing(configOf({ acme: unset }), pairing("acme", "production")), "acme")?.defaultEnv,
    ).toBeUndefined();
  });

  test("replaces every known fact of the key, and keeps what is not known", () => {
    const before = { ...both, envs: { ...both.envs, sandbox: { ...key("s"), colour: "red" } } };
    const { sdkAccessId: _none, ...withoutId } = key("new");
    const made = changes.withPairing(configOf({ acme: before }), pairing("acme", "sandbox", { key: withoutId }));
    expect(entryOf(made, "acme")?.envs).toEqual({ sandbox: { ...withoutId, colour: "red" }, production: key("p") });
  });

  test("of another merchant is refused while the profile holds the first one's other key", () => {
    const other = pairing("acme", "production", { businessId: "other", displayName: "Beta" });
    expect(() => changes.withPairing(configOf({ acme: both }), other)).toThrow(
      expect.objectContaining({ kind: "usage", message: "Profile acme belongs to Acme, and this token to Beta" }),
    );
    const single = configOf({ acme: { businessId: "b", envs: { production: key("p") } } });
    expect(entryOf(changes.withPairing(single, other), "acme")).toMatchObject({
      businessId: "other",
      displayName: "Beta",
    });
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
    const rotated = changes.withKey(configOf({ a: both }), "a", "sandbox", { tokenFingerprint: "new", store: "file" });
    expect(entryOf(rotated, "a")?.envs?.sandbox).toEqual({ ...key("s"), tokenFingerprint: "new" });
  });
});
