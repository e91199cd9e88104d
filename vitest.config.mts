import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { viteYamlPlugin } from "./build/yaml-plugin.mjs";
import { full } from "./test/scale.mjs";

/** A folder of tests for each question. Seconds: how long one test may take. */
function project(name: string, seconds: number, more: object = {}) {
  const limits = { testTimeout: seconds * 1000, hookTimeout: 60_000 };
  return { plugins: [viteYamlPlugin()], test: { name, include: [`test/${name}/**/*.test.ts`], ...limits, ...more } };
}

const always = [project("unit", 20), project("e2e", 60), project("docs", 60)];

// What finds nothing new from one edit to the next, or takes the whole machine. By name at any time: --project shells.
const inFull = [
  project("network", 120),
  project("fuzz", 300),
  project("shells", 60),
  project("keychain", 60),
  project("pack", 60),
  // After all others, since theirs are limits of time.
  project("load", 300, { sequence: { groupOrder: 1 } }),
];

/** A project or a file that is asked for on the command line is run, whatever the size. */
const named = process.argv.slice(2).some((word) => /^--project|\/|\.test\b/.test(word));

export default defineConfig({
  test: {
    globalSetup: "test/coverage/setup.ts",
    // Two files at a time, also on two processors, where vitest would run one: most of them wait for child processes.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    coverage: {
      provider: "v8",
      reporter: ["json"],
      reportsDirectory: "coverage",
      clean: false,
    },
    projects: full || named ? [...always, ...inFull] : always,
  },
});
