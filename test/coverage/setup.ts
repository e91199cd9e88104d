import { mkdirSync, rmSync } from "node:fs";
import { resolve } from "node:path";

/** Gives the program's processes a folder for what V8 counts in them; report.mjs adds it up. */
export function setup(): void {
  const folder = resolve(import.meta.dirname, "../../coverage/children");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  process.env.ATOA_COVERAGE_FOLDER = folder;
}
