// @ts-check
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Plugin } from "@oclif/core";

/** @typedef {import("@oclif/core").Interfaces.Manifest} Manifest */

/**
 * Writes oclif.manifest.json from the built commands, so that no command file is loaded to print help or to find a flag.
 * Two builds of the same sources give the same bytes.
 * @param {string} root the folder of package.json and dist/
 * @returns {Promise<Manifest>}
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
  const { version, commands } = plugin.manifest;
  const manifest = { version, commands: Object.fromEntries(Object.entries(commands).sort(byName).map(leanEntry)) };
  await writeFile(join(root, "oclif.manifest.json"), `${JSON.stringify(manifest)}\n`);
  return /** @type {Manifest} */ (manifest);
}

/** @param {[string, unknown]} a @param {[string, unknown]} b */
function byName([a], [b]) {
  return a < b ? -1 : 1;
}

/** What oclif sets by itself when it loads the manifest. */
const known = new Set(["pluginAlias", "pluginName", "pluginType"]);

/** What oclif reads without asking whether it is there. */
const needed = new Set(["id", "aliases", "hiddenAliases", "args", "flags", "isESM", "relativePath"]);

/**
 * A command without what is the default anyway: half of the file, which is read and parsed at every start.
 * @param {[string, import("@oclif/core").Command.Cached]} entry
 */
function leanEntry([id, command]) {
  const lean = Object.entries({ ...command, flags: leanAll(command.flags), args: leanAll(command.args) }).filter(
    ([key, value]) => needed.has(key) || (!known.has(key) && !isDefault(key, value)),
  );
  return [id, Object.fromEntries(lean)];
}

/** @param {Readonly<Record<string, object>>} entries flags or arguments by name */
function leanAll(entries) {
  return Object.fromEntries(
    Object.entries(entries).map(([name, entry]) => [
      name,
      Object.fromEntries(Object.entries(entry).filter(([key, value]) => key === "name" || !isDefault(key, value))),
    ]),
  );
}

/** @param {string} key @param {unknown} value */
function isDefault(key, value) {
  return value === undefined || value === false || (key === "strict" && value === true);
}
