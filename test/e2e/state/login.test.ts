import { spawn } from "node:child_process";
import { existsSync, mkdirSync, utimesSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { type Emulator, startEmulator } from "@atoapayments/atoa-cli/emulator";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { times } from "../../scale.mjs";
import { configOf, pairedHome, secretsOf } from "../pairing";
import { atoa, type Outcome, program, temporaryFolder } from "../program";

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
        new RegExp(
          `^✓ Logged in to Rosewood Market as profile rosewood-market \\(${env}\\) at ${emulator.origin}; token in `,
        ),
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
    emulator.fault(silent);
    const login = await logIn("", "test-token-of-quiet-ltd");
    expect(login.code).toBe(3);
    expect(login.stderr).toContain("--env sandbox or --env production");
    expect(configOf(home)).toEqual({});
    expect((await logIn("--env prod", "test-token-of-quiet-ltd")).code).toBe(0);
    expect(secretsOf(home)).toEqual({ "quiet-ltd:production": "test-token-of-quiet-ltd" });
  });
});

describe("the profile", () => {
  it("is --profile, then ATOA_PROFILE, then made from the business; each is the active one from then on, and it says so", async () => {
    const one = await logIn("--profile one", emulator.tokens.sandbox, { ATOA_PROFILE: "two" });
    expect(one.stderr).toContain("\nCommands now use one (sandbox)\nwarning: ATOA_PROFILE=two is set");
    await logIn("", emulator.tokens.sandbox, { ATOA_PROFILE: "two" });
    expect(Object.keys(secretsOf(home))).toEqual(["one:sandbox", "two:sandbox"]);
    expect(configOf(home)).toHaveProperty("activeProfile", "two");
  });

  it("is the one that the business has already, whose default env changes, and production is shouted", async () => {
    await logIn("--profile shop", emulator.tokens.sandbox);
    const { stderr } = await logIn("", emulator.tokens.production);
    expect(stderr).toContain("\nCommands now use shop (PRODUCTION)\n");
    expect(Object.keys(secretsOf(home))).toEqual(["shop:sandbox", "shop:production"]);
    expect(configOf(home)).toMatchObject({ activeProfile: "shop", profiles: { shop: { defaultEnv: "production" } } });
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

  it.each(["sandbox", "production"] as const)(
    "never holds the keys of two businesses, nor loses one to the other (%s)",
    async (environment) => {
      await logIn("--profile shop", emulator.tokens.sandbox);
      const { token } = emulator.mintToken({ environment, merchantId: "m-2", businessName: "Second Ltd" });
      for (const [line, env] of [
        ["--profile shop", {}],
        ["", { ATOA_PROFILE: "shop" }],
      ] as const) {
        const login = await logIn(line, token, env);
        expect(login.code).toBe(3);
        expect(login.stderr).toContain("Profile shop belongs to Rosewood Market, but this token belongs to Second Ltd");
        expect(login.stderr).toContain("--profile <name>");
        expect(secretsOf(home)).toEqual({ "shop:sandbox": emulator.tokens.sandbox });
      }
    },
  );

  it("holds a key of one server, which another server's never replaces", async () => {
    const other = await startEmulator();
    try {
      await logIn("--profile shop", emulator.tokens.sandbox);
      const refused = await logIn("--profile shop", other.tokens.sandbox, { ATOA_BASE_URL: other.origin });
      expect(refused.code).toBe(3);
      expect(refused.stderr).toContain(`belong to ${emulator.origin}, but this token belongs to ${other.origin}`);
      expect(refused.stderr).toContain("atoa logout --profile shop --env sandbox");
      // Without a name it gets a profile of its own.
      const beside = await logIn("", other.tokens.sandbox, { ATOA_BASE_URL: other.origin });
      expect(beside.code, beside.stderr).toBe(0);
      expect(secretsOf(home)).toEqual({
        "shop:sandbox": emulator.tokens.sandbox,
        "rosewood-market:sandbox": other.tokens.sandbox,
      });
    } finally {
      await other.close();
    }
  });

  it("of version 0.1 with a name of its own is usable everywhere, in the commands that errors print too", async () => {
    const folder = join(home, ".config/atoa");
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const envs = { sandbox: { tokenFingerprint: "none", apiOrigin: emulator.origin } };
    const config = { schemaVersion: 1, profiles: { "Acme UK": { businessId: emulator.merchantId, envs } } };
    writeFileSync(join(folder, "config.json"), JSON.stringify(config), { mode: 0o600 });
    const env = { ATOA_HOME: home, ATOA_BASE_URL: emulator.origin };
    const missing = await atoa(["whoami"], { env });
    expect(missing.code).toBe(2);
    expect(missing.stderr).toContain("run `atoa login --profile 'Acme UK' --env sandbox`");
    const login = await atoa(["login", "--stdin", "--profile", "Acme UK", "--env", "sandbox"], {
      env,
      stdin: emulator.tokens.sandbox,
    });
    expect(login.code, login.stderr).toBe(0);
    for (const argv of [
      ["whoami"],
      ["profile", "show", "Acme UK"],
      ["profile", "set", "env=sandbox", "--profile", "Acme UK", "--yes"],
    ]) {
      expect((await atoa(argv, { env })).code, argv.join(" ")).toBe(0);
    }
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
    emulator.fault("GET /api/payments/stores echo-token");
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

  it("that could not be checked keeps the advice of that failure: there is nothing wrong with it", async () => {
    emulator.fault("GET /api/cli/identity status=503 times=1");
    const failing = await logIn("", emulator.tokens.sandbox);
    const unreachable = await logIn("", emulator.tokens.sandbox, { ATOA_BASE_URL: "http://127.0.0.1:1" });
    expect([failing.code, unreachable.code]).toEqual([1, 6]);
    for (const { stderr } of [failing, unreachable]) expect(stderr).not.toContain("copy it again");
    expect(unreachable.stderr).toContain("127.0.0.1:1");
    expect((await logIn("", "test-token-nobody-knows")).stderr).toContain("copy it again");
  });

  it("of a business whose name or id is megabytes fills neither the screen nor the config", async () => {
    const huge = "x".repeat(17_000_000);
    const answer = (facts: object) =>
      emulator.fault({
        method: "GET",
        path: "/api/cli/identity",
        kind: "status",
        times: 1,
        status: 200,
        body: facts,
      });
    answer({ merchantId: "m-1", businessName: huge });
    const login = await logIn("--profile huge --env sandbox", "test-token-huge");
    expect(login.code, login.stderr.slice(0, 500)).toBe(0);
    expect(login.stderr.length).toBeLessThan(2_000);
    expect(JSON.stringify(configOf(home)).length).toBeLessThan(2_000);
    for (const facts of [{ merchantId: huge }, { merchantId: "m-1", key: { sdkAccessId: huge } }]) {
      answer({ businessName: "Huge", ...facts });
      const refused = await logIn("--profile refused --env sandbox", "test-token-huge");
      expect(refused.code).toBe(1);
      expect(refused.stderr).toContain("longer than 200 characters");
    }
    expect(Object.keys(secretsOf(home))).toEqual(["huge:sandbox"]);
  });

  it("replaces the one before", async () => {
    await logIn("--profile shop", emulator.tokens.sandbox);
    const { token } = emulator.mintToken({ environment: "sandbox", merchantId: emulator.merchantId });
    expect((await logIn("--profile shop", token)).code).toBe(0);
    expect(secretsOf(home)).toEqual({ "shop:sandbox": token });
  });
});

it("logins of different profiles at the same time lose none", { timeout: 180_000 }, async () => {
  const names = Array.from({ length: times(100, 8) }, (_, index) => `shop-${index}`);
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

it("logins of businesses with one name at the same time get a profile each", { timeout: 180_000 }, async () => {
  const tokens = Array.from({ length: times(60, 5) }, (_, index) => `test-token-of-namesake-${index}`);
  // Tells nobody who they are before all have asked: so all of them choose a name at the same moment.
  const asking: (() => void)[] = [];
  const server = createServer(({ headers: { authorization = "" } }, response) => {
    const merchantId = `business-${authorization.split("-").at(-1)}`;
    asking.push(() => response.end(JSON.stringify({ merchantId, businessName: "Acme", env: "sandbox" })));
    if (asking.length === tokens.length) for (const answer of asking) answer();
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const ATOA_BASE_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const env = { ATOA_HOME: home, ATOA_BASE_URL, ATOA_TIMEOUT: "170" };
  const logins = await Promise.all(
    tokens.map((stdin) => atoa(["login", "--stdin", "--env", "sandbox"], { stdin, env, limit: 175_000 })),
  );
  server.close();
  expect(logins.filter(({ code }) => code !== 0).map(({ stderr }) => stderr)).toEqual([]);
  expect(Object.values(secretsOf(home)).sort()).toEqual([...tokens].sort());
  const { profiles } = configOf(home) as { profiles: Record<string, { businessId: string }> };
  expect(new Set(Object.values(profiles).map(({ businessId }) => businessId)).size).toBe(tokens.length);
});

const later = (ms: number) => new Promise((done) => setTimeout(done, ms));

describe("keys regenerate, when the new token cannot be stored", () => {
  const paired = () => pairedHome(home, emulator, { acme: ["sandbox"] });
  const env = () => ({ ATOA_HOME: home, ATOA_BASE_URL: emulator.origin });

  it("does not rotate, when that is seen beforehand", async () => {
    await paired();
    emulator.clearRequests();
    mkdirSync(join(home, ".config/atoa/secrets.json.lock"));
    mkdirSync(join(home, ".config/atoa/secrets.json.lock-owner/in-the-way"), { recursive: true });
    utimesSync(join(home, ".config/atoa/secrets.json.lock"), 1, 1);
    const rotation = await atoa(["keys", "regenerate", "--yes"], { env: env() });
    expect(rotation.code, rotation.stderr).toBe(1);
    expect(emulator.requests()).toEqual([]);
    expect(rotation.stdout).toBe("");
  });

  /** Takes the lock away while the server rotates, as another atoa does when this one was suspended for long. */
  async function loseTheLock(): Promise<void> {
    const owner = join(home, ".config/atoa/secrets.json.lock-owner");
    while (!existsSync(owner)) await later(5);
    await later(3000); // It proves that it can write, and sends; the response takes longer than this.
    writeFileSync(owner, "another");
  }

  it("prints it all the same, warns, and exits 1", async () => {
    await paired();
    const before = emulator.tokens.sandbox;
    emulator.fault("POST /api/cli/api-access/** latency=5000");
    const [rotation] = await Promise.all([atoa(["keys", "regenerate", "--yes"], { env: env() }), loseTheLock()]);
    expect(rotation.code, rotation.stderr).toBe(1);
    const token = Object.values(JSON.parse(rotation.stdout) as Record<string, string>).find((value) =>
      value.startsWith("test-token"),
    );
    expect(token).toMatch(/^test-token-sandbox/);
    expect(token).not.toBe(before);
    expect(rotation.stderr).toMatch(
      /^error: The key of acme\/sandbox was rotated, but its new token could not be stored: Lost the lock .* — keep the token printed on stdout and run `atoa login --profile acme --env sandbox` with it\n$/,
    );
    expect(rotation.stderr).not.toContain(token);
  });

  it("says that it is lost when it could not be shown either", async () => {
    await paired();
    emulator.fault("POST /api/cli/api-access/** latency=5000");
    const child = spawn(process.execPath, [program, "keys", "regenerate", "--yes"], {
      env: { ...env(), PATH: process.env.PATH },
      stdio: ["ignore", "pipe", "pipe"],
    });
    child.stdout.destroy(); // Its reader is gone.
    let stderr = "";
    child.stderr.setEncoding("utf8").on("data", (part) => (stderr += part));
    const [code] = await Promise.all([new Promise((ended) => child.on("close", ended)), loseTheLock()]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/could not be stored: Lost the lock.*, nor shown — revoke the key in the Atoa dashboard/s);
  });

  it("does not speak of a token on stdout when the server sent none", async () => {
    await paired();
    emulator.fault("POST /api/cli/api-access/** status=200 body={}");
    const rotation = await atoa(["keys", "regenerate", "--yes"], { env: env() });
    expect(rotation.code).toBe(1);
    expect(rotation.stderr).toContain("was probably rotated, but its new token was not received");
    expect(rotation.stderr).not.toContain("stdout");
  });
});
