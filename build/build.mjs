// @ts-check
/**
 * Builds what bin/run.js needs: lazy CommonJS chunks in dist/ and oclif.manifest.json beside package.json.
 *
 * Two steps, because esbuild splits ESM only and CommonJS starts faster and can be code-cached on every Node:
 * bundle with splitting as ESM, then turn each chunk into CommonJS. A dynamic import() becomes a lazy require().
 */
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import { writeManifest } from "./manifest.mjs";
import { yamlPlugin } from "./yaml-plugin.mjs";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");

/** @param {string} folder @returns {Promise<string[]>} */
async function filesBelow(folder) {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/**
 * Bundles the sources into outdir as CommonJS chunks.
 * @param {string} outdir
 */
export async function bundle(outdir) {
  await rm(outdir, { recursive: true, force: true });
  const commands = (await filesBelow(join(root, "src/commands"))).filter((file) => file.endsWith(".ts"));
  const others = ["src/main.ts", "src/credentials/keychain-child.ts"].map((file) => join(root, file)).filter(existsSync);
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
    const inline = map === undefined ? "" : `\n//# sourceMappingURL=data:application/json;base64,${Buffer.from(map).toString("base64")}`;
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
    await writeFile(file.path, `${cjs.code}//# sourceMappingURL=${file.path.split("/").pop()}.map\n`);
    await writeFile(`${file.path}.map`, cjs.map);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await bundle(join(root, "dist"));
  await writeManifest(root);
  const manifest = JSON.parse(await readFile(join(root, "oclif.manifest.json"), "utf8"));
  process.stdout.write(`built dist/ with ${Object.keys(manifest.commands).length} commands\n`);
}
