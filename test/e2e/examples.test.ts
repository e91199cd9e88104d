import { readdirSync } from "node:fs";
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

  it("the shop's own test passes under the emulator", async () => {
    const shop = join(root, "examples/shop/shop.test.mjs");
    const test = await atoa(["emulator", "exec", "--", process.execPath, "--test", "--test-reporter=tap", shop]);
    expect(test.stdout).toContain("# pass 3");
    expect(test.code).toBe(0);
  });
});
