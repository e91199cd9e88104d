/** Makes the state directory and replaces files in it so that a crash leaves the old or the new content, never a part. */
import { randomUUID } from "node:crypto";
import {
  chmodSync,
  closeSync,
  fchmodSync,
  fsyncSync,
  lstatSync,
  openSync,
  readdirSync,
  renameSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { AtoaError } from "../errors";
import { makeDirectories } from "../make-directories";
import { errnoOf, fileSystemError } from "../profiles/state-files";

/**
 * Makes a directory and those above it, each 0700 whatever the umask. One that exists already must be the user's own, or be
 * reached by a link of their own, and is narrowed to its owner.
 * @throws AtoaError (failure)
 */
export function makePrivateDirectory(path: string): void {
  try {
    makeDirectories(path, 0o700);
    const target = statSync(path);
    if (!target.isDirectory()) throw Object.assign(new Error("a file is in the way"), { code: "ENOTDIR" });
    if (process.platform === "win32") return;
    const user = process.geteuid?.();
    if (target.uid !== user || lstatSync(path).uid !== user) {
      throw new AtoaError({
        kind: "failure",
        message: `Cannot write to ${path}: it belongs to another user`,
        hint: "run this as that user, or set ATOA_HOME to a directory of your own",
      });
    }
    if ((target.mode & 0o077) !== 0) chmodSync(path, 0o700);
  } catch (error) {
    throw fileSystemError("create", path, error);
  }
}

/**
 * Replaces a file: writes the new content to a temporary file beside it (0600), flushes it, renames it into place, and flushes
 * the directory.
 * @param assertHeld throws when the lock has been lost; asked at the last moment before the new file takes its place
 * @throws AtoaError (failure); the old content is still there then, unless only the last flush failed
 */
export function replaceFile(path: string, content: string, assertHeld: () => void): void {
  const temporary = join(dirname(path), `.${basename(path)}.tmp-${randomUUID()}`);
  try {
    const handle = openSync(temporary, "wx", 0o600);
    try {
      fchmodSync(handle, 0o600); // Whatever the umask takes away.
      writeFileSync(handle, content);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    assertHeld();
    renameOver(temporary, path);
    flushDirectory(dirname(path));
  } catch (error) {
    bestEffort(() => unlinkSync(temporary)); // The next writer sweeps it.
    throw fileSystemError("write", path, error);
  }
}

/** Removes temporary files of killed processes. Only the holder of the lock may call it: no one else is writing then. */
export function sweepTemporaries(directory: string): void {
  try {
    for (const entry of readdirSync(directory).filter(isTemporary))
      bestEffort(() => unlinkSync(join(directory, entry)));
  } catch (error) {
    throw fileSystemError("read", directory, error);
  }
}

/** Whether an entry of the state directory is a temporary file of ours. */
export function isTemporary(entry: string): boolean {
  return /^\.(config|secrets)\.json\.tmp-/.test(entry);
}

/** Windows refuses a rename while somebody (a reader, a virus scanner) has the old file open: that is over in a moment. */
function renameOver(from: string, to: string, attemptsLeft = 50): void {
  try {
    renameSync(from, to);
  } catch (error) {
    const passing = process.platform === "win32" && ["EPERM", "EACCES", "EBUSY"].includes(errnoOf(error));
    if (!passing || attemptsLeft === 0) throw error;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
    renameOver(from, to, attemptsLeft - 1);
  }
}

function flushDirectory(directory: string): void {
  if (process.platform === "win32") return; // Windows has no handle on a directory to flush.
  const handle = openSync(directory, "r");
  try {
    fsyncSync(handle);
  } catch (error) {
    // Some network file systems cannot flush a directory; the rename itself was done.
    if (!["EINVAL", "ENOTSUP", "EPERM"].includes(errnoOf(error))) throw error;
  } finally {
    closeSync(handle);
  }
}

/** Runs what may fail without harm. */
export function bestEffort(work: () => unknown): void {
  try {
    work();
  } catch {
    // Its caller says why that does no harm.
  }
}
