// @ts-check
/**
 * Takes test/snapshot/commands.json: the command tree of a release, as scripts of users rely on it. `npm run snapshot`, once a release.
 * A test compares it with the tree as it is; what has gone must be named in CHANGELOG.md under Removed.
 */
import { readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");

/**
 * @typedef {{ type: string, required?: true, default?: unknown, options?: string[], char?: string, aliases?: string[], negatable?: true, list?: true }} FlagTree
 * @typedef {{ name: string, required?: true, options?: string[] }} ArgTree
 * @typedef {{ aliases?: string[], args: ArgTree[], flags: Record<string, FlagTree> }} CommandTree
 * @typedef {{ exitCodes: Record<string, number>, commands: Record<string, CommandTree> }} Tree
 */

/**
 * The tree of the built program.
 * @returns {Promise<Tree>}
 */
export async function commandTree() {
  const { commands } = JSON.parse(readFileSync(join(root, "oclif.manifest.json"), "utf8"));
  /** @type {Tree} */
  const tree = { exitCodes: await exitCodes(), commands: {} };
  for (const id of Object.keys(commands).sort()) {
    const { args, flags, aliases } = commands[id];
    tree.commands[id.replaceAll(":", " ")] = {
      ...(aliases.length === 0 ? {} : { aliases }),
      args: Object.values(args).map(({ name, required, options, values }) =>
        tidy({ name, required, options: options ?? values }),
      ),
      flags: Object.fromEntries(
        Object.keys(flags)
          .sort()
          .map((name) => [name, flagTree(flags[name])]),
      ),
    };
  }
  return tree;
}

/** @param {Record<string, unknown>} flag @returns {FlagTree} */
function flagTree({ type, required, default: value, options, values, list, char, aliases, allowNo, multiple }) {
  // The values of a list are those of its items, and the list is text.
  const one = options ?? (list ? undefined : values);
  return tidy({ type, required, default: value, options: one, char, aliases, negatable: allowNo, list: multiple });
}

/**
 * Without what is not set: a flag that is not required says nothing of it.
 * @param {Record<string, unknown>} facts @returns {any}
 */
function tidy(facts) {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined && value !== false));
}

/** @returns {Promise<Record<string, number>>} kind of failure → exit code, from src/errors.ts */
async function exitCodes() {
  const built = await build({ entryPoints: [join(root, "src/errors.ts")], write: false, format: "esm" });
  const code = Buffer.from(built.outputFiles[0]?.contents ?? "").toString("base64");
  return (await import(`data:text/javascript;base64,${code}`)).exitCodes;
}

/**
 * What a user of `before` would miss or stumble over in `now`, each as the changelog has to name it.
 * @param {Tree} before @param {Tree} now
 * @returns {string[]}
 */
export function breaks(before, now) {
  const codes = Object.entries(before.exitCodes)
    .filter(([kind, code]) => now.exitCodes[kind] !== code)
    .map(([kind, code]) => `exit code ${code} (${kind})`);
  const commands = Object.entries(before.commands).flatMap(([name, old]) => {
    const command = now.commands[name];
    return command === undefined ? [name] : commandBreaks(name, old, command);
  });
  return [...codes, ...commands];
}

/** @param {string} name @param {CommandTree} old @param {CommandTree} now */
function commandBreaks(name, old, now) {
  const found = gone(old.aliases, now.aliases).map((alias) => `alias ${alias} of ${name}`);
  for (const [index, arg] of old.args.entries()) {
    const same = now.args[index];
    if (same === undefined) found.push(`${name} <${arg.name}>`);
    else found.push(...gone(arg.options, same.options).map((value) => `${name} <${arg.name}> ${value}`));
  }
  for (const [index, arg] of now.args.entries())
    if (arg.required && !old.args[index]?.required) found.push(`${name} without <${arg.name}>`);
  for (const [flag, facts] of Object.entries(old.flags)) {
    const same = now.flags[flag];
    found.push(...(same === undefined ? [`${name} --${flag}`] : flagBreaks(`${name} --${flag}`, facts, same)));
  }
  for (const [flag, { required }] of Object.entries(now.flags))
    if (required && !old.flags[flag]?.required) found.push(`${name} without --${flag}`);
  return found;
}

/** @param {string} name @param {FlagTree} old @param {FlagTree} now */
function flagBreaks(name, old, now) {
  const found = gone(old.options, now.options).map((value) => `${name} ${value}`);
  if (old.options === undefined && now.options !== undefined) found.push(`${name} with any value`);
  found.push(...gone(old.aliases, now.aliases).map((alias) => `${name} as --${alias}`));
  if (old.type !== now.type) found.push(`${name} as ${old.type}`);
  if (String(old.default) !== String(now.default)) found.push(`${name} by default ${old.default}`);
  if (old.char !== undefined && old.char !== now.char) found.push(`${name} as -${old.char}`);
  if (old.negatable && !now.negatable) found.push(`${name.replace("--", "--no-")}`);
  if (old.list && !now.list) found.push(`${name} more than once`);
  return found;
}

/** @param {string[]} [old] @param {string[]} [now] */
function gone(old = [], now) {
  return now === undefined ? [] : old.filter((value) => !now.includes(value));
}

/**
 * What the changelog owns up to: the words in backticks below "### Removed" of its newest part.
 * @param {string} changelog
 * @returns {string[]}
 */
export function removedIn(changelog) {
  const newest = changelog.split(/^## /m)[1] ?? "";
  const removed = newest.split(/^### /m).find((part) => part.startsWith("Removed")) ?? "";
  return [...removed.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? "");
}

/** @param {Tree} tree one line a command, so that a change is one line too */
function text({ exitCodes, commands }) {
  const lines = Object.entries(commands).map(
    ([name, command]) => `${JSON.stringify(name)}: ${JSON.stringify(command)}`,
  );
  return `{\n"exitCodes": ${JSON.stringify(exitCodes)},\n"commands": {\n${lines.join(",\n")}\n}\n}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const tree = await commandTree();
  await mkdir(join(root, "test/snapshot"), { recursive: true });
  await writeFile(join(root, "test/snapshot/commands.json"), text(tree));
  process.stdout.write(`wrote test/snapshot/commands.json, ${Object.keys(tree.commands).length} commands\n`);
}
