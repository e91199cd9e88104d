import { closeSync, constants, fstatSync, openSync, readFileSync, type Stats, statSync } from "node:fs";
import { dirname } from "node:path";
import { AtoaError } from "../errors";
import { shellWord } from "../text";

/** Careful, cheap, synchronous reading of the two state files, and the messages for file system errors. */

/** Far above a thousand profiles with the longest tokens; a larger file was not written by us. */
const largestFile = 16 * 1024 * 1024;

const startOver = "recover with `atoa reset --yes && atoa login`";

/**
 * JSON of a state file, or undefined when there is none. A byte order mark (Windows editors) is skipped.
 *
 * The file is opened once, without following a link, and judged by its handle, so that nothing can be swapped in between.
 * It must be the user's own, in a directory that only its owner may write to: else somebody else could redirect a key.
 * @param forbiddenModes permission bits for group and others that make the file untrusted (POSIX only)
 * @throws AtoaError (failure) for insecure permissions, broken JSON, links, directories, devices, oversize
 */
export function readStateFile(path: string, forbiddenModes: number): unknown {
  const text = readText(path, forbiddenModes);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
  } catch {
    throw refuseToParse(path, "not valid JSON");
  }
}

/** The README's refusal of a file whose content is not ours. */
export function refuseToParse(path: string, why: string): AtoaError {
  return new AtoaError({ kind: "failure", message: `Refusing to parse ${path}: ${why}`, hint: startOver });
}

function readText(path: string, forbiddenModes: number): string | undefined {
  // O_NONBLOCK: a named pipe in the file's place must not hang the program. Windows has neither flag.
  const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
  let handle: number;
  try {
    handle = openSync(path, flags);
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return undefined;
    throw fileSystemError("read", path, error);
  }
  try {
    const facts = fstatSync(handle);
    if (facts.isDirectory()) throw fileSystemError("read", path, Object.assign(new Error(), { code: "EISDIR" }));
    if (!facts.isFile())
      throw refuseToRead(path, "it is not a regular file", "move it away, or run `atoa reset --yes`");
    if (process.platform !== "win32") refuseStrangers(path, facts, forbiddenModes);
    if (facts.size > largestFile) throw refuseToParse(path, "larger than 16 MiB");
    return readFileSync(handle, "utf8");
  } catch (error) {
    throw fileSystemError("read", path, error);
  } finally {
    closeSync(handle);
  }
}

/** Root may read everybody's files; whose they are is then no sign of anything. */
function refuseStrangers(path: string, facts: Stats, forbiddenModes: number): void {
  const user = process.geteuid?.();
  if (user !== 0 && facts.uid !== user && facts.uid !== 0) {
    throw refuseToRead(path, "it belongs to another user", `check who put it there: ls -l ${shellWord(path)}`);
  }
  if ((facts.mode & forbiddenModes) !== 0) {
    throw refuseToRead(path, "insecure permissions", `other users can access it; run \`chmod 600 ${shellWord(path)}\``);
  }
  const directory = dirname(path);
  if ((statSync(directory).mode & 0o022) !== 0) {
    const remedy = `other users can replace it; run \`chmod 700 ${shellWord(directory)}\` and check what is in it`;
    throw refuseToRead(path, "insecure permissions on its directory", remedy);
  }
}

function refuseToRead(path: string, why: string, hint: string): AtoaError {
  return new AtoaError({ kind: "failure", message: `Refusing to read ${path}: ${why}`, hint });
}

/** Messages for file system errors, each with a remedy. */

const reasons: Readonly<Record<string, { why: string; next: (path: string) => string }>> = {
  EACCES: {
    why: "permission denied",
    next: (path) => `check who owns it: ls -ld ${shellWord(path)}; or set ATOA_HOME to a directory of your own`,
  },
  EPERM: {
    why: "not permitted",
    next: (path) => `check who owns it: ls -ld ${shellWord(path)}; or set ATOA_HOME to a directory of your own`,
  },
  EROFS: { why: "the file system is read-only", next: () => "set ATOA_HOME to a directory that can be written to" },
  ENOSPC: { why: "no space left on the device", next: () => "free some space and run this again" },
  EDQUOT: { why: "your disk quota is used up", next: () => "free some space and run this again" },
  ENOTDIR: {
    why: "part of the path is a file, not a directory",
    next: () => "move that file away, or set ATOA_HOME to a directory",
  },
  EISDIR: { why: "it is a directory", next: () => "move it away, or run `atoa reset --yes` and log in again" },
  EEXIST: { why: "something else already exists there", next: () => "move it away, or set ATOA_HOME to a directory" },
  ELOOP: {
    why: "it is a symbolic link",
    next: () => "put the file itself there, or set ATOA_HOME to the directory that it points into",
  },
  ENAMETOOLONG: { why: "the path is too long", next: () => "set ATOA_HOME to a shorter path" },
  EMFILE: { why: "too many files are open", next: () => "close some programs, or raise the limit (ulimit -n)" },
  ENOENT: { why: "part of the path does not exist", next: () => "set ATOA_HOME to a directory that exists" },
};

export function errnoOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

/**
 * The error to throw for a failed file operation.
 * @param action what was refused, as in "read" or "write"
 */
export function fileSystemError(action: string, path: string, error: unknown): AtoaError {
  if (error instanceof AtoaError) return error;
  const code = errnoOf(error);
  const known = Object.hasOwn(reasons, code) ? reasons[code] : undefined;
  return new AtoaError({
    kind: "failure",
    message: `Cannot ${action} ${path}: ${known?.why ?? (code || "unexpected file error")}`,
    hint: known?.next(path) ?? "check the directory, or set ATOA_HOME to another one",
    cause: error,
  });
}
