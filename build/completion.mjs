// @ts-check
import { writeFile } from "node:fs/promises";
import { join } from "node:path";

/** @typedef {import("../src/completion/data").CompletionData} CompletionData */
/** @typedef {import("../src/completion/data").FlagFacts} FlagFacts */
/** @typedef {import("../src/completion/data").Values} Values */
/** @typedef {import("@oclif/core").Command.Flag.Cached} Flag */

/**
 * Writes dist/completion.json, the part of the manifest that a TAB needs.
 * @param {string} root the folder of dist/
 * @param {import("./manifest.mjs").Manifest} manifest
 * @param {Readonly<Record<string, { description?: string }>>} topics as in package.json
 */
export async function writeCompletionData(root, manifest, topics) {
  await writeFile(join(root, "dist/completion.json"), JSON.stringify(completionData(manifest, topics)));
}

/**
 * @param {import("./manifest.mjs").Manifest} manifest
 * @param {Readonly<Record<string, { description?: string }>>} topics
 * @returns {CompletionData}
 */
function completionData(manifest, topics) {
  const whoami = manifest.commands.whoami?.flags ?? {};
  const globals = Object.entries(whoami).map(([name, flag]) => flagFacts(name, flag));
  const shared = new Map(globals.map((flag) => [flag.name, JSON.stringify(flag)]));
  const visible = Object.entries(manifest.commands).filter(([, { hidden }]) => !hidden);
  const commands = visible.map(([id, { summary = "", flags, args }]) => {
    const all = Object.entries(flags)
      .filter(([, flag]) => !flag.hidden)
      .map(([name, flag]) => flagFacts(name, flag));
    const hasGlobals = [...shared].every(([name, facts]) => facts === JSON.stringify(all.find((f) => f.name === name)));
    const facts = {
      text: summary,
      flags: hasGlobals ? all.filter(({ name }) => !shared.has(name)) : all,
      ...(hasGlobals ? { globals: true } : {}),
      ...(id === "emulator:exec" ? { rest: /** @type {const} */ ("files") } : {}),
      args: Object.values(args).map((arg) => arg.options ?? listed(arg).values ?? namesFor(id, arg.name)),
    };
    return [id.replaceAll(":", " "), facts];
  });
  return {
    topics: Object.fromEntries(Object.entries(topics).map(([name, { description = "" }]) => [name, description])),
    globals,
    commands: Object.fromEntries(commands),
  };
}

/**
 * @param {string} name @param {Flag} flag
 * @returns {FlagFacts}
 */
function flagFacts(name, flag) {
  const { summary = "", char, required, multiple } = /** @type {Flag & { multiple?: boolean }} */ (flag);
  const aliases = [...(flag.aliases ?? []), ...(flag.charAliases ?? [])];
  return {
    name,
    text: summary,
    ...(char === undefined ? {} : { char }),
    ...(aliases.length === 0 ? {} : { aliases }),
    ...(required ? { required } : {}),
    ...(multiple ? { multiple } : {}),
    ...(flag.type === "boolean" ? (flag.allowNo ? { allowNo: true } : {}) : flagValues(name, flag)),
  };
}

/**
 * @param {string} name @param {{ options?: readonly string[], helpValue?: string | string[] }} flag
 * @returns {{ values: Values, list?: true }}
 */
function flagValues(name, flag) {
  if (name === "profile") return { values: "profiles" };
  const { values, known, list } = listed(flag);
  // What help shows as the value says whether a file is meant.
  const shown = String(flag.helpValue ?? "");
  if (shown === "<file>") return { values: "files" };
  if (shown.includes("@file")) return { values: "@files" };
  return { values: flag.options ?? values ?? known ?? [], ...(list ? { list } : {}) };
}

/**
 * What build/manifest.mjs adds to a flag or argument.
 * @param {object} entry
 * @returns {import("../src/cli/flags").Listed}
 */
function listed(entry) {
  return entry;
}

/**
 * Which names of this machine stand for an argument.
 * @param {string} id @param {string} argument
 * @returns {Values}
 */
function namesFor(id, argument) {
  if (argument === "sdkAccessId") return "keys";
  if (id.startsWith("profile:") && (argument === "name" || argument === "old")) return "profiles";
  if (id === "profile:set") return ["env=sandbox", "env=production"];
  return [];
}
