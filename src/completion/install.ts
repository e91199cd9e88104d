/** Puts the completion script into a shell's start-up file, and takes it out again: a marked block, nothing else. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, realpathSync, rmSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { basename, dirname, join } from "node:path";
import { AtoaError } from "../errors";
import { makeDirectories } from "../make-directories";
import { replaceFile } from "../replace-file";
import type { Shell } from "./line";
import { scripts } from "./scripts/index";

const [begin, end] = ["# >>> atoa completion >>>", "# <<< atoa completion <<<"];

/** The shell that $SHELL names. Windows has no such variable; PowerShell is meant there. */
export function shellInUse(environment: NodeJS.ProcessEnv): Shell | undefined {
  const name = basename(environment.SHELL ?? "").replace(/\.exe$/i, "");
  if (name === "bash" || name === "zsh" || name === "fish" || name === "pwsh") return name;
  return process.platform === "win32" && name === "" ? "pwsh" : undefined;
}

/**
 * The file that the shell reads when it starts.
 * @throws AtoaError (failure) when PowerShell cannot be asked for its profile
 */
export function startupFile(
  shell: Shell,
  environment: NodeJS.ProcessEnv,
  platform: NodeJS.Platform = process.platform,
): string {
  const home = homedir();
  if (shell === "bash") return join(home, platform === "darwin" ? loginFile(home) : ".bashrc");
  if (shell === "zsh") return join(environment.ZDOTDIR || home, ".zshrc");
  if (shell === "fish") return join(environment.XDG_CONFIG_HOME || join(home, ".config"), "fish/completions/atoa.fish");
  return powershellProfile();
}

/** A terminal on macOS starts a login shell. It reads no .bashrc, and of these only the first that is there. */
function loginFile(home: string): string {
  const files = [".bash_profile", ".bash_login", ".profile"];
  return files.find((file) => existsSync(join(home, file))) ?? ".bash_profile";
}

function powershellProfile(): string {
  for (const program of ["pwsh", "powershell"]) {
    try {
      const path = execFileSync(program, ["-NoProfile", "-Command", "$PROFILE"], { encoding: "utf8" }).trim();
      if (path !== "") return path;
    } catch {
      // Not there; the other may be.
    }
  }
  throw new AtoaError({
    kind: "failure",
    message: "Could not find PowerShell's profile",
    hint: "add the output of `atoa completion pwsh` to the file in $PROFILE",
  });
}

/** How the file changes. `text` is undefined when the file was ours alone, so that it goes. */
export interface Change {
  readonly path: string;
  readonly text: string | undefined;
  readonly same: boolean;
}

/** The file with our block at its end, or in the place where an older one is. */
export function withBlock(shell: Shell, path: string): Change {
  const before = read(path);
  const script = `${begin}\n${scripts[shell]}${end}`;
  const parts = around(before, path);
  // A file without a line break at its end stays one, and so comes back as it was when the block goes.
  const text =
    parts !== undefined
      ? parts.join(script)
      : before === "" || before.endsWith("\n")
        ? `${before}${script}\n`
        : `${before}\n${script}`;
  return { path, text, same: text === before };
}

/** The file without our block. */
export function withoutBlock(shell: Shell, path: string): Change {
  const before = read(path);
  const [head, tail] = around(before, path) ?? [];
  if (head === undefined || tail === undefined) return { path, text: before, same: true };
  const text = tail === "" ? head.slice(0, -1) : head + tail.slice(1);
  return { path, text: text === "" && shell === "fish" ? undefined : text, same: false };
}

/**
 * Makes the change. The file keeps its mode, and stays a link if it is one; it may hold secrets, so a new one is the user's alone.
 * @throws AtoaError (failure) when it cannot be written
 */
export function execute({ path, text, same }: Change): void {
  if (same) return;
  spoken("write", path, () => {
    if (text === undefined) return rmSync(path);
    makeDirectories(dirname(path));
    if (!isThere(path)) return replaceFile(path, Buffer.from(text, "latin1"));
    replaceFile(realpathSync(path), Buffer.from(text, "latin1"), { mode: statSync(path).mode & 0o7777 });
  });
}

/** As latin1: each byte is a character, so that what is not UTF-8 survives. Our own part is ASCII. */
function read(path: string): string {
  const text = spoken("read", path, () => (isThere(path) ? readFileSync(path, "latin1") : ""));
  if (!/^(\xff\xfe|\xfe\xff)/.test(text)) return text;
  throw new AtoaError({
    kind: "failure",
    message: `Cannot edit ${path}: it is in UTF-16`,
    hint: "save it as UTF-8, or add the output of `atoa completion <shell>` in an editor",
  });
}

function isThere(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

function spoken<Result>(what: "read" | "write", path: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "unknown reason";
    throw new AtoaError({
      kind: "failure",
      message: `Cannot ${what} ${path} (${code})`,
      hint: "check that you own the file and its directory, or print the script with `atoa completion <shell>`",
      cause: error,
    });
  }
}

/** What stands before and behind our block, line breaks included, or undefined without one. */
function around(text: string, path: string): [string, string] | undefined {
  const start = text.startsWith(begin) ? 0 : text.indexOf(`\n${begin}`) + 1;
  if (start === 0 && !text.startsWith(begin)) return undefined;
  const stop = text.indexOf(`\n${end}`, start);
  if (stop !== -1) return [text.slice(0, start), text.slice(stop + 1 + end.length)];
  throw new AtoaError({
    kind: "failure",
    message: `Cannot edit ${path}: it contains "${begin}" but not the matching end line`,
    hint: "remove that part by hand and try again",
  });
}
