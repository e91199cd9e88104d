import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, statfsSync } from "node:fs";
import { resolve } from "node:path";
import type { TestProject } from "vitest/node";
import { full } from "./scale.mjs";

const root = resolve(import.meta.dirname, "..");

/** What vitest does before all test files: the program's processes get one folder for compiled code, and the tests one in memory. */
export function setup({ vitest }: TestProject): () => void {
  const cache = resolve(root, "node_modules/.cache/atoa-tests");
  mkdirSync(cache, { recursive: true, mode: 0o700 });
  process.env.ATOA_TEST_CACHE = cache;
  const folder = inMemory();
  if (folder !== undefined) process.env.TMPDIR = folder;
  measureChildren(vitest);
  return () => {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  };
}

/** A folder for the temporary files of a run at a desk, where memory is to be had: a disk makes them wait. CI has the disk. */
function inMemory(): string | undefined {
  const memory = "/dev/shm";
  if (full || process.env.TMPDIR !== undefined || !existsSync(memory)) return undefined;
  const { bavail, bsize } = statfsSync(memory);
  if (bavail * bsize < 2 ** 31) return undefined;
  const folder = mkdtempSync(`${memory}/atoa-tests-`);
  chmodSync(folder, 0o1777); // Some tests are another user.
  return folder;
}

/**
 * When coverage is measured, a folder for what V8 counts in the program's processes: coverage/report.mjs adds it up. It
 * switches compiled code off and nearly doubles what a process costs.
 */
function measureChildren(vitest: TestProject["vitest"]): void {
  if (!vitest.config.coverage.enabled) return;
  const folder = resolve(root, "coverage/children");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  process.env.ATOA_COVERAGE_FOLDER = folder;
}
