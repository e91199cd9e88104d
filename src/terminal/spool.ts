import { randomUUID } from "node:crypto";
import { type FileHandle, open, unlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AtoaError } from "../errors";

/**
 * Text that waits on disk until all of it is known, so that memory does not grow with it. The file has no name from its
 * first moment on: whatever happens to the program, nothing is left of it.
 */
export class Spool {
  /** Bytes of each text. */
  readonly #sizes: number[] = [];

  private constructor(
    private readonly file: FileHandle,
    /** Set where a file cannot lose its name while it is open. */
    private readonly name: string | undefined,
  ) {}

  /** @throws AtoaError kind failure when there is no directory for temporary files, or it is full */
  static async create(): Promise<Spool> {
    const name = join(tmpdir(), `atoa-${randomUUID()}`);
    try {
      const file = await open(name, "wx+", 0o600);
      const named = await unlink(name).then(
        () => undefined,
        () => name,
      );
      return new Spool(file, named);
    } catch (error) {
      throw trouble(error);
    }
  }

  async add(text: string): Promise<void> {
    try {
      const bytes = Buffer.from(text);
      await this.file.appendFile(bytes);
      this.#sizes.push(bytes.length);
    } catch (error) {
      throw trouble(error);
    }
  }

  /** The texts, in their order. */
  async *texts(): AsyncGenerator<string> {
    let position = 0;
    for (const size of this.#sizes) {
      const { buffer } = await this.file.read(Buffer.alloc(size), 0, size, position);
      position += size;
      yield buffer.toString("utf8");
    }
  }

  async close(): Promise<void> {
    await this.file.close();
    if (this.name !== undefined) await unlink(this.name).catch(() => undefined);
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
