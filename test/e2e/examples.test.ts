import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { atoa, execute, root, temporaryFolder } from "./program";

/** What stands in examples/ does what it says, run as its readers run it. */
describe("examples", () => {
  it("the demo takes a payment, refunds it, and leaves nothing behind", async () => {
    const TMPDIR = temporaryFolder();
    const demo = await execute([join(root, "examples/demo.mjs")], { env: { TMPDIR } });
    expect(demo).toMatchObject({ code: 0, stderr: "" });
    for (const shown of ["atoa login --stdin", "COMPLETED", "night-1", "$? is 3", "Done in"]) {
      expect(demo.stdout).toContain(shown);
    }
    expect(readdirSync(TMPDIR)).toEqual([]);
  });

  it.each([
    ["webhook-receiver.mjs", "ATOA_TOKEN", {}],
    ["shop/server.mjs", "WEBHOOK_SECRET", { ATOA_API_TOKEN: "test-token-of-the-shop" }],
  ])("%s does not start without what it checks signatures with", async (name, variable, env) => {
    const ran = await execute([join(root, "examples", name)], { env });
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain(variable);
  });

  it("the receiver survives what is no event, and refuses what is not signed", async () => {
    const receiver = spawn(process.execPath, [join(root, "examples/webhook-receiver.mjs"), "0"], {
      env: { ...process.env, ATOA_TOKEN: "test-token-of-the-receiver" },
    });
    const [said] = await once(receiver.stdout.setEncoding("utf8"), "data");
    const url = /http:\S+/.exec(String(said))?.[0] ?? "";
    const statusOf = async (body: string) => (await fetch(url, { method: "POST", body })).status;
    expect(await statusOf("null")).toBe(400);
    expect(await statusOf("{")).toBe(400);
    expect(await statusOf("x".repeat(2_000_000)).catch(() => 400)).toBe(400);
    expect(await statusOf(JSON.stringify({ orderId: "o", paymentRequestId: "p", signatureHash: "00" }))).toBe(401);
    receiver.kill();
  });

  it("the shop's own test passes under the emulator", async () => {
    const shop = join(root, "examples/shop/shop.test.mjs");
    const test = await atoa(["emulator", "exec", "--", process.execPath, "--test", "--test-reporter=tap", shop]);
    expect(test.stdout).toContain("# pass 3");
    expect(test.code).toBe(0);
  });

  it("the vitest example passes under vitest", async () => {
    const folder = join(root, "examples/testing");
    const vitest = join(root, "node_modules/vitest/vitest.mjs");
    // Without a config of its own it would find this project's, further up; its cache must not be packed with the example.
    const own = temporaryFolder();
    const config = join(own, "vitest.config.mjs");
    writeFileSync(config, `export default { cacheDir: ${JSON.stringify(own)} };`);
    const argv = [vitest, "run", "--root", folder, "--config", config, "vitest.test.mjs"];
    const test = await execute(argv, { env: { NO_COLOR: "1" } });
    expect(test.stdout).toMatch(/Tests +2 passed \(2\)/);
    expect(test.code).toBe(0);
  });
});
