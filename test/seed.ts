/**
 * Seed of everything random. The same on every pull request, so that a red build is about the change; the nightly run
 * draws new ones (ATOA_TEST_SEED=random), and every run prints its own, to repeat it with.
 */
const wish = process.env.ATOA_TEST_SEED || "20261121";
export const seed = wish === "random" ? Math.floor(Math.random() * 2 ** 31) : Number(wish);
