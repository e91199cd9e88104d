import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "./typing";

/** PowerShell is on GitHub's machines and on few others; elsewhere its script is only read. */

const script = readFileSync(join(root, "src/completion/scripts/atoa.ps1"), "utf8");
const windows = process.platform === "win32";
const folders = (process.env.PATH ?? "").split(delimiter);
const found = ["pwsh", "powershell"].filter((name) =>
  folders.some((folder) => existsSync(join(folder, windows ? `${name}.exe` : name))),
);
if (found.length === 0) process.stdout.write("not driving PowerShell: it is not here\n");

describe("the script for PowerShell", () => {
  it("is ASCII, since Windows PowerShell 5 reads files without a mark as ANSI", () => {
    expect(script).toMatch(/^[\n\x20-\x7e]+$/);
  });

  it("uses nothing that Windows PowerShell 5 lacks", () => {
    expect(script).not.toMatch(/\?\?|\?\.|&&|\|\||\bternary\b|-Parallel|\$\w+ \? /);
  });

  it.each(found)("completes in %s", (shell) => {
    const run = join(root, "bin/run.js");
    const program = `
      function atoa { & '${process.execPath}' '${run}' @args }
      ${script}
      foreach ($line in 'atoa pay', 'atoa --env ', 'atoa --env=pro', 'atoa completion p') {
        (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText -join ','
      }`;
    const lines = execFileSync(shell, ["-NoProfile", "-NonInteractive", "-Command", program], { encoding: "utf8" });
    expect(lines.trim().split(/\r?\n/)).toEqual([
      "payment-methods,payments,payouts",
      "sandbox,production",
      "--env=production",
      "pwsh",
    ]);
  });
});
