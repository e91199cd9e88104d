import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { bundledPackages, licenceFile } from "../../build/licences.mjs";

/** The package as strangers get it: packed, then installed globally into an empty prefix, with an empty home. */

export const root = resolve(import.meta.dirname, "../..");
const windows = process.platform === "win32";

export interface Packed {
  readonly tarball: string;
  readonly bytes: number;
  /** Name and version of what packed it. */
  readonly by: string;
  /** Paths in the package, sorted. */
  readonly files: readonly string[];
}

/** Where a test file keeps what it makes; gone afterwards. */
export function workshop(): { folder: string; clear: () => void } {
  const folder = mkdtempSync(join(tmpdir(), "atoa-pack-"));
  return { folder, clear: () => rmSync(folder, { recursive: true, force: true }) };
}

/**
 * Packs what is built. It is done on a copy, because `npm pack` itself builds first (prepack) and other tests are using dist/.
 */
export async function pack(folder: string): Promise<Packed> {
  const copy = join(folder, "package");
  mkdirSync(copy);
  const { files } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { files: string[] };
  const listed = files.filter((name) => !name.startsWith("!"));
  for (const name of ["package.json", "README.md", "LICENSE", ...listed]) {
    cpSync(join(root, name), join(copy, name), { recursive: true });
  }
  writeFileSync(join(copy, "dist/THIRD-PARTY-LICENCES.txt"), licenceFile(bundledPackages()));
  const { stdout } = await npm(["pack", "--ignore-scripts", "--json", "--pack-destination", folder], copy, {});
  const [facts] = JSON.parse(stdout) as [{ filename: string; size: number; files: { path: string }[] }];
  return {
    tarball: join(folder, facts.filename),
    by: `npm ${(await npm(["--version"], root, {})).stdout.trim()}`,
    bytes: facts.size,
    files: facts.files.map(({ path }) => path).sort(),
  };
}

export interface Installation {
  /** What npm said while installing, but for what it says of its own settings. */
  readonly said: readonly string[];
  /** Folder of the installed package. */
  readonly package: string;
  /** Runs the installed program (or another one on its PATH) with the empty home. */
  run(command: string, args: readonly string[], stdin?: string): Promise<Result>;
  uninstall(): Promise<Result>;
}

interface Result {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Installs the tarball: `npm install -g` into a prefix of its own. Without optional dependencies it goes into an empty project, because
 * npm does not leave them out of a global installation from a file (npm/cli#8284).
 */
export async function install(tarball: string, folder: string, optional: boolean): Promise<Installation> {
  const place = mkdtempSync(join(folder, "installation-"));
  const [prefix, home] = [join(place, "prefix"), join(place, "home")];
  mkdirSync(prefix);
  mkdirSync(home);
  const own = { HOME: home, USERPROFILE: home, LOCALAPPDATA: home, APPDATA: home };
  const settings = { ...own, ...(await sharedSettings()) };
  const where = optional ? ["--global", "--prefix", prefix] : ["--prefix", prefix, "--omit=optional"];
  if (!optional) writeFileSync(join(prefix, "package.json"), '{ "private": true }');
  const quiet = ["--prefer-offline", "--no-update-notifier", "--no-audit", "--no-fund"];
  const installed = await npm(["install", ...where, ...quiet, tarball], place, settings);
  const modules = join(prefix, optional && !windows ? "lib/node_modules" : "node_modules");
  const bin = optional ? join(prefix, windows ? "" : "bin") : join(modules, ".bin");
  const { PATH = "", SystemRoot, NODE_V8_COVERAGE } = process.env;
  const bare = { ...own, PATH: [bin, PATH].join(delimiter), SystemRoot, NODE_V8_COVERAGE, TMPDIR: place, TEMP: place };
  return {
    said: `${installed.stdout}\n${installed.stderr}`.split("\n").filter(isOfThePackage),
    package: join(modules, "@atoapayments/atoa-cli"),
    run: (command, args, stdin) => run(command, args, { cwd: place, env: bare, stdin }),
    uninstall: () => npm(["uninstall", ...where, "@atoapayments/atoa-cli"], place, settings),
  };
}

/**
 * npm talks of its own settings and newer versions, and lately of install scripts that it did or did not run: the keychain
 * module has one that it does not need. Everything else would be about us.
 */
const ofNpm =
  /^npm (warn|notice)( (Unknown .* config|install-scripts|New (major|minor|patch) version|Changelog|To update)|$)/;

function isOfThePackage(line: string): boolean {
  return line.trim() !== "" && !ofNpm.test(line);
}

/** The registry and the cache of this machine: an empty home knows neither, and the cache spares the network. */
async function sharedSettings(): Promise<Record<string, string>> {
  const get = async (name: string) => (await npm(["config", "get", name], root, {})).stdout.trim();
  return { npm_config_registry: await get("registry"), npm_config_cache: await get("cache") };
}

async function npm(args: readonly string[], cwd: string, env: Record<string, string>): Promise<Result> {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^npm_/i.test(name) || name === "npm_config_registry",
  );
  const result = await run("npm", args, { cwd, env: { ...Object.fromEntries(inherited), ...env } });
  if (result.code !== 0) throw new Error(`npm ${args.join(" ")} ended with ${result.code}:\n${result.stderr}`);
  return result;
}

function run(
  command: string,
  args: readonly string[],
  { cwd, env, stdin = "" }: { cwd: string; env: NodeJS.ProcessEnv; stdin?: string | undefined },
): Promise<Result> {
  return new Promise((done) => {
    const options = { cwd, env, shell: windows, maxBuffer: 64 * 1024 * 1024, timeout: 120_000 };
    // Windows needs a shell to find npm and atoa, and the shell needs quotes.
    const words = windows ? args.map((arg) => (/\s/.test(arg) ? `"${arg}"` : arg)) : args;
    const child = execFile(command, words, options, (error, stdout, stderr) => {
      done({ code: typeof error?.code === "number" ? error.code : error === null ? 0 : -1, stdout, stderr });
    });
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(stdin);
  });
}
