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
  for (const [id, cached] of Object.entries(commands)) {
    const command = await plugin.findCommand(id, { must: true });
    addValues(cached.flags, command.flags ?? {});
    addValues(cached.args, command.args ?? {});
  }
  const manifest = { version, commands: Object.fromEntries(Object.entries(commands).sort(byName)) };
  await writeFile(join(root, "oclif.manifest.json"), `${JSON.stringify(manifest)}\n`);
  return /** @type {Manifest} */ (manifest);
}

/** @param {[string, unknown]} a @param {[string, unknown]} b */
function byName([a], [b]) {
  return a < b ? -1 : 1;
}

/**
 * The values that a flag or argument takes, which oclif leaves out: it knows only those that it checks itself, and these
 * are checked by the schemas. Completion reads them.
 * @param {Readonly<Record<string, object>>} cached @param {Readonly<Record<string, object>>} declared
 */
function addValues(cached, declared) {
  for (const [name, facts] of Object.entries(cached)) {
    const { values, known, list } = /** @type {import("../src/cli/flags").Listed} */ (declared[name] ?? {});
    Object.assign(facts, { values, known, list });
  }
}
