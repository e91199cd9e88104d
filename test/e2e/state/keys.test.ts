import { chmodSync } from "node:fs";
import { join } from "node:path";
import { type Emulator, startEmulator } from "@atoapayments/atoa-cli/emulator";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { configOf, keyId, pairedHome, secretsOf } from "../pairing";
import { atoa, type Outcome, type RunOptions, temporaryFolder } from "../program";

/** Keys that end on the server: which one is meant, whose token is used, what is said when the clean-up here fails. */

const home = temporaryFolder();
let emulator: Emulator;

beforeAll(async () => {
  emulator = await startEmulator();
  return () => emulator.close();
});
beforeEach(async () => {
  emulator.reset({ keepTokens: false });
  await pairedHome(home, emulator, { acme: ["sandbox", "production"] });
  emulator.clearRequests();
});

function run(line: string, options: RunOptions = {}): Promise<Outcome> {
  return atoa(line.split(" "), {
    ...options,
    env: { ATOA_HOME: home, ATOA_BASE_URL: emulator.origin, ...options.env },
  });
}

/** Each request with the environment of the token that made it. */
const sent = () => emulator.requests().map(({ method, environment }) => `${method} ${environment}`);

describe("the id of a key that this machine holds", () => {
  it("is that key, with its own token, in keys revoke; and its token goes here too", async () => {
    const id = await keyId(emulator, "production");
    emulator.clearRequests();
    const revoked = await run(`keys revoke ${id} --yes`);
    expect(revoked.code, revoked.stderr).toBe(0);
    expect(revoked.stderr).toContain("Revoked the key of acme/production and removed it here");
    expect(sent()).toEqual(["DELETE production"]);
    expect(secretsOf(home)).toEqual({ "acme:sandbox": emulator.tokens.sandbox });
  });

  it("is that key in keys regenerate, whose new token is stored", async () => {
    const id = await keyId(emulator, "production");
    const before = emulator.tokens.production;
    emulator.clearRequests();
    const rotated = await run(`keys regenerate ${id} --yes`);
    expect(rotated.code, rotated.stderr).toBe(0);
    expect(sent()).toEqual(["POST production"]);
    const token = secretsOf(home)["acme:production"];
    expect(token).not.toBe(before);
    expect(rotated.stdout).toContain(token);
    expect((await run("whoami --env production")).code).toBe(0);
  });

  it.each(["keys revoke", "keys regenerate"])(
    "contradicts another --env or --profile: %s sends nothing",
    async (line) => {
      await pairedHome(home, emulator, { acme: ["sandbox", "production"], other: ["sandbox"] }, "acme");
      const id = await keyId(emulator, "production");
      const before = secretsOf(home);
      emulator.clearRequests();
      for (const flag of ["--env sandbox", "--profile other"]) {
        const refused = await run(`${line} ${id} ${flag} --yes`);
        expect(refused.code).toBe(3);
        expect(refused.stderr).toContain(`Key ${id} belongs to acme/production`);
      }
      expect(sent()).toEqual([]);
      expect(secretsOf(home)).toEqual(before);
    },
  );
});

describe("when the key is revoked and its token cannot be removed here", () => {
  const secrets = () => join(home, ".config/atoa/secrets.json");

  it.skipIf(process.platform === "win32").each(["keys revoke", "logout --revoke"])(
    "%s says both, and logout finishes it",
    async (line) => {
      emulator.fault("DELETE /api/cli/api-access/** latency=2000");
      const revoking = run(`${line} --env sandbox --yes`);
      while (!sent().includes("DELETE sandbox")) await new Promise((later) => setTimeout(later, 20));
      chmodSync(secrets(), 0o644);
      const { code, stderr } = await revoking;
      expect(code).toBe(1);
      expect(stderr).toContain(
        "The key was revoked on the server, but its token could not be removed here: Refusing to read",
      );
      expect(stderr).toContain("then run `atoa logout` to remove it");
      chmodSync(secrets(), 0o600);
      expect((await run("logout --env sandbox --yes")).code).toBe(0);
      expect(secretsOf(home)).toEqual({ "acme:production": emulator.tokens.production });
    },
  );
});

describe("--revoke", () => {
  it("talks to the server that each key was paired with", async () => {
    const other = await startEmulator();
    try {
      const env = { ATOA_BASE_URL: other.origin };
      await run("login --stdin --profile elsewhere", { stdin: other.tokens.sandbox, env });
      other.clearRequests();
      const reset = await run("reset --revoke --yes");
      expect(reset.code, reset.stderr).toBe(0);
      expect(sent()).toEqual(["DELETE sandbox", "DELETE production"]);
      expect(other.requests().map(({ method }) => method)).toEqual(["DELETE"]);
    } finally {
      await other.close();
    }
  });

  it("names a key that has no id, and exits with 1", async () => {
    emulator.fault('GET /api/cli/identity status=200 body={"merchantId":"m-9","businessName":"Quiet","env":"sandbox"}');
    await run("login --stdin --profile quiet --env sandbox", { stdin: "test-token-quiet" });
    const reset = await run("reset --revoke --yes");
    expect(reset.code).toBe(1);
    expect(reset.stderr).toContain("the key of quiet/sandbox was not revoked on the server (it has no stored id)");
    expect(configOf(home)).toEqual({});
  });

  it("says that nothing was revoked when the config cannot be read, and exits with 1", async () => {
    chmodSync(join(home, ".config/atoa/config.json"), 0o666);
    const reset = await run("reset --revoke --yes");
    expect(reset.code).toBe(1);
    expect(reset.stderr).toContain("no key was revoked on the server");
    expect(sent()).toEqual([]);
  });
});

describe("ATOA_TOKEN beside commands about stored keys", () => {
  const env = { ATOA_TOKEN: "test-token-of-this-run" };

  it.each([
    ["login --stdin", 1],
    ["logout --env sandbox --yes", 0],
    ["logout --env sandbox --revoke --yes", 1],
    ["reset --yes", 0],
    ["profile list", 0],
    ["profile show", 0],
    ["profile use acme", 0],
    ["profile set env=sandbox --yes", 0],
    ["profile rename acme shop --yes", 0],
    ["profile delete acme --yes", 0],
  ] as const)("%s ignores it with one notice", async (line, requests) => {
    const { code, stderr } = await run(line, { env, stdin: emulator.tokens.sandbox });
    expect(code, stderr).toBe(0);
    expect(stderr.split("\n").filter((text) => text.includes("ATOA_TOKEN"))).toEqual([
      "note: ATOA_TOKEN is ignored: this command works on stored keys",
    ]);
    // Each request is made with a key that the server knows.
    expect(sent()).toHaveLength(requests);
    expect(sent().join()).not.toContain("undefined");
    expect(JSON.stringify([configOf(home), secretsOf(home)])).not.toContain("of-this-run");
  });

  it.each(["keys revoke", "keys regenerate"])("%s needs an id", async (line) => {
    const { code, stderr } = await run(`${line} --env sandbox --yes`, { env });
    expect(code).toBe(3);
    expect(stderr).toContain("With ATOA_TOKEN set, the key id is required");
    expect(sent()).toEqual([]);
  });
});
