/** Keeps what V8 compiled for the next run. Loaded at the end of a run that compiled something. */
import { readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Script } from "node:vm";
import { makeDirectories } from "../make-directories";

/**
 * @param fresh by the name of its file
 * @param isOwn whether nobody but the user can write to a directory
 * @throws the error of the system when it cannot be kept
 */
export function saveCode(
  directory: string,
  fresh: ReadonlyMap<string, Script>,
  isOwn: (directory: string) => boolean,
): void {
  const isNew = makeDirectories(directory, 0o700);
  if (!isOwn(directory)) return;
  if (isNew) clearOld(dirname(directory));
  for (const [name, script] of fresh) {
    const temporary = join(directory, `${name}.${process.pid}`);
    writeFileSync(temporary, script.createCachedData(), { mode: 0o600 });
    renameSync(temporary, join(directory, name));
  }
}

/** Removes directories of other builds and Node versions after a month. */
function clearOld(parent: string): void {
  const limit = Date.now() - 30 * 24 * 60 * 60 * 1000;
  for (const name of readdirSync(parent).filter((one) => one.startsWith("code-"))) {
    const path = join(parent, name);
    if (statSync(path).mtimeMs < limit) rmSync(path, { recursive: true, force: true });
  }
}
