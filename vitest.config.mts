import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { viteYamlPlugin } from "./build/yaml-plugin.mjs";

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
    projects: [
      { plugins: [viteYamlPlugin()], test: { name: "unit", include: ["test/unit/**/*.test.ts"] } },
      {
        plugins: [viteYamlPlugin()],
        test: {
          name: "e2e",
          include: ["test/e2e/**/*.test.ts"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      { test: { name: "shells", include: ["test/shells/**/*.test.ts"], testTimeout: 60_000, hookTimeout: 60_000 } },
      {
        plugins: [viteYamlPlugin()],
        test: { name: "docs", include: ["test/docs/**/*.test.ts"], testTimeout: 60_000, hookTimeout: 60_000 },
      },
      { test: { name: "pack", include: ["test/pack/**/*.test.ts"], testTimeout: 60_000, hookTimeout: 60_000 } },
      {
        plugins: [viteYamlPlugin()],
        test: { name: "keychain", include: ["test/keychain/**/*.test.ts"], testTimeout: 60_000, hookTimeout: 60_000 },
      },
      {
        plugins: [viteYamlPlugin()],
        test: {
          name: "network",
          include: ["test/network/**/*.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 60_000,
        },
      },
      {
        plugins: [viteYamlPlugin()],
        test: { name: "fuzz", include: ["test/fuzz/**/*.test.ts"], testTimeout: 300_000, hookTimeout: 60_000 },
      },
      {
        plugins: [viteYamlPlugin()],
        // After all others: it takes the whole machine, and theirs are limits of time.
        test: {
          name: "load",
          include: ["test/load/**/*.test.ts"],
          testTimeout: 300_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
