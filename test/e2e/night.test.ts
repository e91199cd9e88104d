import type { ChildProcess } from "node:child_process";
import { openSync } from "node:fs";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { stateFiles, writeStateFiles } from "./pairing";
import { command, program, type Rig, rig, temporaryFolder } from "./program";

/** What a script of the night may meet: it must never take a refund that was made for one that was not. */

let shop: Rig;
beforeAll(async () => {
  shop = await rig();
  await shop.login("acme", "sandbox");
});
beforeEach(() => {
  shop.emulator.clearFaults();
  shop.emulator.clearRequests();
});

const refund = ["refunds", "create", "--paymentRequestId", "pr_abc123", "--amount", "1.00", "--yes"];

describe("a refund that was made", () => {
  it.runIf(process.platform === "linux")("but cannot be printed says so, with the key to see it", async () => {
    const { code, stderr } = await shop.run(refund, { stdout: openSync("/dev/full", "w") });
    expect(code).toBe(1);
    expect(stderr).toContain("The request was carried out, but its response could not be shown");
    expect(stderr).toMatch(/--idempotencyKey [0-9a-f-]{36}/);
  });

  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ] as const)("while %s came says that it may have happened, and ends with %d", async (signal, code) => {
    shop.emulator.fault("POST /api/refund hang-after-commit 1");
    const whileRunning = async (child: ChildProcess) => {
      await expect.poll(() => shop.emulator.requests().length, { timeout: 10_000 }).toBe(1);
      child.kill(signal);
    };
    const ended = await shop.run(refund, { whileRunning });
    expect(ended.code).toBe(code);
    expect(ended.stderr).toMatch(/may still have been processed — .*--idempotencyKey [0-9a-f-]{36}/);
  });
});

describe("what would have misled it", () => {
  it("a poll that cannot reach the server says why at once", async () => {
    const away = { ATOA_BASE_URL: "http://127.0.0.1:1", ATOA_HOME: temporaryFolder() };
    const { sandbox } = shop.emulator.tokens;
    writeStateFiles(away.ATOA_HOME, stateFiles(away.ATOA_BASE_URL, sandbox));
    const polled = await shop.run(["payments", "status", "pr_1", "--poll"], { env: away });
    expect(polled).toMatchObject({ code: 6, stdout: "" });
  });

  it("a dry run refuses the limits that the real run would refuse", async () => {
    const bad = { env: { ATOA_TIMEOUT: "abc" } };
    expect((await shop.run(["stores", "list", "--dryRun"], bad)).code).toBe(3);
    expect((await shop.run(["stores", "list"], bad)).code).toBe(3);
  });

  it("a dry run of a walk shows its first request, and checks it", async () => {
    const walk = ["get", "/api/customers", "--pageAll", "--dryRun"];
    expect(JSON.parse((await shop.run(walk)).stdout).query).toEqual({ page: "0", size: "20" });
    expect((await shop.run([...walk, "-d", "page=-1"])).code).toBe(3);
  });

  it("a log-out revokes the key where it was paired, whatever ATOA_BASE_URL says", async () => {
    const own = await rig();
    await own.login("acme", "sandbox");
    own.emulator.clearRequests();
    const out = await own.run(["logout", "--revoke", "--yes"], { env: { ATOA_BASE_URL: "http://localhost:1" } });
    expect(out).toMatchObject({ code: 0, stdout: "" });
    expect(own.emulator.requests()).toMatchObject([
      { method: "DELETE", path: expect.stringMatching(/^\/api\/cli\/api-access\//) },
    ]);
  });

  it("a key that was rotated without an answer says how to get out", async () => {
    const own = await rig();
    await own.login("acme", "sandbox");
    own.emulator.fault("POST /api/cli/api-access/*/regenerate reset-after-commit 1");
    const rotated = await own.run(["keys", "regenerate", "--yes"]);
    expect(rotated.stderr).toContain("was probably rotated");
    expect(rotated.stderr).toContain("atoa login --profile acme --env sandbox");
    expect(rotated.code).not.toBe(0);
  });

  it.each([["login", "LONG"], ["login", "--stdin", "LONG"], ["whoami", "--token=LONG"], ["whoami", "LONG"], ["LONG"]])(
    "a token typed in the wrong place is not printed back: %s %s",
    async (...argv) => {
      const token = shop.emulator.tokens.sandbox;
      const typed = argv.filter((word) => word !== undefined).map((word) => word.replace("LONG", token));
      const { code, stdout, stderr } = await shop.run(typed, { tokenTyped: true });
      expect(code).toBe(3);
      expect(stderr).toMatch(/^error: /);
      expect(stdout + stderr).not.toContain(token);
    },
  );

  it.skipIf(process.platform === "win32")("stdin without an end is refused, not read into memory", async () => {
    const line = `exec "$0" "$1" post /api/something --data - --dryRun < /dev/zero`;
    const endless = await command("sh", ["-c", line, process.execPath, program], { env: shop.env });
    expect(endless).toMatchObject({ code: 3, stdout: "" });
    expect(endless.stderr).toMatch(/^error: --data: stdin holds more than 64 MiB/);
  });

  it("an @file without an end is refused, not read into memory", async () => {
    const endless = await shop.run(["post", "/api/something", "--data", "@/dev/zero", "--dryRun"]);
    expect(endless).toMatchObject({ code: 3, stdout: "" });
    expect(endless.stderr).toContain("/dev/zero holds more than 64 MiB");
  });
});
