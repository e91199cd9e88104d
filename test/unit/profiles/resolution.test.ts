import { describe, expect, test } from "vitest";
import { type Config, type Env, emptyConfig, type KeyEntry, type Profile } from "../../../src/profiles/config";
import {
  envIsNeeded,
  resolveEnv,
  resolveOneEnv,
  resolveProfile,
  resolveTarget,
} from "../../../src/profiles/resolution";
import fc from "../../random";

const key: KeyEntry = { tokenFingerprint: "9f3a" };
const profile = (...envs: Env[]): Profile => ({
  businessId: "b",
  envs: Object.fromEntries(envs.map((env) => [env, key])),
});
const configOf = (profiles: Record<string, Profile>, activeProfile?: string): Config => ({
  ...emptyConfig,
  activeProfile,
  profiles: new Map(Object.entries(profiles)),
});
const here = { value: "https://api.atoa.me", source: "default" };
const two = configOf({ a: profile("sandbox"), b: profile("sandbox", "production") });

describe("the profile", () => {
  test("comes from --profile, ATOA_PROFILE, activeProfile or the only one, in this order", () => {
    const config = configOf({ a: {}, b: {}, c: {} }, "c");
    expect(resolveProfile(config, "a", { ATOA_PROFILE: "b" })).toMatchObject({ value: "a", source: "--profile" });
    expect(resolveProfile(config, undefined, { ATOA_PROFILE: "b" })).toMatchObject({
      value: "b",
      source: "ATOA_PROFILE",
    });
    expect(resolveProfile(config, undefined, {})).toMatchObject({ value: "c", source: "activeProfile" });
    expect(resolveProfile(configOf({ a: {} }), undefined, {})).toMatchObject({ value: "a", source: "only profile" });
  });

  test("the README's messages", () => {
    expect(() => resolveProfile(emptyConfig, undefined, {})).toThrow(
      expect.objectContaining({
        kind: "auth",
        message: "No profile is configured. Run `atoa login` to pair this device.",
      }),
    );
    expect(() => resolveProfile(configOf({ a: {}, b: {}, c: {} }), undefined, {})).toThrow(
      expect.objectContaining({
        kind: "usage",
        message: "Multiple profiles are configured (a, b, c). Run `atoa profile use <name>` once",
        hint: expect.stringContaining("--profile <name>"),
      }),
    );
  });

  test("an unknown name says where it came from and what there is, wherever it came from", () => {
    const unknown = (source: string) =>
      expect.objectContaining({
        kind: "notFound",
        message: `No profile named "x" (from ${source})`,
        hint: "choose one of: a, b",
      });
    expect(() => resolveProfile(two, "x", {})).toThrow(unknown("--profile"));
    expect(() => resolveProfile(two, undefined, { ATOA_PROFILE: "x" })).toThrow(unknown("ATOA_PROFILE"));
    expect(() => resolveProfile({ ...two, activeProfile: "x" }, undefined, {})).toThrow(unknown("activeProfile"));
    expect(() => resolveProfile(emptyConfig, "x", {})).toThrow(
      expect.objectContaining({ kind: "notFound", hint: "run `atoa login` to pair this device" }),
    );
    expect(() => resolveProfile(configOf({ a: {} }), "constructor", {})).toThrow(
      expect.objectContaining({ kind: "notFound" }),
    );
  });

  test("a hundred names are not all listed", () => {
    const many = configOf(Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`p${index}`, {}])));
    expect(() => resolveProfile(many, undefined, {})).toThrow(/p19, … 80 more\)/);
  });
});

describe("the env", () => {
  test("comes from --env, defaultEnv, then sandbox", () => {
    expect(resolveEnv({ defaultEnv: "production" }, "sandbox")).toEqual({ value: "sandbox", source: "--env" });
    expect(resolveEnv({ defaultEnv: "production" }, undefined)).toEqual({ value: "production", source: "defaultEnv" });
    expect(resolveEnv({}, undefined)).toEqual({ value: "sandbox", source: "default" });
  });

  test("of logout and keys is never both", () => {
    expect(resolveOneEnv("a", profile("production"), undefined)).toEqual({ value: "production", source: "only env" });
    expect(resolveOneEnv("b", profile("sandbox", "production"), undefined)).toBeUndefined();
    expect(resolveOneEnv("b", profile("sandbox", "production"), "production")).toEqual({
      value: "production",
      source: "--env",
    });
    expect(() => resolveOneEnv("a", profile("sandbox"), "production")).toThrow(
      expect.objectContaining({ kind: "auth" }),
    );
    expect(() => resolveOneEnv("a", {}, undefined)).toThrow(expect.objectContaining({ kind: "auth" }));
    expect(envIsNeeded("b")).toMatchObject({ kind: "usage", hint: "choose one: --env sandbox or --env production" });
  });
});

