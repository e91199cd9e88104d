import { defineConfig } from "vitest/config";
import { viteYamlPlugin } from "./build/yaml-plugin.mjs";

export default defineConfig({
  test: {
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
    ],
  },
});
