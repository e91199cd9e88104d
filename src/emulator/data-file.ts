import { access, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { lock } from "proper-lockfile";
import { EmulatorError } from "./emulator-error";

/** Of files and snapshots. */
export const format = 3;
/** A change is in the file at most this many milliseconds later: a fake bank may forget its last moment when it is killed. */
const writeBehind = 200;

/**
 * The state in a file. Whatever ends the process, it is a whole one: written beside and renamed. It is not forced to the disk: what a
 * fake bank knew when the power failed is nobody's loss. Readable by its owner only, for it holds tokens.
 */
export class DataFile {
  readonly #path: string;
  readonly #snapshot: () => Record<string, unknown>;
  readonly #release: () => Promise<void>;
  #dirty = false;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> | undefined;

  /**
   * @param snapshot the state as plain data, taken at the moment of writing
   * @param release lets go of the file: what `lockDataFile` gave
   */
  constructor(path: string, snapshot: () => Record<string, unknown>, release: () => Promise<void>) {
    this.#path = path;
    this.#snapshot = snapshot;
    this.#release = release;
  }

  /** Says that something has changed; it is written in a moment, together with all that changes until then. */
  changed(): void {
    this.#dirty = true;
    this.#timer ??= setTimeout(() => this.#write().catch(() => {}), writeBehind);
  }

  /**
   * Writes now what is not written yet.
   * @throws EmulatorError unavailable when the file cannot be written
   */
  async flush(): Promise<void> {
    // A write that is under way may have missed the last change: then there is another one.
    while (this.#writing !== undefined || this.#dirty) await (this.#writing ?? this.#write());
  }

  /** Writes what is not written yet, and lets go of the file. */
  async close(): Promise<void> {
    try {
      await this.flush();
    } finally {
      clearTimeout(this.#timer);
      await this.#release().catch(() => {});
    }
  }

  #write(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#writing ??= this.#writeOnce()
      .then(() => {
        // What changed meanwhile is written in its own time.
        if (this.#dirty) this.changed();
      })
      .finally(() => {
        this.#writing = undefined;
      });
    return this.#writing;
  }

  async #writeOnce(): Promise<void> {
    this.#dirty = false;
    const text = JSON.stringify({ atoaEmulator: format, ...this.#snapshot() });
    const beside = `${this.#path}.tmp`;
    try {
      // Whatever lies there, a link above all, goes; "wx" makes a new file or fails.
      await rm(beside, { force: true });
      await writeFile(beside, `${text}\n`, { flag: "wx", mode: 0o600 });
      await rename(beside, this.#path);
    } catch (error) {
      this.#dirty = true;
      await rm(beside, { force: true });
      throw unusable("data", this.#path, `cannot be written (${codeOf(error)})`, error);
    }
  }
}

/**
 * Takes the file for this process: two emulators on one file would undo each other's work. The lock of a process that is gone is free
 * after five seconds.
 * @returns what lets go of it
 * @throws EmulatorError unavailable when somebody has it, or the directory cannot be written
 */
export async function lockDataFile(path: string): Promise<() => Promise<void>> {
  const patience = { retries: 30, factor: 1, minTimeout: 200, maxTimeout: 200 };
  // A lock that was lost is not missed: the next write is whole all the same.
  const options = { realpath: false, stale: 5_000, update: 1_000, retries: patience, onCompromised: () => {} };
  try {
    await access(dirname(path)); // A directory that is not there is not waited for.
    return await lock(path, options);
  } catch (error) {
    const taken = codeOf(error) === "ELOCKED";
    throw unusable(
      "data",
      path,
      taken ? "is in use by another emulator" : `cannot be locked (${codeOf(error)})`,
      error,
    );
  }
}

/**
 * What an earlier run left, or `snapshot` gave; undefined when there is no file yet.
 * @throws EmulatorError unavailable for a file that is no state, or of another version of the emulator
 */
export async function readState(use: FileUse, path: string): Promise<Record<string, unknown> | undefined> {
  let saved: unknown;
  try {
    saved = JSON.parse(await readFile(path, "utf8"));
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    const why = error instanceof SyntaxError ? "is not valid JSON" : `cannot be read (${codeOf(error)})`;
    throw unusable(use, path, why, error);
  }
  const version =
    typeof saved === "object" && saved !== null && "atoaEmulator" in saved ? saved.atoaEmulator : undefined;
  if (version === undefined) throw unusable(use, path, "is not an emulator's state");
  if (version !== format) throw unusable(use, path, "is from another version of the emulator");
  return saved as Record<string, unknown>;
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}

/** What a file is for: to keep the state in, or to begin with. */
type FileUse = "data" | "fixtures";

const hints = {
  data: "name another, or delete it to start from the seed",
  fixtures: "name another; a snapshot of an emulator is one",
};

/** Why a file cannot be used. */
export function unusable(use: FileUse, path: string, why: string, cause?: unknown): EmulatorError {
  const code = `${use.toUpperCase()}_FILE_UNUSABLE`;
  return new EmulatorError("unavailable", `The ${use} file ${path} ${why}`, code, { hint: hints[use], cause });
}