describe("the target of a request", () => {
  const given = { profile: undefined, env: undefined, environment: {}, origin: here };

  test("says of each part where it came from", () => {
    expect(resolveTarget(two, { ...given, profile: "b", env: "production" })).toMatchObject({
      profile: { value: "b", source: "--profile" },
      env: { value: "production", source: "--env" },
      origin: here,
      key,
    });
  });

  test("without a key the error says what was asked for, why, and how to get it", () => {
    expect(() => resolveTarget(two, { ...given, profile: "a", env: "production" })).toThrow(
      expect.objectContaining({
        kind: "auth",
        message: "No credentials for a/production (profile from --profile, env from --env)",
        hint: "run `atoa login --profile a --env production`, or use --env sandbox, which has a token",
      }),
    );
  });

  test("a key that belongs to another origin is refused, with both ways out", () => {
    const elsewhere = { value: "http://127.0.0.1:4010", source: "ATOA_BASE_URL" };
    expect(() => resolveTarget(configOf({ a: profile("sandbox") }), { ...given, origin: elsewhere })).toThrow(
      expect.objectContaining({
        kind: "usage",
        message: expect.stringMatching(/belong to https:\/\/api\.atoa\.me.*127\.0\.0\.1:4010 \(from ATOA_BASE_URL\)/),
        hint: expect.stringContaining("unset ATOA_BASE_URL"),
      }),
    );
    const local = configOf({ a: { envs: { sandbox: { apiOrigin: elsewhere.value } } } });
    expect(resolveTarget(local, { ...given, origin: elsewhere }).key.apiOrigin).toBe(elsewhere.value);
    expect(() => resolveTarget(local, given)).toThrow(
      expect.objectContaining({ hint: expect.stringContaining(`set ATOA_BASE_URL=${elsewhere.value}`) }),
    );
    expect(() =>
      resolveTarget(local, { ...given, origin: { value: "http://localhost:4010", source: "ATOA_BASE_URL" } }),
    ).toThrow();
  });

  /** The contract's order, said again in other words: what a resolution must come to. */
  function oracle(
    config: Config,
    flag?: string,
    variable?: string,
    env?: Env,
  ): { kind: string } | { name: string; env: Env } {
    const chosen = flag ?? variable;
    if (config.profiles.size === 0 && chosen === undefined) return { kind: "auth" };
    const only = config.profiles.size === 1 ? [...config.profiles.keys()][0] : undefined;
    const name = chosen ?? config.activeProfile ?? only;
    if (name === undefined) return { kind: "usage" };
    const entry = config.profiles.get(name);
    if (entry === undefined) return { kind: "notFound" };
    const wanted = env ?? entry.defaultEnv ?? "sandbox";
    return entry.envs?.[wanted] === undefined ? { kind: "auth" } : { name, env: wanted };
  }

  test("for any profiles, flags, variables and config the stated order decides, or an error of the stated kind", () => {
    const names = fc.constantFrom("a", "b", "c", "constructor");
    const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });
    const envNames = fc.constantFrom<Env>("sandbox", "production");
    const entries = fc.record({ envs: fc.subarray<Env>(["sandbox", "production"]), defaultEnv: maybe(envNames) });
    const built = entries.map(
      ({ envs, defaultEnv }): Profile => ({ ...profile(...envs), ...(defaultEnv && { defaultEnv }) }),
    );
    const configs = fc
      .tuple(fc.dictionary(names, built), maybe(names))
      .map(([profiles, active]) => configOf(profiles, active));
    fc.assert(
      fc.property(configs, maybe(names), maybe(names), maybe(envNames), (config, flag, variable, env) => {
        const expected = oracle(config, flag, variable, env);
        const resolve = () =>
          resolveTarget(config, { profile: flag, env, environment: { ATOA_PROFILE: variable }, origin: here });
        if ("kind" in expected) expect(resolve).toThrow(expect.objectContaining(expected));
        else expect(resolve()).toMatchObject({ profile: { value: expected.name }, env: { value: expected.env } });
      }),
      { numRuns: 2000 },
    );
  });
});
