// @ts-check
/**
 * Makes @oclif/core start four times as fast, without changing what it prints: nothing is loaded before it is used.
 *
 * Each change is a pattern in a file of oclif. A pattern that is not found exactly once fails the build, so that an update
 * of oclif is looked at and never half applied. test/unit/build compares the result with oclif as it comes.
 */
import { readFile } from "node:fs/promises";
import { dirname, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { replaceOnce } from "./replace-once.mjs";

const library = dirname(fileURLToPath(import.meta.resolve("@oclif/core")));

/** The names that the program uses, each from the module that defines it: the index would load them all. */
const entry = `
  export { Command } from "./command.js";
  export { Config } from "./config/config.js";
  export { Plugin } from "./config/plugin.js";
  export { settings } from "./settings.js";
  export * as Args from "./args.js";
  export * as Flags from "./flags.js";
`;

/** oclif's plugin also needs its terminal parts, which take time to load. */
const entryOfPlugin = `${entry}export { ux } from "./ux/index.js";`;

/**
 * File of oclif → what is replaced by what.
 * @type {Readonly<Record<string, readonly (readonly [find: string, replacement: string])[]>>}
 */
const changes = {
  // Comparing by locale loads a collator of ICU: 6 ms. Command ids are ASCII.
  "config/plugin.js": [["a.id.localeCompare(b.id)", "(a.id < b.id ? -1 : a.id > b.id ? 1 : 0)"]],
  // src/argv.ts has refused flags in the place of values; `--notes=--yes` is meant as it stands.
  "parser/parse.js": [["typeof input !== 'string' || this.findFlag(input).name", "typeof input !== 'string'"]],
  // The promises of fs bring readline with them.
  "util/fs.js": [["await (0, promises_1.readFile)(path, 'utf8')", "(0, node_fs_1.readFileSync)(path, 'utf8')"]],
  // Which shell it is matters to updaters. On Windows oclif starts a PowerShell to find out, at every start.
  "util/os.js": [["await determineWindowsShell()", `(process.env.COMSPEC ?? "cmd.exe")`]],
};

const required =
  /^(?:const|var) (\w+) = (?:__importDefault\((require\((["'])[^"'\n]+\3\))\)|(?:__importStar\()?(require\((["'])[^"'\n]+\5\))\)?);$/gm;

/**
 * Turns `const x_1 = require("m")` at the top of a file into `require("m")` wherever x_1 stands.
 * @param {string} code @param {string} file for the error
 */
export function requireWhereUsed(code, file) {
  /** @type {Map<string, string>} */
  const expressions = new Map();
  const body = code.replace(required, (_, name, asDefault, _q1, plain) => {
    expressions.set(name, asDefault === undefined ? `(${plain})` : `(__importDefault(${asDefault}))`);
    return "";
  });
  const left = /^(?:const|let|var) .*\brequire\(.*$/m.exec(body);
  if (left !== null) throw new Error(`slim-oclif: ${file} loads a module in a new way: ${left[0]}`);
  const result = body.replace(/(?<![.\w$])\w+(?=[.()])/g, (name) => expressions.get(name) ?? name);
  const missed = [...expressions.keys()].find((name) => /_\d+$/.test(name) && new RegExp(`\\b${name}\\b`).test(result));
  if (missed !== undefined) throw new Error(`slim-oclif: ${file} uses ${missed} in a new way`);
  return result;
}

/**
 * @param {string} code @param {string} file relative to oclif's lib/, with slashes
 */
export function slimmed(code, file) {
  const text = replaceOnce(code, changes[file] ?? [], `oclif's ${file}`);
  return requireWhereUsed(text, file);
}

/**
 * What oclif loads to find commands without a manifest, to read configuration files of its own, to transpile TypeScript
 * and to spin. Nothing of that can happen here, and it is nearly half of all the code.
 */
const unreachable = /^(?:cli-spinners|get-package-type|lilconfig|minimatch|tinyglobby|typescript)$/;

/**
 * Whether this is Linux under Windows decides nothing here, and finding out reads files. oclif's own log, for DEBUG=oclif,
 * looks at the terminal and its colours before the first line, and ATOA_DEBUG=1 shows what users need.
 * @type {Readonly<Record<string, string>>}
 */
const standIns = { "wsl-utils": "export const isWsl = false;", debug: "export default () => () => {};" };

/** @returns {import("esbuild").Plugin} */
export function slimOclif() {
  return {
    name: "slim-oclif",
    setup(build) {
      /** @type {Set<string>} */
      const seen = new Set();
      build.onStart(() => seen.clear());
      build.onResolve({ filter: /^@oclif\/core$/ }, ({ importer }) => ({
        path: importer.includes("plugin-autocomplete") ? "plugin" : "program",
        namespace: "oclif",
        sideEffects: false,
      }));
      build.onLoad({ filter: /.*/, namespace: "oclif" }, ({ path }) => ({
        contents: path === "plugin" ? entryOfPlugin : entry,
        resolveDir: library,
      }));
      build.onResolve({ filter: /^(?:debug|wsl-utils)$/ }, ({ path, importer }) =>
        importer.includes("node_modules") ? { path, namespace: "stand-in" } : null,
      );
      build.onLoad({ filter: /.*/, namespace: "stand-in" }, ({ path }) => ({ contents: standIns[path] ?? "" }));
      build.onResolve({ filter: unreachable }, ({ path, importer }) =>
        importer.startsWith(library) ? { path, namespace: "unreachable" } : null,
      );
      build.onLoad({ filter: /.*/, namespace: "unreachable" }, ({ path }) => ({
        contents: `throw new Error("atoa is built without ${path}")`,
      }));
      build.onLoad({ filter: /[\\/]@oclif[\\/]core[\\/]lib[\\/].*\.js$/ }, async ({ path }) => {
        const file = relative(library, path).split(sep).join("/");
        seen.add(file);
        return { contents: slimmed(await readFile(path, "utf8"), file) };
      });
      build.onEnd(() => {
        const missed = Object.keys(changes).filter((file) => !seen.has(file));
        return missed.length === 0
          ? {}
          : { errors: missed.map((file) => ({ text: `slim-oclif: oclif has no ${file}` })) };
      });
    },
  };
}
