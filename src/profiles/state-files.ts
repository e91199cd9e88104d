/** Where the state files live, how they are read (carefully, cheaply, synchronously), and the messages for file system errors. */
import { closeSync, constants, fstatSync, openSync, readFileSync, type Stats, statSync } from "node:fs";
import { userInfo } from "node:os";
import { dirname, join, resolve } from "node:path";
import { AtoaError } from "../errors";
import { shellWord } from "../text";

/** Absolute paths of the state. Only `config` and `secrets` outlive a command. */
export interface StatePaths {
  /** $ATOA_HOME, else the user's home. */
  readonly home: string;
  /** Holds everything below; mode 0700. */
  readonly directory: string;
  readonly config: string;
  readonly secrets: string;
  /** A directory: the journal of deliveries, and what listeners have registered. Holds payers' data, no token. */
  readonly webhooks: string;
  /** A directory: the lock of both files. */
  readonly lock: string;
  /** Names the process that took the lock last. */
  readonly lockOwner: string;
  /** True when ATOA_HOME chose the home: such a home never shares the user's keychain on its own account. */
  readonly isolated: boolean;
}

/**
 * Paths for this environment. ATOA_HOME may contain spaces and non-ASCII characters; a relative path is resolved against
 * the current directory; empty means unset.
 * @throws AtoaError (failure) when ATOA_HOME is unset and the system knows no home directory
 */
export function statePaths(environment: NodeJS.ProcessEnv): StatePaths {
  const chosen = environment.ATOA_HOME;
  const isolated = chosen !== undefined && chosen.trim() !== "";
  const home = isolated ? resolve(chosen) : systemHome(environment);
  const directory = join(home, ".config", "atoa");
  const secrets = join(directory, "secrets.json");
  return {
    home,
    directory,
    config: join(directory, "config.json"),
    secrets,
    webhooks: join(directory, "webhooks"),
    lock: `${secrets}.lock`,
    lockOwner: `${secrets}.lock-owner`,
    isolated,
  };
}

function systemHome(environment: NodeJS.ProcessEnv): string {
  // As os.homedir(), but from the given environment, and without returning "" for HOME="".
  const named = process.platform === "win32" ? environment.USERPROFILE : environment.HOME;
  if (named !== undefined && named.trim() !== "") return resolve(named);
  try {
    const { homedir } = userInfo();
    if (homedir.trim() !== "") return resolve(homedir);
  } catch {
    // A user without an entry, as in containers that are started with --user.
  }
  throw new AtoaError({
    kind: "failure",
    message: "Cannot tell where your home directory is: HOME is not set",
    hint: "set ATOA_HOME to a directory that atoa may write to, for example ATOA_HOME=/tmp/atoa",
  });
}

/**
 * JSON of a state file, or undefined when there is none. A byte order mark (Windows editors) is skipped.
 *
 * The file is opened once, without following a link, and judged by its handle, so that nothing can be swapped in between.
 * It must be the user's own, in a directory that only its owner may write to: else somebody else could redirect a key.
 * @param forbiddenModes permission bits for group and others that make the file untrusted (POSIX only)
 * @throws AtoaError (failure) for insecure permissions, broken JSON, links, directories, devices
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
  return new AtoaError({
    kind: "failure",
    message: `Refusing to parse ${path}: ${why}`,
    hint: "recover with `atoa reset --yes && atoa login`",
  });
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

const checkOwner = (path: string) =>
  `check who owns it: ls -ld ${shellWord(path)}; or set ATOA_HOME to a directory of your own`;

/** What each error of the file system means, and what to do about it. */
const reasons: Readonly<Record<string, readonly [why: string, hint: string | ((path: string) => string)]>> = {
  EACCES: ["permission denied", checkOwner],
  EPERM: ["not permitted", checkOwner],
  EROFS: ["the file system is read-only", "set ATOA_HOME to a directory that can be written to"],
  ENOSPC: ["no space left on the device", "free some space and run this again"],
  EDQUOT: ["your disk quota is used up", "free some space and run this again"],
  ENOTDIR: ["part of the path is a file, not a directory", "move that file away, or set ATOA_HOME to a directory"],
  EISDIR: ["it is a directory", "move it away, or run `atoa reset --yes` and log in again"],
  EEXIST: ["something else already exists there", "move it away, or set ATOA_HOME to a directory"],
  ELOOP: ["it is a symbolic link", "put the file itself there, or set ATOA_HOME to the directory that it points into"],
  ENAMETOOLONG: ["the path is too long", "set ATOA_HOME to a shorter path"],
  EMFILE: ["too many files are open", "close some programs, or raise the limit (ulimit -n)"],
  ENOENT: ["part of the path does not exist", "set ATOA_HOME to a directory that exists"],
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
  const unknown = [code || "unexpected file error", "check the directory, or set ATOA_HOME to another one"] as const;
  const [why, hint] = (Object.hasOwn(reasons, code) && reasons[code]) || unknown;
  return new AtoaError({
    kind: "failure",
    message: `Cannot ${action} ${path}: ${why}`,
    hint: typeof hint === "string" ? hint : hint(path),
    cause: error,
  });
}
