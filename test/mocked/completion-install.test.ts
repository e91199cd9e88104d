import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it, vi } from "vitest";
import fc from "../random";

// The scripts are text files that the build puts in.
vi.mock("../../src/completion/scripts/index", () => ({
  scripts: { bash: "one\ntwo\n", zsh: "z\n", fish: "f\n", pwsh: "p\n" },
}));
const modes: number[] = [];
vi.mock("node:fs", async (original) => {
  const fs = await original<typeof import("node:fs")>();
  const fchmodSync: typeof fs.fchmodSync = (copy, mode) => {
    modes.push(fs.fstatSync(copy).mode & 0o777);
    fs.fchmodSync(copy, mode);
  };
  return { ...fs, fchmodSync };
});
const { execute, shellInUse, startupFile, withBlock, withoutBlock } = await import("../../src/completion/install");

const folder = mkdtempSync(join(tmpdir(), "atoa-install-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const path = join(folder, "startup");
const block = "# >>> atoa completion >>>\none\ntwo\n# <<< atoa completion <<<";

describe("the block in a start-up file", () => {
  it.each([
    ["nothing", "", `${block}\n`],
    ["lines", "a\nb\n", `a\nb\n${block}\n`],
    ["no line break at the end", "a\nb", `a\nb\n${block}`],
  ])("is added to a file with %s, and taken out again", (_, before, after) => {
    writeFileSync(path, before);
    execute(withBlock("bash", path));
    expect(readFileSync(path, "utf8")).toBe(after);
    expect(withBlock("bash", path).same).toBe(true);
    execute(withoutBlock("bash", path));
    expect(readFileSync(path, "utf8")).toBe(before);
    expect(withoutBlock("bash", path).same).toBe(true);
  });

  it("takes the place of an older one", () => {
    writeFileSync(path, "a\n# >>> atoa completion >>>\nold\n# <<< atoa completion <<<\nb\n");
    execute(withBlock("bash", path));
    expect(readFileSync(path, "utf8")).toBe(`a\n${block}\nb\n`);
  });

  it("leaves every other byte alone, whatever the file holds", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.constantFrom("", "\n", "\r\n"), (bytes, end) => {
        const before = Buffer.concat([bytes, Buffer.from(end)]);
        fc.pre(!["fffe", "feff"].includes(before.toString("hex", 0, 2)));
        writeFileSync(path, before);
        execute(withBlock("bash", path));
        execute(withoutBlock("bash", path));
        expect(readFileSync(path).equals(before)).toBe(true);
      }),
    );
  });

  it("is not guessed at when its end is missing", () => {
    writeFileSync(path, "a\n# >>> atoa completion >>>\nold\n");
    expect(() => withBlock("bash", path)).toThrow("but not the matching end line");
    expect(() => withoutBlock("bash", path)).toThrow("but not the matching end line");
  });

  it("leaves a file in UTF-16, as PowerShell 5 writes them, to its owner", () => {
    writeFileSync(path, Buffer.from("\ufeffSet-Alias a b\r\n", "utf16le"));
    expect(() => withBlock("pwsh", path)).toThrow("in UTF-16");
  });

  it("makes a file and its folders, and fish's own file goes with it", () => {
    const own = join(folder, "a/b/atoa.fish");
    execute(withBlock("fish", own));
    expect(existsSync(own)).toBe(true);
    execute(withoutBlock("fish", own));
    expect(existsSync(own)).toBe(false);
  });

  it.skipIf(process.platform === "win32")("keeps a link a link, and the mode of the file", () => {
    const [target, link] = [join(folder, "dotfile"), join(folder, "link")];
    writeFileSync(target, "a\n");
    chmodSync(target, 0o640);
    symlinkSync(target, link);
    execute(withBlock("bash", link));
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(readFileSync(target, "utf8")).toContain("one\ntwo\n");
    expect(statSync(target).mode & 0o777).toBe(0o640);
  });
});

describe.skipIf(process.platform === "win32")("a copy on its way", () => {
  it("is readable to nobody else, though the umask is open, and keeps the mode of the file", () => {
    const file = join(folder, "secret");
    writeFileSync(file, "export KEY=1\n", { mode: 0o644 });
    modes.length = 0;
    const umask = process.umask(0);
    try {
      execute(withBlock("bash", file));
    } finally {
      process.umask(umask);
    }
    expect(modes).toEqual([0o600]);
    expect(statSync(file).mode & 0o777).toBe(0o644);
  });
});

describe("which shell and which file", () => {
  it.each([
    ["/bin/bash", "bash"],
    ["/usr/local/bin/zsh", "zsh"],
    ["/usr/bin/fish", "fish"],
    ["C:\\Program Files\\Git\\usr\\bin\\bash.exe", process.platform === "win32" ? "bash" : undefined],
    ["/bin/tcsh", undefined],
  ])("SHELL=%s is %s", (SHELL, expected) => {
    expect(shellInUse({ SHELL })).toBe(expected);
  });

  it("on macOS is the first that a login shell reads, so that none is hidden by a new one", () => {
    const home = join(folder, "mac");
    mkdirSync(home);
    vi.stubEnv("HOME", home);
    try {
      const file = () => startupFile("bash", {}, "darwin");
      expect(file()).toBe(join(home, ".bash_profile"));
      for (const name of [".profile", ".bash_login", ".bash_profile"]) {
        writeFileSync(join(home, name), "");
        expect(file()).toBe(join(home, name));
      }
    } finally {
      vi.unstubAllEnvs();
    }
  });

  it("follows ZDOTDIR and XDG_CONFIG_HOME", () => {
    expect(startupFile("zsh", { ZDOTDIR: "/z" })).toBe(join("/z", ".zshrc"));
    expect(startupFile("fish", { XDG_CONFIG_HOME: "/x" })).toBe(join("/x", "fish/completions/atoa.fish"));
    expect(startupFile("bash", {})).toMatch(/\.bashrc$|\.bash_profile$/);
  });
});
