// @ts-check
/**
 * What is in the bundle that others wrote, and under which licence. `node build/licences.mjs` writes dist/THIRD-PARTY-LICENCES.txt,
 * which has to go wherever their code goes; with --audit it asks the registry for known vulnerabilities of just these packages.
 *
 * The source maps of dist/ know every file that went in, so nothing that was only installed is listed.
 */
import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const dist = join(root, "dist");

/**
 * @typedef {{ name: string, version: string, licence: string, text: string }} Bundled
 */

/** @returns {Bundled[]} every package of which a part is in dist/, by name */
export function bundledPackages() {
  /** @type {Map<string, Bundled>} */
  const found = new Map();
  for (const folder of packageFolders()) {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const licence = typeof license === "string" ? license : (license?.type ?? "");
    found.set(`${name}@${version}`, { name, version, licence, text: licenceText(folder) });
  }
  return [...found.values()].sort((a, b) => (`${a.name}@${a.version}` < `${b.name}@${b.version}` ? -1 : 1));
}

/** @returns {Set<string>} */
function packageFolders() {
  const maps = readdirSync(dist, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".map"));
  if (maps.length === 0) throw new Error("dist/ has no source maps: run `npm run build` first");
  /** @type {string[]} */
  const sources = maps.flatMap((map) => JSON.parse(readFileSync(join(dist, map), "utf8")).sources);
  // Where a path starts from depends on how many steps made the map; from node_modules on it is right.
  const paths = sources.map((source) => /node_modules\/(?:.*node_modules\/)?(?:@[^/]+\/)?[^/]+/.exec(source)?.[0]);
  return new Set(paths.filter((path) => path !== undefined).map((path) => join(root, path)));
}

/** @param {string} folder */
function licenceText(folder) {
  const names = readdirSync(folder).filter(
    (name) => /^(licen[cs]e|copying|notice)/i.test(name) && !/\.(js|ts)$/.test(name),
  );
  return names
    .sort()
    .map((name) => readFileSync(join(folder, name), "utf8").trim())
    .join("\n\n");
}

/** Licences whose terms a program under MIT can meet by carrying their text. */
export const compatible = new Set([
  "MIT",
  "ISC",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "0BSD",
  "Apache-2.0",
  "BlueOak-1.0.0",
  "Python-2.0",
  // File by file: those of the package are bundled as they are, and their source is on npm under the same name.
  "MPL-2.0",
]);

/** @param {Bundled[]} packages */
export function licenceFile(packages) {
  const parts = packages.map(({ name, version, licence, text }) => {
    const line = `${name} ${version} (${licence})`;
    // The Mozilla Public License asks where the source is; the others do not mind.
    const source = `Source: https://www.npmjs.com/package/${name}/v/${version}`;
    return `${line}\n${"=".repeat(line.length)}\n${source}\n\n${text || `Licensed under ${licence}; the package carries no text.`}\n`;
  });
  return `The program contains code of these packages, each under its own licence.\n\n${parts.join("\n\n")}`;
}

/** @returns {Promise<string[]>} known vulnerabilities of bundled packages and of what is installed with this one */
async function audit() {
  const options = { cwd: root, maxBuffer: 64 * 1024 * 1024, shell: process.platform === "win32" };
  const { stdout } = await promisify(execFile)("npm", ["audit", "--json"], options).catch((error) => error);
  const { vulnerabilities, message } = JSON.parse(stdout);
  if (vulnerabilities === undefined) throw new Error(`npm audit did not answer: ${message}`);
  const { optionalDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const names = new Set([...bundledPackages().map(({ name }) => name), ...Object.keys(optionalDependencies)]);
  /** @type {{ name: string, severity: string, range: string }[]} */
  const all = Object.values(vulnerabilities);
  return all.filter(({ name }) => names.has(name)).map(({ name, severity, range }) => `${severity}: ${name} ${range}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const packages = bundledPackages();
  if (process.argv.includes("--audit")) {
    const faults = await audit();
    process.stdout.write(
      `${faults.length} known vulnerabilities in ${packages.length} bundled packages\n${faults.join("\n")}\n`,
    );
    process.exitCode = faults.length === 0 ? 0 : 1;
  } else {
    if (!existsSync(dist)) throw new Error("there is no dist/: run `npm run build` first");
    await writeFile(join(dist, "THIRD-PARTY-LICENCES.txt"), licenceFile(packages));
    process.stdout.write(`wrote dist/THIRD-PARTY-LICENCES.txt, ${packages.length} packages\n`);
  }
}
