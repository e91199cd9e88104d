// @ts-check
/** What `npm run mutate` breaks, one at a time, and which tests should notice. */

/**
 * @typedef {object} Mutation
 * @property {string} file
 * @property {string} find stands once in the file
 * @property {string} replace
 * @property {string} what becomes of the program
 * @property {boolean} [grave] it sends, doubles, loses or shows something: must be killed
 * @property {readonly string[]} [tests] instead of those of the area
 */

/** @type {readonly (readonly [folder: string, tests: readonly string[]])[]} the first that fits counts */
const areas = [
  ["src/api/", ["test/unit/api", "test/e2e/cases.test.ts"]],
  ["src/argv", ["test/unit/argv.test.ts", "test/e2e/cases.test.ts"]],
  ["src/credentials/", ["test/unit/credentials", "test/e2e/state"]],
  ["src/commands/", ["test/e2e/cases.test.ts", "test/e2e/state", "test/e2e/dry-run.test.ts"]],
  ["src/cli/", ["test/unit/cli", "test/e2e/cases.test.ts", "test/e2e/state", "test/e2e/dry-run.test.ts"]],
  ["src/", ["test/unit/terminal", "test/e2e/cases.test.ts", "test/e2e/leaks.test.ts"]],
];

/** @param {Mutation} mutation @returns {readonly string[]} */
export function testsFor({ file, tests }) {
  return tests ?? areas.find(([folder]) => file.startsWith(folder))?.[1] ?? [];
}

/** @type {readonly Mutation[]} */
export const mutations = [
  {
    file: "src/commands/logout.ts",
    find: "if (flags.revoke && !flags.dryRun)",
    replace: "if (flags.revoke)",
    what: "logout --revoke --dryRun revokes",
    grave: true,
    tests: ["test/e2e/dry-run.test.ts"],
  },
];
