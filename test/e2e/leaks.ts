import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/**
 * Looks for tokens where none may be, in every run of the end-to-end suite: in what a process prints, in the command
 * line and environment of it and its children, and in what it leaves in a home. Only the secret store may hold one.
 */

/** What every token of the emulator looks like. */
const tokenPattern = /test-token-(?:sandbox|production)-[0-9a-f]{16,}/;

/** The first token in a text, or undefined. */
export function tokenIn(text: string): string | undefined {
  return tokenPattern.exec(text)?.[0];
}

/** Follows a process and its children by /proc until it is told to end; says where it saw a token. */
export class ProcessWatch {
  readonly #seen = new Set<string>();
  readonly #timer: NodeJS.Timeout;

  constructor(readonly pid: number | undefined) {
    this.#look(pid);
    this.#timer = setInterval(() => this.#look(pid), 20);
  }

  /** Where a token was seen: "environ of 4711". */
  end(): string[] {
    clearInterval(this.#timer);
    return [...this.#seen];
  }

  #look(pid: number | string | undefined): void {
    if (pid === undefined || process.platform !== "linux") return;
    for (const part of ["cmdline", "environ"]) {
      if (tokenIn(withoutEmulators(contents(`/proc/${pid}/${part}`))) !== undefined)
        this.#seen.add(`${part} of ${pid}`);
    }
    const children = contents(`/proc/${pid}/task/${pid}/children`).trim();
    for (const child of children === "" ? [] : children.split(" ")) this.#look(child);
  }
}

/** `emulator exec` gives its command the tokens of that emulator, in these variables and nowhere else. */
function withoutEmulators(environ: string): string {
  return environ.replace(/(^|\0)ATOA_EMULATOR_(SANDBOX|PRODUCTION)_TOKEN=[^\0]*/g, "");
}

/** Files below a home's state and cache folders, other than the secret store, that hold a token. */
export function filesWithTokens(home: string): string[] {
  const folders = [join(home, ".config"), join(home, ".cache")].filter((folder) => existsSync(folder));
  return folders
    .flatMap((folder) => readdirSync(folder, { recursive: true }).map((name) => join(folder, String(name))))
    .filter((file) => !file.endsWith("secrets.json") && statSync(file, { throwIfNoEntry: false })?.isFile() === true)
    .filter((file) => tokenIn(contents(file)) !== undefined);
}

function contents(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return ""; // Gone, or not for us: then nobody else can read it either.
  }
}
