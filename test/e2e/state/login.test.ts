import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Emulator, startEmulator } from "../../../src/emulator/index";
import { times } from "../../scale.mjs";
import { configOf, pairedHome, secretsOf } from "../pairing";
import { atoa, type Outcome, temporaryFolder } from "../program";

/** Which profile and environment a login pairs, what it refuses, and that none is lost when many come at once. */

const home = temporaryFolder();
let emulator: Emulator;

beforeAll(async () => {
  emulator = await startEmulator();
  return () => emulator.close();
});
beforeEach(async () => {
  emulator.reset({ keepTokens: false });
  await pairedHome(home, emulator, {});
});

function logIn(line: string, stdin: string, env: Record<string, string> = {}): Promise<Outcome> {
  const argv = ["login", "--stdin", ...line.split(" ").filter((word) => word !== "")];
  return atoa(argv, { stdin, env: { ATOA_HOME: home, ATOA_BASE_URL: emulator.origin, ...env } });
}

const silent = 'GET /api/cli/identity status=200 body={"merchantId":"m-1","businessName":"Quiet Ltd"}';

describe("the environment", () => {
  it.each(["sandbox", "production"] as const)(
    "is the one that the server says the %s token belongs to",
    async (env) => {
      const login = await logIn("", emulator.tokens[env]);
      expect(login).toMatchObject({ code: 0, stdout: "" });
      expect(login.stderr).toMatch(
        new RegExp(`^✓ Logged in to Rosewood Market as profile rosewood-market \\(${env}\\); token in `),
      );
      expect(secretsOf(home)).toEqual({ [`rosewood-market:${env}`]: emulator.tokens[env] });
      expect(configOf(home)).toMatchObject({
        schemaVersion: 1,
        activeProfile: "rosewood-market",
        profiles: {
          "rosewood-market": { defaultEnv: env, envs: { [env]: { apiOrigin: emulator.origin, store: "file" } } },
        },
      });
    },
  );

  it.each([
    ["sandbox", "production"],
    ["production", "sandbox"],
  ] as const)("of a %s token cannot be called %s", async (actual, picked) => {
    const login = await logIn(`--env ${picked}`, emulator.tokens[actual]);
    expect(login.code).toBe(3);
    expect(login.stderr).toContain(`error: this token belongs to ${actual} but you picked ${picked} — `);
    expect(configOf(home)).toEqual({});
  });

  it("has to be named when the server does not say", async () => {
    emulator.addFault(silent);
    const login = await logIn("", "test-token-of-quiet-ltd");
    expect(login.code).toBe(3);
    expect(login.stderr).toContain("--env sandbox or --env production");
    expect(configOf(home)).toEqual({});
    expect((await logIn("--env prod", "test-token-of-quiet-ltd")).code).toBe(0);
    expect(secretsOf(home)).toEqual({ "quiet-ltd:production": "test-token-of-quiet-ltd" });
  });
});

describe("the profile", () => {
  it("is --profile, then ATOA_PROFILE, then made from the business; only the last is made active", async () => {
    await logIn("--profile one", emulator.tokens.sandbox, { ATOA_PROFILE: "two" });
    await logIn("", emulator.tokens.sandbox, { ATOA_PROFILE: "two" });
    expect(Object.keys(secretsOf(home))).toEqual(["one:sandbox", "two:sandbox"]);
    expect(configOf(home)).not.toHaveProperty("activeProfile");
  });

  it("is the one that the business has already", async () => {
    await logIn("--profile shop", emulator.tokens.sandbox);
    await logIn("", emulator.tokens.production);
    expect(Object.keys(secretsOf(home))).toEqual(["shop:sandbox", "shop:production"]);
    expect(configOf(home)).toMatchObject({ profiles: { shop: { defaultEnv: "sandbox" } } });
  });

  it("of another business of the same name gets another name", async () => {
    await logIn("", emulator.tokens.sandbox);
    const { token } = emulator.mintToken({
      environment: "sandbox",
      merchantId: "0000-other-business-7777",
      businessName: emulator.businessName,
    });
    await logIn("", token);
    const [first, second] = Object.keys((configOf(home) as { profiles: object }).profiles);
    expect(first).toBe("rosewood-market");
    expect(second).toMatch(/^rosewood-market-\w+$/);
  });

  it("never holds the keys of two businesses", async () => {
    await logIn("--profile shop", emulator.tokens.sandbox);
    const { token } = emulator.mintToken({ environment: "production", merchantId: "m-2", businessName: "Second Ltd" });
    const login = await logIn("--profile shop", token);
    expect(login.code).toBe(3);
    expect(login.stderr).toContain("Profile shop belongs to Rosewood Market, and this token to Second Ltd");
    expect(Object.keys(secretsOf(home))).toEqual(["shop:sandbox"]);
  });
});

