import { randomUUID } from "node:crypto";
import { accessSync, constants, realpathSync, type Stats, statSync } from "node:fs";
import { type FileHandle, open, rename, unlink } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { AtoaError, interrupted, usageError } from "../errors";
import { truncate } from "../text";
import { interruption } from "./terminal";

/**
 * The file of `--out`: written beside it and renamed at the end, so that the old one stays until the new one is whole.
 * Only its owner can read it, for it may hold payers' data.
 */
export class OutFile {
  private constructor(
    private readonly path: string,
    private readonly beside: string,
    private readonly file: FileHandle,
  ) {}

  /** @param path as `checkOutFile` returned it */
  static async create(path: string): Promise<OutFile> {
    // From here on Ctrl-C is waited for: the file beside it has to go.
    interruption();
    const beside = join(dirname(path), `.${basename(path)}.${randomUUID()}.tmp`);
    try {
      return new OutFile(path, beside, await open(beside, "wx", 0o600));
    } catch (error) {
      throw trouble(path, error);
    }
  }

  async write(data: string | Uint8Array): Promise<void> {
    if (interruption().aborted) throw interrupted();
    await this.#attempt(() => this.file.appendFile(data));
  }

  /** Puts the new file in the place of the old one. */
  async commit(): Promise<void> {
    if (interruption().aborted) throw interrupted();
    await this.#attempt(async () => {
      await this.file.sync();
      await this.file.close();
      await rename(this.beside, this.path);
    });
  }

  /** Leaves the old file as it is, and nothing beside it. */
  async discard(): Promise<void> {
    await this.file.close().catch(() => undefined);
    await unlink(this.beside).catch(() => undefined);
  }

  async #attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      throw trouble(this.path, error);
    }
  }
}

/**
 * Makes sure, before anything is sent, that a file can be written.
 * @returns its absolute path, behind any links
 * @throws a usage error for what is no file, or is in no directory that can be written to
 */
export function checkOutFile(typed: string): string {
  if (typed === "" || typed === "-" || typed.includes("\0"))
    throw usageError("--out must name a file", "leave it out to print to stdout", "--out");
  const path = behindLinks(resolve(typed));
  const stat = statOf(path);
  if (stat !== undefined && !stat.isFile()) {
    throw usageError(
      `--out must name a file; ${typed} is ${stat.isDirectory() ? "a directory" : "a device"}`,
      "choose another name",
      "--out",
    );
  }
  try {
    accessSync(dirname(path), constants.W_OK);
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code === "ENOENT" ? "does not exist" : "is not writable";
    throw usageError(
      `--out ${typed}: the directory ${why}`,
      "choose another path, or create the directory first",
      "--out",
    );
  }
  return path;
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "unknown reason";
    throw usageError(`--out cannot be used (${code}): ${truncate(path, 200)}`, "choose another path", "--out");
  }
}

function behindLinks(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function trouble(path: string, error: unknown): AtoaError {
  const code = (error as NodeJS.ErrnoException).code ?? "unknown reason";
  return new AtoaError({
    kind: "failure",
    message: `Cannot write ${path} (${code}); an existing file there is unchanged`,
    hint: "free some space, or choose another path",
    cause: error,
  });
}
