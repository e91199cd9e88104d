import { open, readFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
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
   * What an earlier run left; undefined when there is no file yet.
   * @throws AtoaError kind failure for a file that is no state, or of a newer emulator
   */
  static async read(path: string): Promise<Record<string, unknown> | undefined> {
    let saved: unknown;
    try {
      saved = JSON.parse(await readFile(path, "utf8"));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw unusable(
        path,
        error instanceof SyntaxError
          ? "is not valid JSON"
          : `cannot be read (${String((error as NodeJS.ErrnoException).code)})`,
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

  /** Writes what is not written yet. */
  async close(): Promise<void> {
    await this.#writing;
    if (this.#dirty) await this.#write();
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
    const beside = join(dirname(this.#path), `.${process.pid}.${Date.now().toString(36)}.atoa-emulator.tmp`);
    try {
      const file = await open(beside, "wx", 0o600);
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
      throw unusable(this.#path, `cannot be written (${String((error as NodeJS.ErrnoException).code)})`, error);
    }
  }
}

function unusable(path: string, why: string, cause?: unknown): AtoaError {
  return new AtoaError({
    kind: "failure",
    message: `the data file ${path} ${why}`,
    next: "name another with --dataFile, or delete it to start from the seed",
    cause,
  });
}
