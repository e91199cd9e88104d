import { mkdirSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import type { TestProject } from "vitest/node";

const root = resolve(import.meta.dirname, "../..");

/**
 * Gives the program's processes one folder for compiled code, and, when coverage is measured, one for what V8 counts in
 * them: report.mjs adds it up. Coverage switches compiled code off and nearly doubles what a process costs.
 */
export function setup({ vitest }: TestProject): void {
  const cache = resolve(root, "node_modules/.cache/atoa-tests");
  mkdirSync(cache, { recursive: true, mode: 0o700 });
  process.env.ATOA_TEST_CACHE = cache;
  if (!vitest.config.coverage.enabled) return;
  const folder = resolve(root, "coverage/children");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  process.env.ATOA_COVERAGE_FOLDER = folder;
}