describe("the token", () => {
  it.each(["  %s\n", "%s\r\n", "\t%s"])("is taken without the blanks around it: %j", async (form) => {
    expect((await logIn("", form.replace("%s", emulator.tokens.sandbox))).code).toBe(0);
    expect(Object.values(secretsOf(home))).toEqual([emulator.tokens.sandbox]);
  });

  it("of 8192 characters is taken, and hidden like any other", async () => {
    const token = `test-token-${"x".repeat(8181)}`;
    emulator.mintToken({ environment: "sandbox", token, merchantId: "m-3", businessName: "Long Ltd" });
    const login = await logIn("", token);
    expect(login.code, login.stderr.slice(0, 300)).toBe(0);
    emulator.addFault("GET /api/payments/stores echo-token");
    const { stdout, stderr } = await atoa(["stores", "list"], {
      env: { ATOA_HOME: home, ATOA_BASE_URL: emulator.origin },
    });
    expect(stdout + stderr).not.toContain("x".repeat(20));
  });

  it("that the server does not know is not stored", async () => {
    const login = await logIn("", "test-token-nobody-knows");
    expect(login.code).toBe(2);
    expect(configOf(home)).toEqual({});
  });

  it("replaces the one before", async () => {
    await logIn("--profile shop", emulator.tokens.sandbox);
    const { token } = emulator.mintToken({ environment: "sandbox", merchantId: emulator.merchantId });
    expect((await logIn("--profile shop", token)).code).toBe(0);
    expect(secretsOf(home)).toEqual({ "shop:sandbox": token });
  });
});

it("logins of different profiles at the same time lose none", { timeout: 180_000 }, async () => {
  const names = Array.from({ length: times(100, 12) }, (_, index) => `shop-${index}`);
  const logins = await Promise.all(
    names.map((name) =>
      atoa(["login", "--stdin", "--env", "sandbox", "--profile", name], {
        stdin: emulator.tokens.sandbox,
        env: { ATOA_HOME: home, ATOA_BASE_URL: emulator.origin },
        limit: 170_000,
      }),
    ),
  );
  expect(logins.filter(({ code }) => code !== 0).map(({ stderr }) => stderr)).toEqual([]);
  expect(Object.keys(secretsOf(home)).sort()).toEqual(names.map((name) => `${name}:sandbox`).sort());
  expect(Object.keys((configOf(home) as { profiles: object }).profiles).sort()).toEqual([...names].sort());
});

describe("keys regenerate, when the new token cannot be stored", () => {
  it("prints it all the same, warns, and exits 1", async () => {
    await pairedHome(home, emulator, { acme: ["sandbox"] });
    // A folder in the way of the file that every change is first written to; even root cannot write through it.
    mkdirSync(join(home, ".config/atoa/journal.json/in-the-way"), { recursive: true });
    const rotation = await atoa(["keys", "regenerate", "--yes"], {
      env: { ATOA_HOME: home, ATOA_BASE_URL: emulator.origin },
    });
    expect(rotation.code).toBe(1);
    const token = Object.values(JSON.parse(rotation.stdout) as Record<string, string>).find((value) =>
      value.startsWith("test-token"),
    );
    expect(token).toMatch(/^test-token-sandbox/);
    expect(token).not.toBe(emulator.tokens.sandbox);
    expect(rotation.stderr).toMatch(
      /^error: The key of acme\/sandbox was rotated, but its new token could not be stored: .* — keep the token printed on stdout and run `atoa login --profile acme --env sandbox` with it\n$/,
    );
    expect(rotation.stderr).not.toContain(token);
  });
});
