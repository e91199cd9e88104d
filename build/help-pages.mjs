// @ts-check
/**
 * Renders every page of help to a file of its own, so that bin/run.js can print it without loading the program.
 *
 * Runs as a program of its own, because what is rendered depends on the process: oclif asks whether its stdout is a
 * terminal, how wide, and whether it may colour. Here it is a pipe, as it is for those who get these pages.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const [root = ""] = process.argv.slice(2);
const { helpPage, loadConfig } = createRequire(import.meta.url)(join(root, "dist/main.js"));
const { commandIDs, topics } = await loadConfig(root);

mkdirSync(join(root, "dist/help"));
for (const id of ["", ...commandIDs, ...topics.map((/** @type {{ name: string }} */ { name }) => name)]) {
  writeFileSync(
    join(root, "dist/help", `${id.replaceAll(":", ".") || "atoa"}.txt`),
    await helpPage(await loadConfig(root), id),
  );
}
