import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { viteYamlPlugin } from "./build/yaml-plugin.mjs";
import { deskProjects, wholeProjects } from "./test/projects.mjs";
import { full, times } from "./test/scale.mjs";

/** A project or a file that is asked for on the command line is run whole. */
const named = process.argv.slice(2).some((word) => /^--project|^[^-].*(\/|\.test\b)/.test(word));

export default defineConfig({
  test: {
    globalSetup: "test/coverage/setup.ts",
    // More files at a time than processors: most of them wait, for child processes and for limits of time. In CI the children do more.
    maxWorkers: availableParallelism() * times(2, 3),
    slowTestThreshold: 2000,
    coverage: {
      provider: "v8",
      reporter: ["json"],
      reportsDirectory: "coverage",
      clean: false,
      reportOnFailure: true,
    },
    projects: (full || named ? wholeProjects() : deskProjects()).map(
      ({ name, seconds, include, isolate = false, last }) => ({
        plugins: [viteYamlPlugin()],
        test: {
          name,
          include,
          testTimeout: seconds * 1000,
          hookTimeout: 60_000,
          isolate,
          setupFiles: "test/every-file.ts",
          // What is built is run as it is: the package's own door for example.
          server: { deps: { external: [/^(?!.*\/node_modules\/).*\/dist\//] } },
          ...(last && full ? { sequence: { groupOrder: 1 } } : {}),
        },
      }),
    ),
  },
});
