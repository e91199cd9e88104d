import { describe, expect, test } from "vitest";
import { type Config, emptyConfig, type Profile } from "../../../src/profiles/config";
import { assertProfileName, isProfileName, nameForLogin } from "../../../src/profiles/names";
import { givenName } from "../../../src/profiles/resolution";
import fc, { codePoint } from "../../random";

const configOf = (profiles: Record<string, Profile>, activeProfile?: string): Config => ({
  ...emptyConfig,
  activeProfile,
  profiles: new Map(Object.entries(profiles)),
});
const derive = (
  config: Config,
  displayName: string | undefined,
  businessId = "3d5e7f90-1a2b-4c3d-8e4f-506172839444",
  origin = "https://api.atoa.me",
) => nameForLogin(config, { businessId, displayName, env: "sandbox", origin });

describe("names", () => {
  test.each(["a", "acme", "acme-uk", "0", "a-1-b", "constructor", "x".repeat(64)])("%s is a name", (name) => {
    expect(isProfileName(name)).toBe(true);
    expect(() => assertProfileName(name)).not.toThrow();
  });
  test.each(["", "-a", "a-", "a--b", "Acme", "a b", "a:b", "../x", "__proto__", "é", "x".repeat(65), "a\n", "--help"])(
    "%j is not",
    (name) => {
      expect(() => assertProfileName(name)).toThrow(expect.objectContaining({ kind: "usage", field: "profile" }));
    },
  );
});

describe("the name of a login", () => {
  test.each([
    ["Example Shop", "example-shop"],
    ["Café Ünïon Ltd.", "cafe-union-ltd"],
    ["  A  &  B  ", "a-b"],
    ["株式会社", "business"],
    [undefined, "business"],
    ["x".repeat(80), "x".repeat(64)],
  ])("%j becomes %s", (businessName, name) => {
    expect(derive(emptyConfig, businessName)).toBe(name);
  });

  test("on a clash with another business the tail of the business id is added, and then a number", () => {
    const taken = configOf({ shop: { businessId: "other" } });
    expect(derive(taken, "Shop")).toBe("shop-839444");
    expect(derive(configOf({ shop: {}, "shop-839444": {} }), "Shop")).toBe("shop-839444-2");
  });

  test("a business that is paired already keeps its profile, the active one first", () => {
    const businessId = "3d5e7f90-1a2b-4c3d-8e4f-506172839444";
    const both = { renamed: { businessId }, ci: { businessId }, other: { businessId: "x" } };
    expect(derive(configOf(both), "Shop")).toBe("renamed");
    expect(derive(configOf(both, "ci"), "Shop")).toBe("ci");
    expect(derive(configOf(both, "other"), "Shop")).toBe("renamed");
  });

  test("a business that is paired with another server gets another profile", () => {
    const businessId = "3d5e7f90-1a2b-4c3d-8e4f-506172839444";
    const paired = { shop: { businessId, envs: { production: { apiOrigin: "http://127.0.0.1:4010" } } } };
    expect(derive(configOf(paired, "shop"), "Shop")).toBe("shop-839444");
    expect(derive(configOf(paired), "Shop", businessId, "http://127.0.0.1:4010")).toBe("shop");
  });

  test("a given name is --profile, else ATOA_PROFILE", () => {
    expect(givenName("ci", { ATOA_PROFILE: "x" })).toEqual({ value: "ci", source: "--profile" });
    expect(givenName(undefined, { ATOA_PROFILE: "ci" })).toEqual({ value: "ci", source: "ATOA_PROFILE" });
  });

  test("an empty ATOA_PROFILE is unset, an empty --profile is an error", () => {
    expect(givenName(undefined, { ATOA_PROFILE: " " })).toBeUndefined();
    expect(() => givenName(" ", {})).toThrow(expect.objectContaining({ kind: "usage" }));
  });

  test("any business name and any set of names gives a new allowed name", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: codePoint }),
        fc.string(),
        fc.array(fc.constantFrom("business", "a", "a-b", "b-2", "business-2")),
        (businessName, businessId, taken) => {
          const config = configOf(Object.fromEntries(taken.map((name) => [name, { businessId: "another business" }])));
          const value = derive(config, businessName, businessId);
          expect(isProfileName(value)).toBe(true);
          expect(config.profiles.has(value)).toBe(false);
        },
      ),
    );
  });
});
