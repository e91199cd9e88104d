import { closeSync, openSync, readSync } from "node:fs";
import { AtoaError, usageError } from "../errors";
import { isRecord, parseJson } from "../json";
import { readStdin } from "../terminal/terminal";

const mebibyte = 1024 * 1024;

/** Bytes that a flag may hold, and a whole body. */
const limits = { flag: mebibyte, body: 64 * mebibyte };

/** Which flag has read a stdin. */
const takers = new WeakMap<NodeJS.ReadableStream, string>();

/**
 * The value of a JSON flag: inline JSON, `@path` for a file, `-` for stdin.
 * The text itself is never quoted in an error: it may hold a secret.
 * @throws AtoaError kind usage when it cannot be read, is not JSON or is of the wrong kind
 */
export async function jsonValue(text: string, flag: string, kind: "object" | "array" | "any"): Promise<unknown> {
  const source = await flagText(text, flag, kind === "any" ? limits.body : limits.flag);
  let value: unknown;
  try {
    value = parseJson(source.replace(/^\ufeff/, ""));
  } catch {
    throw usageError(`${flag} is not valid JSON`, `pass ${example(kind)}, @file or -`, flag);
  }
  const right = kind === "any" || (kind === "array" ? Array.isArray(value) : isRecord(value));
  if (right) return value;
  throw usageError(`${flag} must be a JSON ${kind}`, `for example: --${flag} '${example(kind)}'`, flag);
}

/**
 * What a flag holds that takes its text inline, as `@path` or as `-` for stdin.
 * @throws AtoaError kind usage when it cannot be read or is larger than `limit` bytes
 */
export async function flagText(text: string, flag: string, limit = limits.flag): Promise<string> {
  if (text === "-") return fromStdin(flag, limit);
  if (!text.startsWith("@")) return text;
  const path = text.slice(1);
  try {
    const bytes = readAtMost(path, limit + 1);
    if (bytes.length > limit)
      throw usageError(`${flag}: ${path} is larger than ${limit / mebibyte} MiB`, "pass a smaller file", flag);
    return bytes.toString("utf8");
  } catch (error) {
    if (error instanceof AtoaError) throw error;
    const code = (error as NodeJS.ErrnoException).code ?? "unreadable";
    throw usageError(
      `--${flag}: cannot read ${path || "a file without a name"} (${code})`,
      "check the path behind @",
      flag,
    );
  }
}

/** The first bytes of a file, also of one without a size, such as a pipe. */
function readAtMost(path: string, most: number): Buffer {
  const file = openSync(path, "r");
  try {
    const parts: Buffer[] = [];
    let length = 0;
    for (let read = -1; read !== 0 && length < most; length += read) {
      const part = Buffer.alloc(Math.min(most - length, 1024 * 1024));
      read = readSync(file, part, 0, part.length, null);
      parts.push(part.subarray(0, read));
    }
    return Buffer.concat(parts);
  } finally {
    closeSync(file);
  }
}

async function fromStdin(flag: string, limit: number): Promise<string> {
  const taker = takers.get(process.stdin);
  if (taker !== undefined && taker !== flag) {
    throw usageError(`--${taker} and --${flag} cannot both read stdin`, "pass one of them as @file");
  }
  takers.set(process.stdin, flag);
  const text = await readStdin(limit);
  if (Buffer.byteLength(text) > limit)
    throw usageError(`${flag}: stdin holds more than ${limit / mebibyte} MiB`, "pass less", flag);
  return text;
}

function example(kind: "object" | "array" | "any"): string {
  return kind === "array" ? '[{"fieldName":"Table","value":"7"}]' : '{"key":"value"}';
}
