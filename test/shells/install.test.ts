import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { needs } from "../needs";
import { root } from "./typing";

/** `atoa completion --install`, and then the shell itself is asked whether it has it. */

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "atoa-install-"));
  // fish only looks for completions of programs that are there.
  mkdirSync(join(home, "bin"));
  symlinkSync(join(root, "bin/run.js"), join(home, "bin/atoa"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

function environment(): Record<string, string> {
  return { PATH: `${join(home, "bin")}:${process.env.PATH}`, HOME: home };
}

function atoa(shell: string, ...argv: string[]) {
  const env = { ...environment(), SHELL: `/bin/${shell}` };
  return spawnSync(process.execPath, [join(root, "bin/run.js"), "completion", ...argv], {
    env,
    encoding: "utf8",
    input: "",
  });
}

const asked: readonly { shell: string; file: string; question: readonly string[]; answer: RegExp }[] = [
  { shell: "bash", file: ".bashrc", question: ["-ic", "complete -p atoa"], answer: /-F _atoa_complete atoa/ },
  { shell: "zsh", file: ".zshrc", question: ["-ic", "print -r -- $_comps[atoa]"], answer: /^_atoa$/m },
  {
    shell: "fish",
    file: ".config/fish/completions/atoa.fish",
    question: ["-c", "complete -C 'atoa ' >/dev/null; complete -c atoa"],
    answer: /__atoa_complete/,
  },
];

for (const { shell, file, question, answer } of asked) {
  const known = file === ".bashrc" && process.platform === "darwin" ? ".bash_profile" : file;
  describe.runIf(needs(shell))(`in ${shell}`, () => {
    const ask = () =>
      execFileSync(shell, [...question], {
        env: environment(),
        encoding: "utf8",
        stdio: "pipe",
      });

    it("says how, asks first, installs, and goes again", () => {
      expect(atoa(shell)).toMatchObject({ status: 0, stderr: "" });
      expect(atoa(shell).stdout).toContain(`atoa completion ${shell} >`);
      const refused = atoa(shell, "--install");
      expect(refused.status).toBe(3);
      expect(refused.stderr).toContain("--yes");
      expect(atoa(shell, "--install", "--yes")).toMatchObject({ status: 0, stdout: "" });
      expect(ask()).toMatch(answer);
      expect(atoa(shell, "--uninstall", "--yes").status).toBe(0);
      expect(spawnSync(shell, [...question], { env: environment(), encoding: "utf8" }).stdout).not.toMatch(answer);
    });

    it("leaves what else is in the file", () => {
      if (file.includes("fish")) return expect(atoa(shell, "--uninstall", "--yes").stderr).toContain("✓ Not in");
      const before = "# caf\u00e9\nexport A=1 # no line break at the end";
      writeFileSync(join(home, known), before);
      atoa(shell, "--install", "--yes");
      expect(readFileSync(join(home, known), "utf8").startsWith(before)).toBe(true);
      atoa(shell, "--install", "--yes");
      expect(readFileSync(join(home, known), "utf8").split(">>> atoa").length).toBe(2);
      atoa(shell, "--uninstall", "--yes");
      expect(readFileSync(join(home, known), "utf8")).toBe(before);
    });
  });
}

describe.skipIf(process.platform === "win32")("a home where nothing can be written", () => {
  const install = (HOME: string, shell: string) =>
    spawnSync(process.execPath, [join(root, "bin/run.js"), "completion", "--install", "--yes"], {
      env: { PATH: process.env.PATH, HOME, SHELL: `/bin/${shell}` },
      encoding: "utf8",
      input: "",
      timeout: 20_000,
    });

  it.runIf(process.platform === "linux")("is refused, and not waited for, below /proc", () => {
    const { status, stderr } = install("/proc/nobody", "bash");
    expect(stderr).toMatch(/^error: Cannot write \/proc\/nobody\/\.bashrc \(ENOENT\) — /);
    expect(status).toBe(1);
  });

  it("says which file is in the way", () => {
    mkdirSync(join(home, ".bashrc"));
    const folder = install(home, "bash");
    expect(folder.stderr).toMatch(/^error: Cannot read .*\.bashrc \(EISDIR\) — check that you own the file/);
    writeFileSync(join(home, ".config"), "");
    const file = install(home, "fish");
    expect(file.stderr).toMatch(/^error: Cannot (read|write) .*atoa\.fish \(ENOTDIR\) — /);
    expect([folder.status, file.status]).toEqual([1, 1]);
  });
});

it("knows PowerShell by its name, and names the shells that there are", () => {
  expect(atoa("bash", "powershell")).toMatchObject({ status: 0, stderr: "", stdout: atoa("bash", "pwsh").stdout });
  const unknown = atoa("bash", "tcsh");
  expect(unknown.stderr).toContain('<shell> must be one of bash, zsh, fish, pwsh; got "tcsh" — ');
  expect(unknown.status).toBe(3);
});
