/**
 * Cleaning up after a test file, from anywhere. Vitest registers hooks only while a file is being collected: an
 * `afterAll` that is called from `beforeAll` or from a test is dropped without a word, and so is one in a module that an
 * earlier file of the same process has already loaded.
 */

const cleanups: (() => unknown)[] = [];

/** Has something done when the tests of this file are over; the last comes first. */
export function afterFile(clean: () => unknown): void {
  cleanups.push(clean);
}

/** Does all of it; what fails does not keep the rest from being done. @throws the first failure */
export async function cleanUp(): Promise<void> {
  const failures: unknown[] = [];
  for (const clean of cleanups.splice(0).reverse()) {
    try {
      await clean();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}
