// @ts-check
import { readFile } from "node:fs/promises";
import { load } from "js-yaml";

/**
 * Lets the emulator import the OpenAPI file as data: parsed when the program is built, so that no YAML is read at run time.
 * Evidence marks and prose are dropped; they are for readers of the file.
 * @returns {import("esbuild").Plugin}
 */
export function yamlPlugin() {
  return {
    name: "yaml",
    setup(build) {
      build.onLoad({ filter: /\.yaml$/ }, async ({ path }) => ({
        contents: JSON.stringify(withoutProse(load(await readFile(path, "utf8")))),
        loader: "json",
      }));
    },
  };
}

const prose = new Set(["x-evidence", "x-evidence-source", "x-evidence-note", "description", "summary"]);

/**
 * @param {unknown} node
 * @param {boolean} [names] whether the keys of this node are names of fields, which are never prose
 * @returns {unknown}
 */
function withoutProse(node, names = false) {
  if (Array.isArray(node)) return node.map((entry) => withoutProse(entry));
  if (node === null || typeof node !== "object") return node;
  return Object.fromEntries(
    Object.entries(node)
      .filter(([key, value]) => names || !(prose.has(key) && typeof value === "string"))
      .map(([key, value]) => [key, withoutProse(value, key === "properties" && !names)]),
  );
}
