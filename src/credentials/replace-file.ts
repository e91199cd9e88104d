/** Makes the state folder and replaces files in it so that a crash leaves the old or the new content, never a part. */
import {
  chmodSync,
  closeSync,
  fchmodSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  statSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { errnoOf, fileTrouble } from "../profiles/file-trouble";

/** Called at each step of a write with its name, for tests that stop the program there. The program itself passes none. */
export type AtStep = (step: string) => void;

export interface Replacing {
  /** Throws when the right to write has been lost; asked at the last moment before the new file takes its place. */
  readonly assertHeld: () => void;
  readonly atStep?: AtStep | undefined;
}

/** Makes a folder and those above it, each 0700 whatever the umask; one that exists already is narrowed to its owner. */
export function makePrivateFolder(path: string): void {
  try {
    makeFolder(path);
    if (process.platform !== "win32" && (statSync(path).mode & 0o077) !== 0) chmodSync(path, 0o700);
  } catch (error) {
    throw fileTrouble("create", path, error);
  }
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path, 0o700);
    chmodSync(path, 0o700);
  } catch (error) {
    const code = errnoOf(error);
    if (code === "ENOENT" && dirname(path) !== path) {
      makeFolder(dirname(path));
      makeFolder(path);
    } else if (code !== "EEXIST" || !statSync(path).isDirectory()) {
      throw code === "EEXIST" ? Object.assign(new Error("a file is in the way"), { code: "ENOTDIR" }) : error;
    }
  }
}

/** A new content that lies complete on the disk beside the old one, and takes its place by `commit`. */
export interface Replacement {
  commit(): void;
  discard(): void;
}

/**
 * Writes the new content of a file to a temporary file beside it (0600, flushed). All that needs disk space happens here.
 * @throws AtoaError (failure); nothing is left behind
 */
export function prepareFile(path: string, text: string, { assertHeld, atStep }: Replacing): Replacement {
  const name = basename(path);
  const temporary = join(
    dirname(path),
    `${temporaryPrefix(name)}${process.pid}-${Math.random().toString(36).slice(2, 10)}`,
  );
  const step = (done: string) => atStep?.(`${name} ${done}`);
  const cleaning = (work: () => void) => {
    try {
      work();
    } catch (error) {
      removeIfThere(temporary);
      throw fileTrouble("write", path, error);
    }
  };
  cleaning(() => {
    refuseLinkOrFolder(path);
    writeWhole(temporary, text, step);
  });
  return {
    commit: () =>
      cleaning(() => {
        assertHeld();
        renameOver(temporary, path);
        step("renamed");
        flushFolder(dirname(path));
        step("flushed");
      }),
    discard: () => removeIfThere(temporary),
  };
}

/** Prepares and commits in one go. @throws AtoaError (failure) */
export function replaceFile(path: string, text: string, replacing: Replacing): void {
  prepareFile(path, text, replacing).commit();
}

/** Removes a file for good: the folder is flushed too. Missing is fine. */
export function removeFile(path: string): void {
  try {
    unlinkSync(path);
    flushFolder(dirname(path));
  } catch (error) {
    if (errnoOf(error) !== "ENOENT") throw fileTrouble("remove", path, error);
  }
}

/** Removes what killed processes left of their temporary files. Only for the holder of the lock: nobody else is writing then. */
export function sweepTemporaries(folder: string, names: readonly string[]): void {
  const prefixes = names.map((name) => temporaryPrefix(basename(name)));
  for (const entry of readdirSync(folder)) {
    if (prefixes.some((prefix) => entry.startsWith(prefix))) removeIfThere(join(folder, entry));
  }
}

function temporaryPrefix(name: string): string {
  return `.${name}.tmp-`;
}

function writeWhole(path: string, text: string, step: AtStep): void {
  const handle = openSync(path, "wx", 0o600);
  try {
    fchmodSync(handle, 0o600);
    step("opened");
    const bytes = Buffer.from(text);
    for (let done = 0; done < bytes.length; ) done += writeSync(handle, bytes, done);
    step("written");
    fsyncSync(handle);
    step("synced");
  } finally {
    closeSync(handle);
  }
}

/** Windows refuses a rename while somebody (a reader, a virus scanner) has the old file open: that passes in a moment. */
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

/** A rename would silently replace a link (and lose a folder's place): somebody put it there on purpose, so say so. */
function refuseLinkOrFolder(path: string): void {
  const facts = lstatSync(path, { throwIfNoEntry: false });
  if (facts?.isSymbolicLink()) throw Object.assign(new Error("symbolic link"), { code: "ELOOP" });
  if (facts?.isDirectory()) throw Object.assign(new Error("folder"), { code: "EISDIR" });
}

function flushFolder(folder: string): void {
  if (process.platform === "win32") return; // Windows has no handle on a folder to flush.
  const handle = openSync(folder, "r");
  try {
    fsyncSync(handle);
  } catch (error) {
    // Some network file systems cannot flush a folder; the rename itself was done.
    if (!["EINVAL", "ENOTSUP", "EPERM"].includes(errnoOf(error))) throw error;
  } finally {
    closeSync(handle);
  }
}

function removeIfThere(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // It never came to be, or the folder does not let us: either way the state files are whole.
  }
}
