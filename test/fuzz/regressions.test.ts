import { beforeAll, describe, expect, it } from "vitest";
import { Driver, paired, serve, token } from "./cases";

/** What the fuzz tests found once, each by its name. `run` holds all that holds for every case. */

describe("found by fuzzing", () => {
  let driver: Driver;
  let home: ReturnType<typeof paired>;
  beforeAll(async () => {
    const origin = await serve((_, response) => response.end("{}"));
    driver = new Driver({ ATOA_BASE_URL: origin, ATOA_SECRET_STORE: "file" });
    home = paired(origin);
  });

  it("a bad argument after -- was taken for a bug of the program", async () => {
    const { code, stderr } = await driver.run({ argv: ["webhooks", "trigger", "--", "--env"], ...home });
    expect(code).toBe(3);
    expect(stderr).toContain("must be one of PAYMENTS_STATUS");
  });

  it("autocomplete took what was piped in for the name of a shell", async () => {
    const { code } = await driver.run({ argv: ["autocomplete", "script"], stdin: "foo\n", ...home });
    expect(code).toBe(0);
  });

  it("a refusal repeated an id of a hundred kilobytes", async () => {
    const { code, stderr } = await driver.run({ argv: ["payments", "cancel", "{".repeat(100_000)], ...home });
    expect(code).toBe(3);
    expect(stderr).toContain("--yes is needed to cancel payment {{{");
    expect(stderr.length).toBeLessThan(2000);
  });

  it("half of a character in secrets.json stopped reset", async () => {
    for (const [code, argv] of [
      [1, ["reset", "--yes", "--revoke"]], // Its key may still be alive.
      [0, ["reset", "--yes"]],
    ] as const) {
      const outcome = await driver.run({ argv, config: home.config, secrets: '{"acme:sandbox":"\\ud800"}' });
      expect(outcome.code).toBe(code);
      expect(outcome.stderr).toContain("✓ Removed all profiles and tokens");
    }
  });

  it("half of a character in a webhook's password", async () => {
    const authentication = '{"type":"BASIC","username":"u","password":"\\ud800-12345678"}';
    const argv = ["webhooks", "create", "--url", "https://shop.example/h", "--event", "PAYMENTS_STATUS"];
    const { code } = await driver.run({ argv: [...argv, "--authentication", authentication], ...home });
    expect(code).toBe(0);
  });

  it("a blank for a token garbled every message", async () => {
    const { code, stderr } = await driver.run({
      argv: ["stores", "list"],
      config: home.config,
      secrets: '{"acme:sandbox":" "}',
    });
    expect(code).toBe(2);
    expect(stderr).not.toContain("REDACTED");
  });

  it("a token that a server's echo had put into the config was listed", async () => {
    const config = home.config.replace('"Acme"', JSON.stringify(token));
    const { stdout } = await driver.run({ argv: ["profile", "list"], config, secrets: home.secrets });
    expect(stdout).toContain("[REDACTED]");
  });

  it.each(["a".repeat(300), "a\u0000b"])("a name that no file can have, for --out: %j", async (name) => {
    const { code, stderr } = await driver.run({ argv: ["stores", "list", "--out", name], ...home });
    expect(code).toBe(3);
    expect(stderr).toMatch(/^error: --out /);
  });

  it("an escape sequence in the config reached the terminal in a warning", async () => {
    const config = home.config.replace(/"apiOrigin":"[^"]*"/, '"apiOrigin":"\\u001b[31m"');
    const { code, stderr } = await driver.run({ argv: ["reset", "--yes", "--revoke"], config, secrets: home.secrets });
    expect(code).toBe(1);
    expect(stderr).toContain("(its stored server is not an https origin)");
    expect(stderr).toContain("✓ Removed all profiles and tokens");
  });

  it("a config that was changed sent the token to another server in the clear", async () => {
    const config = home.config.replace(/"apiOrigin":"[^"]*"/, '"apiOrigin":"http://198.51.100.7"');
    const { code, stderr } = await driver.run({ argv: ["reset", "--yes", "--revoke"], config, secrets: home.secrets });
    expect(code).toBe(1);
    expect(stderr).toContain("(its stored server is not an https origin)");
  });
});
