// @ts-check
/**
 * Bundles the sources into lazy CommonJS chunks.
 *
 * Two steps, because esbuild splits ESM only and CommonJS starts faster and can be code-cached on every Node:
 * bundle with splitting as ESM, then turn each chunk into CommonJS. A dynamic import() becomes a lazy require().
 */
import { existsSync } from "node:fs";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import * as esbuild from "esbuild";
import { yamlPlugin } from "./yaml-plugin.mjs";

/** @param {string} folder @returns {Promise<string[]>} */
async function filesBelow(folder) {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/**
 * @param {string} root the project
 * @param {string} outdir where dist/ is made
 */
export async function bundle(root, outdir) {
  const commands = (await filesBelow(join(root, "src/commands"))).filter((file) => file.endsWith(".ts")).sort();
  const others = ["src/main.ts", "src/credentials/keychain-child.ts"]
    .map((file) => join(root, file))
    .filter(existsSync);
  const result = await esbuild.build({
    absWorkingDir: root,
    entryPoints: [...others, ...commands],
    outdir,
    outbase: join(root, "src"),
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20",
    chunkNames: "chunks/[name]-[hash]",
    external: ["keytar"],
    sourcemap: true,
    write: false,
    logLevel: "warning",
    plugins: [yamlPlugin()],
  });
  const maps = new Map(result.outputFiles.filter((f) => f.path.endsWith(".map")).map((f) => [f.path, f.text]));
  for (const file of result.outputFiles) {
    if (!file.path.endsWith(".js")) continue;
    const map = maps.get(`${file.path}.map`);
    const inline =
      map === undefined
        ? ""
        : `\n//# sourceMappingURL=data:application/json;base64,${Buffer.from(map).toString("base64")}`;
    const cjs = await esbuild.transform(file.text.replace(/\n\/\/# sourceMappingURL=.*\s*$/, "") + inline, {
      format: "cjs",
      platform: "node",
      target: "node20",
      supported: { "dynamic-import": false },
      minifyWhitespace: true,
      minifySyntax: true,
      sourcemap: "external",
      sourcefile: relative(root, file.path),
      loader: "js",
    });
    await mkdir(dirname(file.path), { recursive: true });
    await writeFile(file.path, `${cjs.code}//# sourceMappingURL=${basename(file.path)}.map\n`);
    await writeFile(`${file.path}.map`, cjs.map);
  }
}
