// @ts-check
/**
 * How much the tests do. At a desk: all that can break in a day's work, in two minutes. In CI (CI=true), or with
 * ATOA_TEST_FULL=1: every project, every line a process of its own, full sizes.
 */
export const full = process.env.CI === "true" || process.env.ATOA_TEST_FULL === "1";

/**
 * A number of runs, processes or seconds.
 * @param {number} inFull @param {number} atDesk
 */
export const times = (inFull, atDesk) => (full ? inFull : atDesk);

/**
 * All of a list in CI, every n-th at a desk, the first among them.
 * @template T @param {readonly T[]} all @param {number} n @returns {T[]}
 */
export const some = (all, n) => all.filter((_, index) => full || index % n === 0);
