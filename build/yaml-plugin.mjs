// @ts-check
import { readFile } from "node:fs/promises";
import { load } from "js-yaml";

/**
 * Lets the emulator import the OpenAPI file as data: parsed when the program is built, so that no YAML is read at run time.
 * What is there for readers of the file (evidence marks, prose, examples) is dropped.
 * @returns {import("esbuild").Plugin}
 */
export function yamlPlugin() {
  return {
    name: "yaml",
    setup(build) {
      build.onLoad({ filter: /\.yaml$/ }, async ({ path }) => ({ contents: await asJson(path), loader: "json" }));
    },
  };
}

/**
 * The same for tests: what they import is what ships.
 * @returns {import("vitest/config").Plugin}
 */
export function viteYamlPlugin() {
  return {
    name: "yaml",
    enforce: "pre",
    async load(id) {
      return id.endsWith(".yaml") ? `export default ${await asJson(id)};` : undefined;
    },
  };
}

/** @param {string} path @returns {Promise<string>} */
async function asJson(path) {
  return JSON.stringify(forMachines(load(await readFile(path, "utf8"))));
}

const marks = new Set(["x-evidence", "x-evidence-source", "x-evidence-note", "example", "examples"]);
const prose = new Set(["description", "summary"]);

/** Whose keys are names: of fields, which are never prose, and of responses, which must have a description. */
const named = new Set(["properties", "responses"]);

/**
 * @param {unknown} node
 * @param {string} [under] the word above this node, when its keys are names
 * @param {boolean} [response] whether it is a response
 * @returns {unknown}
 */
function forMachines(node, under, response = false) {
  if (Array.isArray(node)) return node.map((entry) => forMachines(entry));
  if (node === null || typeof node !== "object") return node;
  /** @type {(key: string, value: unknown) => boolean} */
  const dropped = (key, value) =>
    marks.has(key) || (prose.has(key) && typeof value === "string" && !(response && key === "description"));
  return Object.fromEntries(
    Object.entries(node)
      .filter(([key, value]) => under !== undefined || !dropped(key, value))
      .map(([key, value]) => [
        key,
        forMachines(value, under === undefined && named.has(key) ? key : undefined, under === "responses"),
      ]),
  );
}
