import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Emulator, startEmulator } from "@atoapayments/atoa-cli/emulator";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { pairedHome } from "../pairing";
import { atoa, temporaryFolder } from "../program";
import { hasTerminal, sit } from "./terminal";

/** `payments create --qr`, `--open` and `--wait`: scanned, opened, followed. */

const home = temporaryFolder();
const create = ["payments", "create", "--amount", "4.50", "--orderId", "till-17"];
let emulator: Emulator;
const env = () => ({ ATOA_HOME: home, ATOA_BASE_URL: emulator.origin });

beforeAll(async () => {
  emulator = await startEmulator();
  return () => emulator.close();
});

beforeEach(async () => {
  emulator.reset({ keepTokens: false });
  await pairedHome(home, emulator, { acme: ["sandbox"] });
  emulator.clearRequests();
});

describe("--qr", () => {
  it("draws the page's code on stderr, and stdout is the response alone", async () => {
    const { code, stdout, stderr } = await atoa([...create, "--qr"], { env: env() });
    expect(code).toBe(0);
    const { paymentUrl } = JSON.parse(stdout);
    expect(stderr).toContain(paymentUrl);
    expect(stderr.split("\n").filter((line) => /[█▀▄]/.test(line)).length).toBeGreaterThan(15);
  });
});

describe("--wait", () => {
  it("names the page on stderr and prints how the payment ended", async () => {
    const run = atoa([...create, "--wait"], { env: env() });
    const id = await newPayment();
    emulator.approve(id);
    const { code, stdout, stderr } = await run;
    expect(code).toBe(0);
    expect(stderr).toContain(`Waiting for payment ${id} at ${emulator.origin}/pay/${id}`);
    expect(JSON.parse(stdout)).toMatchObject({ paymentRequestId: id, status: "COMPLETED" });
  }, 30_000);

  it("a payment request that cannot be followed was still created, and the error says so", async () => {
    emulator.fault("GET /api/payments/v1/payment-status/* status=404");
    const { code, stderr } = await atoa([...create, "--wait"], { env: env() });
    expect(code).toBe(4);
    expect(stderr).toMatch(/error: Payment request [0-9a-f-]{36} was created, but waiting for it failed: /);
    expect(stderr).toMatch(/— continue with `atoa payments status [0-9a-f-]{36} --poll`/);
  });

  it("sends nothing in a dry run", async () => {
    const { code, stdout } = await atoa([...create, "--wait", "--qr", "--dryRun"], { env: env() });
    expect({ code, method: JSON.parse(stdout).method }).toEqual({ code: 0, method: "POST" });
    expect(emulator.requests()).toEqual([]);
  });
});

describe("--open", () => {
  it("without a terminal is refused before anything is sent", async () => {
    const { code, stderr } = await atoa([...create, "--open"], { env: env() });
    expect(code).toBe(3);
    expect(stderr).toContain("error: --open needs a terminal — leave it out in scripts");
    expect(emulator.requests()).toEqual([]);
  });

  it.runIf(hasTerminal)("starts BROWSER with the page and without a token", async () => {
    const seen = join(home, "seen");
    const browser = join(home, "browser");
    writeFileSync(browser, `#!/bin/sh\n{ echo "$@"; env; } > '${seen}.part' && mv '${seen}.part' '${seen}'\n`);
    chmodSync(browser, 0o755);
    const token = emulator.tokens.sandbox;
    const own = { ...env(), ATOA_HOME: join(home, "nobody"), ATOA_TOKEN: token, BROWSER: `${browser} --new-window` };
    const { code, screen } = await sit([...create, "--open"], [], { env: own });
    expect(code).toBe(0);
    await expect.poll(() => existsSync(seen)).toBe(true);
    const [argv = "", ...variables] = readFileSync(seen, "utf8").split("\n");
    expect(argv).toMatch(/^--new-window http:\/\/127\.0\.0\.1:\d+\/pay\/[0-9a-f-]{36}$/);
    expect(screen).toContain("Opened http://");
    expect(variables.join("\n")).not.toContain(token);
  });

  it.runIf(hasTerminal)("says what to do where there is no browser", async () => {
    const { code, screen } = await sit([...create, "--open"], [], { env: { ...env(), BROWSER: "/no/such/browser" } });
    expect(code).toBe(0);
    expect(screen).toMatch(/could not start \/no\/such\/browser \(ENOENT\)/);
  });
});

/** Id of the payment that the running command has made. */
async function newPayment(): Promise<string> {
  let id = "";
  await expect
    .poll(() => {
      const asked = emulator.requests().find(({ method, path }) => method === "GET" && path.includes("payment-status"));
      id = asked?.path.split("/").at(-1)?.split("?")[0] ?? "";
      return id;
    })
    .not.toBe("");
  return id;
}
