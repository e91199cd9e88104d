import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "atoa-lean-memory-"));
const bundled = join(folder, "lean-memory.cjs");
beforeAll(() => {
  buildSync({ entryPoints: ["src/api/lean-memory.ts"], outfile: bundled, format: "cjs", platform: "node" });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Makes compiled code in one process and tells whether another process accepts it. */
function keptCodeIsAccepted(...steps: string[]): boolean {
  const file = JSON.stringify(join(folder, "kept"));
  const start = `const vm = require("node:vm"), fs = require("node:fs"); const source = "(function () {})";
    const { spareMemory } = require(${JSON.stringify(bundled)});`;
  const make = `${start} const script = new vm.Script(source); ${steps.join(";")};
    fs.writeFileSync(${file}, script.createCachedData());`;
  const use = `${start} const script = new vm.Script(source, { cachedData: fs.readFileSync(${file}) });
    process.stdout.write(String(!script.cachedDataRejected));`;
  expect(execFileSync(process.execPath, ["-e", make], { stdio: "pipe" }).toString()).toBe("");
  return execFileSync(process.execPath, ["-e", use]).toString() === "true";
}

test("after a walk V8 is as it was: code that it keeps fits the next start", () => {
  expect(keptCodeIsAccepted()).toBe(true);
  expect(keptCodeIsAccepted("const restore = spareMemory()", "restore()")).toBe(true);
  // The check can fail: without putting the flags back, the code is refused.
  expect(keptCodeIsAccepted("spareMemory()")).toBe(false);
});
