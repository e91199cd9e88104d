/** Puts the completion script into a shell's start-up file, and takes it out again: a marked block, nothing else. */
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { basename, dirname, join } from "node:path";
import { AtoaError } from "../errors";
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
export function startupFile(shell: Shell, environment: NodeJS.ProcessEnv): string {
  const home = homedir();
  // A terminal on macOS starts a login shell, and that reads no .bashrc.
  if (shell === "bash") return join(home, process.platform === "darwin" ? ".bash_profile" : ".bashrc");
  if (shell === "zsh") return join(environment.ZDOTDIR || home, ".zshrc");
  if (shell === "fish") return join(environment.XDG_CONFIG_HOME || join(home, ".config"), "fish/completions/atoa.fish");
  return powershellProfile();
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
    message: "PowerShell does not say where its profile is",
    hint: "put the output of `atoa completion pwsh` into the file that $PROFILE names",
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

/** Makes the change. The file is replaced as a whole, keeps its mode, and stays a link if it is one. */
export function carryOut({ path, text, same }: Change): void {
  if (same) return;
  if (text === undefined) {
    rmSync(path);
    return;
  }
  mkdirSync(dirname(path), { recursive: true });
  const target = isThere(path) ? realpathSync(path) : path;
  const temporary = `${target}.atoa-${process.pid}`;
  try {
    writeFileSync(temporary, text, "latin1");
    if (isThere(target)) chmodSync(temporary, statSync(target).mode);
    renameSync(temporary, target);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** As latin1: each byte is a character, so that what is not UTF-8 survives. Our own part is ASCII. */
function read(path: string): string {
  return isThere(path) ? readFileSync(path, "latin1") : "";
}

function isThere(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** What stands before and behind our block, line breaks included, or undefined without one. */
function around(text: string, path: string): [string, string] | undefined {
  const start = text.startsWith(begin) ? 0 : text.indexOf(`\n${begin}`) + 1;
  if (start === 0 && !text.startsWith(begin)) return undefined;
  const stop = text.indexOf(`\n${end}`, start);
  if (stop !== -1) return [text.slice(0, start), text.slice(stop + 1 + end.length)];
  throw new AtoaError({
    kind: "failure",
    message: `${path} holds "${begin}" but not the line that ends it`,
    hint: "take that part out by hand, and try again",
  });
}
