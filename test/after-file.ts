import { afterAll } from "vitest";

/**
 * Cleaning up after a test file, from anywhere. Vitest registers hooks only while a file is being collected: an
 * `afterAll` that is called from `beforeAll` or from a test is dropped without a word.
 */

const cleanups: (() => unknown)[] = [];

afterAll(async () => {
  const failures: unknown[] = [];
  for (const clean of cleanups.splice(0).reverse()) {
    try {
      await clean();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
});

/** Has something done when the tests of this file are over; the last comes first. */
export function afterFile(clean: () => unknown): void {
  cleanups.push(clean);
}
