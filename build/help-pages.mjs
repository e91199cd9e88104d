// @ts-check
/**
 * Renders every page of help to a file of its own: src/help.ts and oclif's help are needed here and nowhere else.
 *
 * Runs as a program of its own, because what oclif renders depends on the process: whether its stdout is a terminal, how
 * wide, and whether it may colour. Here it is a pipe of 80 columns.
 */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { build } from "esbuild";

const project = resolve(import.meta.dirname, "..");
const [root = ""] = process.argv.slice(2);
const require = createRequire(import.meta.url);
const { loadConfig } = require(join(root, "dist/main.js"));

const renderer = join(root, "dist/help-renderer.cjs");
await build({
  entryPoints: [join(project, "src/help.ts")],
  outfile: renderer,
  bundle: true,
  platform: "node",
  packages: "external",
});
const { AtoaHelp } = require(renderer);
rmSync(renderer);

const { commandIDs, topics } = await loadConfig(root);
mkdirSync(join(root, "dist/help"), { recursive: true });
for (const id of ["", ...commandIDs, ...topics.map((/** @type {{ name: string }} */ { name }) => name)]) {
  // oclif's Help mutates the config: a new one for each page.
  const page = await new AtoaHelp(await loadConfig(root)).page(id === "" ? [] : id.split(":"));
  writeFileSync(join(root, "dist/help", `${id.replaceAll(":", ".") || "atoa"}.txt`), page);
}
