import { spawnSync } from "node:child_process";
import { openSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { program } from "./program";

/** What bin/run.js answers by itself, into a place that takes nothing. */
describe.runIf(process.platform === "linux")("output that cannot be written", () => {
  it.each([["--version"], ["whoami", "--help"]])("%s says so and exits 1", (...argv) => {
    const stdio = ["ignore", openSync("/dev/full", "w"), "pipe"] as const;
    // A character device is taken for a terminal, whose help is not the ready page: both ways must notice.
    const { status, stderr } = spawnSync(process.execPath, [program, ...argv], { stdio: [...stdio], encoding: "utf8" });
    expect(stderr).toMatch(/^error: Cannot write the output \(.*\) — /);
    expect(status).toBe(1);
  });
});
