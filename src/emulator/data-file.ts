import { open, readFile, rename, rm, writeFile } from "node:fs/promises";
import { AtoaError } from "../errors";

const format = 1;

/** The state in a file. It is always a whole one: written beside, synced, renamed. Readable by its owner only, for it holds tokens. */
export class DataFile {
  readonly #path: string;
  readonly #snapshot: () => Record<string, unknown>;
  #dirty = false;
  #writing: Promise<void> | undefined;

  /** @param snapshot the state as plain data, taken at the moment of writing */
  constructor(path: string, snapshot: () => Record<string, unknown>) {
    this.#path = path;
    this.#snapshot = snapshot;
  }

  /**
   * Takes the file for this process: two emulators on one file would undo each other's work. The lock of a process that is gone is taken
   * over at once, so that a restart after a kill need not wait.
   * @throws AtoaError kind failure when a living process has it, or the folder cannot be written
   */
  static async lock(path: string): Promise<void> {
    for (let tries = 0; tries < 5; tries += 1) {
      try {
        await writeFile(lockOf(path), `${process.pid}\n`, { flag: "wx", mode: 0o600 });
        return;
      } catch (error) {
        const code = codeOf(error);
        if (code !== "EEXIST") throw unusable(path, `cannot be locked (${code})`, error);
        const owner = Number.parseInt(await readFile(lockOf(path), "utf8").catch(() => ""), 10);
        if (isAlive(owner)) throw unusable(path, `is in use by process ${owner}`);
        await rm(lockOf(path), { force: true });
      }
    }
    throw unusable(path, "is wanted by several emulators at once");
  }

  static async unlock(path: string): Promise<void> {
    await rm(lockOf(path), { force: true });
  }

  /**
   * What an earlier run left; undefined when there is no file yet.
   * @throws AtoaError kind failure for a file that is no state, or of a newer emulator
   */
  static async read(path: string): Promise<Record<string, unknown> | undefined> {
    let saved: unknown;
    try {
      saved = JSON.parse(await readFile(path, "utf8"));
    } catch (error) {
      if (codeOf(error) === "ENOENT") return undefined;
      throw unusable(
        path,
        error instanceof SyntaxError ? "is not valid JSON" : `cannot be read (${codeOf(error)})`,
        error,
      );
    }
    const version =
      typeof saved === "object" && saved !== null && "atoaEmulator" in saved ? saved.atoaEmulator : undefined;
    if (version !== format)
      throw unusable(
        path,
        version === undefined ? "is not an emulator's state" : "is from another version of the emulator",
      );
    return saved as Record<string, unknown>;
  }

  /** Says that something has changed. @returns when that is safe in the file */
  async changed(): Promise<void> {
    this.#dirty = true;
    // A write that is under way may have missed the change; the next one has it, and takes along all that came meanwhile.
    await this.#writing;
    await (this.#dirty ? this.#write() : this.#writing);
  }

  /** Writes what is not written yet, and lets go of the file. */
  async close(): Promise<void> {
    await this.#writing;
    if (this.#dirty) await this.#write();
    await DataFile.unlock(this.#path);
  }

  #write(): Promise<void> {
    this.#writing ??= this.#writeOnce().finally(() => {
      this.#writing = undefined;
    });
    return this.#writing;
  }

  async #writeOnce(): Promise<void> {
    this.#dirty = false;
    const text = JSON.stringify({ atoaEmulator: format, ...this.#snapshot() });
    const beside = `${this.#path}.tmp`;
    try {
      const file = await open(beside, "w", 0o600);
      try {
        await file.writeFile(`${text}\n`);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(beside, this.#path);
    } catch (error) {
      this.#dirty = true;
      await rm(beside, { force: true });
      throw unusable(this.#path, `cannot be written (${codeOf(error)})`, error);
    }
  }
}

function lockOf(path: string): string {
  return `${path}.lock`;
}

/** Our own id in a lock is that of an earlier life: containers give every start the same one. */
function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === "EPERM";
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}

/** Why a data file cannot be used, and what to do. */
export function unusable(path: string, why: string, cause?: unknown): AtoaError {
  return new AtoaError({
    kind: "failure",
    message: `the data file ${path} ${why}`,
    hint: "name another with --dataFile, or delete it to start from the seed",
    cause,
  });
}
