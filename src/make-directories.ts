import { chmodSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Makes what is missing, one by one: mkdir with `recursive` never returns in a place such as /proc.
 * @param mode of each new directory, whatever the umask
 * @returns whether the last one is new
 * @throws the error of the system when one cannot be made
 */
export function makeDirectories(path: string, mode?: number): boolean {
  try {
    return makeOne(path, mode);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT" || dirname(path) === path) throw error;
  }
  makeDirectories(dirname(path), mode);
  return makeOne(path, mode);
}

/** False when it exists, perhaps created by another process this very moment. */
function makeOne(path: string, mode: number | undefined): boolean {
  try {
    mkdirSync(path, mode);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
  if (mode !== undefined) chmodSync(path, mode);
  return true;
}
