import { chmodSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Makes what is missing, one by one: mkdir with `recursive` never comes back from a place such as /proc.
 * @param mode of each new directory, whatever the umask
 * @returns whether the last one is new
 * @throws the error of the system when one cannot be made
 */
export function makeDirectories(path: string, mode?: number): boolean {
  try {
    makeOne(path, mode);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") return false;
    if (code !== "ENOENT" || dirname(path) === path) throw error;
  }
  makeDirectories(dirname(path), mode);
  makeOne(path, mode);
  return true;
}

function makeOne(path: string, mode: number | undefined): void {
  mkdirSync(path, mode);
  if (mode !== undefined) chmodSync(path, mode);
}
