import { closeSync, openSync, readSync } from "node:fs";
import { type AtoaError, usageError } from "../errors";
import { readStdinBytes } from "../terminal/terminal";

const mebibyte = 1024 * 1024;

/** Bytes that a flag may hold. */
const flagLimit = mebibyte;

/** Bytes that a whole body may hold. */
export const bodyLimit = 64 * mebibyte;

/**
 * What a flag holds that takes its text inline, as `@path` or as `-` for stdin. A byte order mark goes.
 * @param flag its name, without the dashes
 * @throws AtoaError kind usage when it cannot be read, is empty or holds more bytes than `limit`
 */
export async function flagText(text: string, flag: string, limit = flagLimit): Promise<string> {
  if (text !== "-" && !text.startsWith("@")) return text;
  return withoutMark((await flagBytes(text, flag, limit)).toString("utf8"));
}

/**
 * The very bytes of a file, given as `@path`, or of stdin, given as `-`.
 * @throws AtoaError as flagText
 */
export async function flagBytes(text: string, flag: string, limit: number): Promise<Buffer> {
  return text === "-" ? fromStdin(flag, limit) : fromFile(text.slice(1), flag, limit);
}

function fromFile(path: string, flag: string, limit: number): Buffer {
  let bytes: Buffer;
  try {
    bytes = readAtMost(path, limit + 1);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "unreadable";
    const file = path || "a file without a name";
    throw usageError(`--${flag}: cannot read ${file} (${code})`, "check the path behind @", `--${flag}`);
  }
  if (bytes.length > limit) throw tooLarge(`${path} holds`, flag, limit);
  if (bytes.length === 0) throw usageError(`--${flag}: ${path} is empty`, "check what writes the file", `--${flag}`);
  return bytes;
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

async function fromStdin(flag: string, limit: number): Promise<Buffer> {
  const bytes = await readStdinBytes(limit);
  if (bytes.length <= 1024 && bytes.toString("utf8").trim() === "") {
    throw usageError(`--${flag}: nothing came in on stdin`, "is the variable set?", `--${flag}`);
  }
  if (bytes.length > limit) throw tooLarge("stdin holds", flag, limit);
  return bytes;
}

function tooLarge(what: string, flag: string, limit: number): AtoaError {
  return usageError(`--${flag}: ${what} more than ${limit / mebibyte} MiB`, "pass less", `--${flag}`);
}

function withoutMark(text: string): string {
  return text.replace(/^\ufeff/, "");
}
