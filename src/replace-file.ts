import { randomUUID } from "node:crypto";
import { closeSync, fchmodSync, fsyncSync, openSync, renameSync, unlinkSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/**
 * Replaces a file so that a crash leaves the old or the new content, never a part: the new content is written to a file beside
 * it, for the user alone until it is complete, flushed, and renamed into place; then the directory is flushed.
 * @param options.mode of the new file, whatever the umask; 0600 by default
 * @param options.assertStill called at the last moment before the new file takes its place; what it throws keeps the old one
 * @throws the error of the system; the old content is still there then, unless only the last flush failed
 */
export function replaceFile(
  path: string,
  content: string | Uint8Array,
  { mode = 0o600, assertStill }: { mode?: number; assertStill?: () => void } = {},
): void {
  const temporary = join(dirname(path), `.${basename(path)}.tmp-${randomUUID()}`);
  try {
    const handle = openSync(temporary, "wx", 0o600);
    try {
      writeFileSync(handle, content);
      fchmodSync(handle, mode);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    assertStill?.();
    renameOver(temporary, path);
    flushDirectory(dirname(path));
  } catch (error) {
    try {
      unlinkSync(temporary);
    } catch {
      // It may not be there; the first error says more.
    }
    throw error;
  }
}

/** Windows refuses a rename while somebody (a reader, a virus scanner) has the old file open: that is over in a moment. */
function renameOver(from: string, to: string, attemptsLeft = 50): void {
  try {
    renameSync(from, to);
  } catch (error) {
    const passing = process.platform === "win32" && ["EPERM", "EACCES", "EBUSY"].includes(codeOf(error));
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
    if (!["EINVAL", "ENOTSUP", "EPERM"].includes(codeOf(error))) throw error;
  } finally {
    closeSync(handle);
  }
}

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? "";
