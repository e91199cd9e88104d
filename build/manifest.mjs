// @ts-check
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Plugin } from "@oclif/core";

/**
 * Writes oclif.manifest.json from the built commands, so that no command file is loaded to print help or to find a flag.
 * @param {string} root the folder of package.json and dist/
 * @returns {Promise<number>} how many commands there are
 */
export async function writeManifest(root) {
  const plugin = new Plugin({
    root,
    isRoot: true,
    name: "@atoapayments/atoa-cli",
    ignoreManifest: true,
    errorOnManifestCreate: true,
    respectNoCacheDefault: true,
  });
  await plugin.load();
  await writeFile(join(root, "oclif.manifest.json"), `${JSON.stringify(plugin.manifest)}\n`);
  return Object.keys(plugin.manifest.commands).length;
}
