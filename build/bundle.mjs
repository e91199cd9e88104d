// @ts-check
/**
 * Bundles the sources into lazy CommonJS chunks.
 *
 * Two steps, because esbuild splits ESM only and CommonJS starts faster and can be code-cached on every Node:
 * bundle with splitting as ESM, then turn each chunk into CommonJS. A dynamic import() becomes a lazy require().
 */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import * as esbuild from "esbuild";
import { slimOclif } from "./slim-oclif.mjs";
import { yamlPlugin } from "./yaml-plugin.mjs";

/** @param {string} folder @returns {Promise<string[]>} */
async function filesBelow(folder) {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/** @type {import("esbuild").BuildOptions} */
const common = {
  bundle: true,
  platform: "node",
  target: "node20",
  sourcemap: true,
  sourcesContent: false,
  logLevel: "warning",
};

/** @type {import("esbuild").CommonOptions} */
const small = { platform: "node", target: "node20", minifyWhitespace: true, minifySyntax: true, legalComments: "none" };

/**
 * @param {string} root the project
 * @param {string} outdir where dist/ is made
 * @param {{ slim: boolean }} [options] false takes the libraries as they come, to compare with
 */
export async function bundle(root, outdir, { slim } = { slim: true }) {
  const build = await bundleProgram(root, outdir, slim ? [slimOclif(), slimUndici] : []);
  await bundleStart(root, outdir, build);
}

/**
 * undici asks Node's HTTP modules for a default, the largest size of headers in bytes, and for HTTP/2, which nothing here
 * speaks. It works without them, and loading them takes a tenth of the time of a request. Of Node's assert it calls nothing but
 * the function itself; loading that one opens stderr, in order to see whether it has colours.
 * @type {import("esbuild").Plugin}
 */
const slimUndici = {
  name: "slim-undici",
  setup(build) {
    build.onResolve({ filter: /^node:http2?$/ }, ({ path, importer }) =>
      /[\\/]node_modules[\\/]undici[\\/]/.test(importer) ? { path, namespace: "http" } : null,
    );
    build.onLoad({ filter: /.*/, namespace: "http" }, () => ({
      contents: "export const maxHeaderSize = 16_384; export const constants = {};",
    }));
    build.onResolve({ filter: /^node:assert$/ }, ({ path, importer }) =>
      /[\\/]node_modules[\\/]undici[\\/]/.test(importer) ? { path, namespace: "assert" } : null,
    );
    build.onLoad({ filter: /.*/, namespace: "assert" }, () => ({
      contents: `module.exports = (value, message) => {
        if (value) return;
        throw message instanceof Error ? message : Object.assign(new Error(message), { code: "ERR_ASSERTION" });
      };`,
    }));
  },
};

/**
 * The program: main.ts and every command, in chunks that are loaded when they are needed.
 * @param {string} root @param {string} outdir @param {import("esbuild").Plugin[]} plugins
 * @returns {Promise<string>} a hash of what was built
 */
async function bundleProgram(root, outdir, plugins) {
  const commands = (await filesBelow(join(root, "src/commands"))).filter((file) => file.endsWith(".ts")).sort();
  const others = ["src/main.ts", "src/credentials/keychain-child.ts", "src/emulator/index.ts"]
    .map((file) => join(root, file))
    .filter(existsSync);
  const result = await esbuild.build({
    ...common,
    absWorkingDir: root,
    entryPoints: [...others, ...commands],
    outdir,
    outbase: join(root, "src"),
    splitting: true,
    format: "esm",
    write: false,
    chunkNames: "chunks/[name]-[hash]",
    external: ["keytar"],
    loader: { ".bash": "text", ".fish": "text", ".ps1": "text", ".zsh": "text" },
    alias: Object.fromEntries(
      ["index", "create", "script"].map((name) => [
        `@oclif/plugin-autocomplete/commands/${name}`,
        `./node_modules/@oclif/plugin-autocomplete/lib/commands/autocomplete/${name}.js`,
      ]),
    ),
    plugins: [...plugins, yamlPlugin()],
  });
  const hash = createHash("sha256");
  const maps = new Map(result.outputFiles.filter((f) => f.path.endsWith(".map")).map((f) => [f.path, f.text]));
  for (const file of result.outputFiles
    .filter((f) => f.path.endsWith(".js"))
    .sort((a, b) => (a.path < b.path ? -1 : 1))) {
    const map = Buffer.from(maps.get(`${file.path}.map`) ?? "").toString("base64");
    const source = file.text.replace(sourceMapComment, "");
    const cjs = await esbuild.transform(`${source}\n//# sourceMappingURL=data:application/json;base64,${map}`, {
      ...small,
      format: "cjs",
      supported: { "dynamic-import": false },
      sourcemap: "external",
      sourcesContent: false,
      sourcefile: relative(root, file.path),
    });
    hash.update(relative(outdir, file.path)).update(cjs.code);
    await writeChunk(file.path, outdir, cjs.code, cjs.map);
  }
  await writeEmulatorTypes(root, outdir);
  return hash.digest("hex").slice(0, 12);
}

/**
 * The types of `@atoapayments/atoa-cli/emulator`: src/emulator/handle.ts holds types only, so it is a declaration file as it stands.
 * @param {string} root @param {string} outdir
 */
async function writeEmulatorTypes(root, outdir) {
  const types = await readFile(join(root, "src/emulator/handle.ts"), "utf8");
  await writeFile(join(outdir, "emulator/index.d.ts"), `${types}${emulatorValues}`);
}

const emulatorValues = `
/** Starts an emulator; it is ready when the promise resolves. Rejects when the port is taken or a file cannot be used. */
export declare function startEmulator(options?: EmulatorOptions): Promise<Emulator>;

/** What all of it throws: an id that nobody has, a state that does not allow it, input that makes no sense, a port that is taken. */
export declare class EmulatorError extends Error {
  readonly kind: EmulatorErrorKind;
  /** Machine code, such as PAYMENT_REQUEST_NOT_FOUND. */
  readonly code?: string;
  /** What to do, where the message does not say it. */
  readonly hint: string | undefined;
}
`;

/**
 * What bin/run.js loads by itself, each as one file without chunks.
 * @param {string} root @param {string} outdir @param {string} build names the build, for caches
 */
async function bundleStart(root, outdir, build) {
  const result = await esbuild.build({
    ...common,
    ...small,
    absWorkingDir: root,
    entryPoints: [
      "src/start/code-cache.ts",
      "src/start/help-page.ts",
      "src/start/save-code.ts",
      "src/completion/answer.ts",
      "src/completion/dynamic-values.ts",
    ].map((file) => join(root, file)),
    outdir,
    outbase: join(root, "src"),
    format: "cjs",
    // Half the time to compile. The chunks keep their names, for stack traces; here no error is ever shown.
    minifyIdentifiers: true,
    write: false,
    define: { ATOA_BUILD: JSON.stringify(build) },
  });
  const maps = new Map(result.outputFiles.map(({ path, text }) => [path, text]));
  for (const { path, text } of result.outputFiles.filter(({ path }) => path.endsWith(".js"))) {
    await writeChunk(path, outdir, text.replace(sourceMapComment, "\n"), maps.get(`${path}.map`) ?? "");
  }
}

const sourceMapComment = /\n\/\/# sourceMappingURL=.*\s*$/;

/**
 * A chunk and its source map, which names its sources from the project's folder however many steps made it. The maps
 * stay in a clone: stack traces there and coverage read them, the package leaves them out.
 * @param {string} path @param {string} outdir @param {string} code @param {string} map
 */
async function writeChunk(path, outdir, code, map) {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `${code}//# sourceMappingURL=${basename(path)}.map\n`);
  const root = relative(dirname(path), dirname(outdir));
  const { sources, ...rest } = JSON.parse(map);
  const named = sources.map((/** @type {string} */ source) => `${root}/${source.replace(/^(?:\.\.\/)+/, "")}`);
  await writeFile(`${path}.map`, JSON.stringify({ ...rest, sources: named }));
}
