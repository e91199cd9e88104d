import { randomUUID } from "node:crypto";
import { appendFileSync, closeSync, openSync, readSync, unlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AtoaError } from "../errors";

/**
 * Text that waits on disk until all of it is known, so that memory does not grow with it. The file has no name from its
 * first moment on: whatever happens to the program, nothing is left of it. Reads and writes do not wait their turn among
 * the system's threads: text goes to memory that the system writes out later.
 */
export class Spool {
  readonly #parts: { bytes: number; readonly columns: number }[] = [];
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

  /** @param columns how many the lines of the text have; for `parts` to say */
  add(text: string, columns: number): void {
    const bytes = Buffer.from(text);
    try {
      appendFileSync(this.#file, bytes);
    } catch (error) {
      throw trouble(error);
    }
    const last = this.#parts.at(-1);
    if (last?.columns === columns && last.bytes < enough) last.bytes += bytes.length;
    else this.#parts.push({ bytes: bytes.length, columns });
  }

  /** All text in its order, as UTF-8, in parts whose lines have equally many columns. */
  *parts(): Generator<{ readonly utf8: Buffer; readonly columns: number }> {
    let position = 0;
    for (const { bytes, columns } of this.#parts) {
      const utf8 = Buffer.alloc(bytes);
      if (readSync(this.#file, utf8, 0, bytes, position) !== bytes) throw trouble({ code: "EOF" });
      position += bytes;
      yield { utf8, columns };
    }
  }

  close(): void {
    closeSync(this.#file);
    if (this.#name !== undefined) removed(this.#name);
  }
}

/** Bytes that are read at once: small pages one by one would take longer to print than to make. */
const enough = 200_000;

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
