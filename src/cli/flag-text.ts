import { closeSync, openSync, readSync } from "node:fs";
import { type AtoaError, usageError } from "../errors";
import { readStdin } from "../terminal/terminal";

/** Bytes that a file or stdin may hold: as much as a body of the API. */
export const inputLimit = 64 * 1024 * 1024;

/**
 * What a flag holds that takes its text inline, as `@path` or as `-` for stdin. A byte order mark goes.
 * @param flag its name, without the dashes
 * @throws AtoaError kind usage when it cannot be read, is empty or is larger than 64 MiB
 */
export async function flagText(text: string, flag: string): Promise<string> {
  if (text === "-") return withoutMark(await fromStdin(flag));
  if (!text.startsWith("@")) return text;
  return withoutMark(fromFile(text.slice(1), flag));
}

function fromFile(path: string, flag: string): string {
  let bytes: Buffer;
  try {
    bytes = readAtMost(path, inputLimit + 1);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "unreadable";
    const file = path || "a file without a name";
    throw usageError(`--${flag}: cannot read ${file} (${code})`, "check the path behind @", `--${flag}`);
  }
  if (bytes.length > inputLimit) throw tooLarge(`${path} holds`, flag);
  if (bytes.length === 0) throw usageError(`--${flag}: ${path} is empty`, "check what writes the file", `--${flag}`);
  return bytes.toString("utf8");
}

/** The first bytes of a file, also of one without a size, such as a pipe. */
function readAtMost(path: string, most: number): Buffer {
  const file = openSync(path, "r");
  try {
    const parts: Buffer[] = [];
    let length = 0;
    while (length < most) {
      const part = Buffer.alloc(Math.min(most - length, 1024 * 1024));
      const read = readSync(file, part, 0, part.length, null);
      if (read === 0) break;
      parts.push(part.subarray(0, read));
      length += read;
    }
    return Buffer.concat(parts);
  } finally {
    closeSync(file);
  }
}

async function fromStdin(flag: string): Promise<string> {
  const text = await readStdin(inputLimit);
  if (text.trim() === "") {
    throw usageError(`--${flag}: nothing came in on stdin`, "is the variable set?", `--${flag}`);
  }
  if (Buffer.byteLength(text) > inputLimit) throw tooLarge("stdin holds", flag);
  return text;
}

function tooLarge(what: string, flag: string): AtoaError {
  return usageError(`--${flag}: ${what} more than 64 MiB`, "pass less", `--${flag}`);
}

function withoutMark(text: string): string {
  return text.replace(/^\ufeff/, "");
}
