/** The directory of the state files, and what is written in it. */
import { chmodSync, lstatSync, readdirSync, statSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import { AtoaError } from "../errors";
import { makeDirectories } from "../make-directories";
import { fileSystemError } from "../profiles/state-files";
import { replaceFile } from "../replace-file";

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
 * Replaces a state file, so that a crash leaves the old or the new content.
 * @param assertHeld throws when the lock has been lost; asked at the last moment before the new file takes its place
 * @throws AtoaError (failure); the old content is still there then, unless only the last flush failed
 */
export function replaceStateFile(path: string, content: string, assertHeld: () => void): void {
  try {
    replaceFile(path, content, { assertStill: assertHeld });
  } catch (error) {
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

/** Runs what may fail without harm. */
export function bestEffort(work: () => unknown): void {
  try {
    work();
  } catch {
    // Its caller says why that does no harm.
  }
}
