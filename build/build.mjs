// @ts-check
/**
 * Builds what bin/run.js needs: lazy CommonJS chunks in dist/ and oclif.manifest.json beside package.json.
 *
 * All of it is made in a folder of its own and put in place by renaming, so that a program that starts meanwhile finds
 * the old build or the new one, never half of each.
 */
import { execFileSync } from "node:child_process";
import { copyFile, mkdir, mkdtemp, readFile, rename, rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { bundle } from "./bundle.mjs";
import { writeCompletionData } from "./completion.mjs";
import { writeManifest } from "./manifest.mjs";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");

/**
 * Builds the package into `target`: package.json, dist/ and oclif.manifest.json.
 * @param {string} target an empty folder below the project, so that externals resolve
 * @returns {Promise<import("./manifest.mjs").Manifest>}
 */
export async function build(target) {
  await copyFile(join(root, "package.json"), join(target, "package.json"));
  await bundle(root, join(target, "dist"));
  const manifest = await writeManifest(target);
  const { oclif } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  await writeCompletionData(target, manifest, oclif.topics);
  const { PATH } = process.env;
  execFileSync(process.execPath, [join(root, "build/help-pages.mjs"), target], { env: { PATH } });
  return manifest;
}

/** @returns {Promise<string>} an empty folder below the project */
export async function scratchFolder() {
  await mkdir(join(root, ".dev"), { recursive: true });
  return mkdtemp(join(root, ".dev/build-"));
}

/** @param {string} from @param {string} to an existing folder is replaced */
async function putInPlace(from, to) {
  const old = `${from}-old`;
  await rename(to, old).catch((error) => {
    if (error.code !== "ENOENT") throw error;
  });
  await rename(from, to);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const scratch = await scratchFolder();
  try {
    const { commands } = await build(scratch);
    await putInPlace(join(scratch, "dist"), join(root, "dist"));
    await rename(join(scratch, "oclif.manifest.json"), join(root, "oclif.manifest.json"));
    process.stdout.write(`built dist/ with ${Object.keys(commands).length} commands\n`);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
