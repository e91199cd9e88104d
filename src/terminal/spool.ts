import { randomUUID } from "node:crypto";
import { appendFileSync, closeSync, openSync, readSync, unlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AtoaError } from "../errors";

/**
 * Text that waits on disk until all of it is known, so that memory does not grow with it. The file has no name from its
 * first moment on: whatever happens to the program, nothing is left of it. Reads and writes do not wait their turn among
 * the system's threads: a batch of text goes to memory that the system writes out later.
 */
export class Spool {
  /** Bytes of each text. */
  readonly #sizes: number[] = [];

  readonly #file: number;
  /** Set where a file cannot lose its name while it is open. */
  readonly #name: string | undefined;

  /** @throws AtoaError kind failure when there is no directory for temporary files, or it is full */
  constructor() {
    const name = join(tmpdir(), `atoa-${randomUUID()}`);
    try {
      this.#file = openSync(name, "wx+", 0o600);
    } catch (error) {
      throw trouble(error);
    }
    this.#name = removed(name) ? undefined : name;
  }

  add(text: string): void {
    try {
      const bytes = Buffer.from(text);
      appendFileSync(this.#file, bytes);
      this.#sizes.push(bytes.length);
    } catch (error) {
      throw trouble(error);
    }
  }

  /** The texts, in their order. */
  *texts(): Generator<string> {
    let position = 0;
    for (const size of this.#sizes) {
      const bytes = Buffer.alloc(size);
      readSync(this.#file, bytes, 0, size, position);
      position += size;
      yield bytes.toString("utf8");
    }
  }

  close(): void {
    closeSync(this.#file);
    if (this.#name !== undefined) removed(this.#name);
  }
}

function removed(name: string): boolean {
  try {
    unlinkSync(name);
    return true;
  } catch {
    return false;
  }
}

function trouble(error: unknown): AtoaError {
  const code = (error as NodeJS.ErrnoException).code ?? "unknown reason";
  return new AtoaError({
    kind: "failure",
    message: `Cannot write to a temporary file in ${tmpdir()} (${code})`,
    hint: "free some space there, or set TMPDIR to another directory",
    cause: error,
  });
}
