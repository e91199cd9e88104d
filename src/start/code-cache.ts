/**
 * Loads the program's own chunks with V8's compiled code from the last run, which saves a third of the start-up.
 *
 * Node's CommonJS loader on Node 20 cannot do that, so this is a small one beside it: chunks come from here, everything
 * else from Node's require. The compiled code is taken when the process ends, because then it also holds the functions
 * that were compiled on the way. It lies in the user's own cache folder, never in a shared one: who can write there can
 * make this program run anything. Any trouble means no more than that nothing is saved.
 */
import { lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, isAbsolute, join } from "node:path";
import { Script } from "node:vm";

/** A hash of all chunks, written in when they are built: V8 itself compares no more of a source than its length. */
declare const ATOA_BUILD: string;

interface Loaded {
  exports: unknown;
}

interface Cache {
  /** Exists already and is the user's own. */
  readonly base: string;
  /** Folders below it, the last of which is for this build of the program and this Node. */
  readonly below: readonly string[];
  readonly folder: string;
}

const [head, tail] = ["(function(exports,require,module,__filename,__dirname){", "\n})"];

/**
 * Loads a chunk and what it needs.
 * @param entry absolute path of the chunk; all others lie beside or below it
 * @param nodeRequire Node's own require, for everything that is no chunk
 * @param kind names a set of compiled code: runs that use other functions of the same chunks keep their own
 */
export function loadCached(entry: string, nodeRequire: NodeJS.Require, kind: string): unknown {
  const cache = cacheFor(process.env);
  if (cache === undefined) return nodeRequire(entry);
  const readable = isOwn(cache.folder);
  const dist = join(dirname(entry), "/");
  const modules = new Map<string, Loaded>();
  const fresh = new Map<string, Script>();

  function load(path: string): unknown {
    const known = modules.get(path);
    if (known !== undefined) return known.exports;
    const module: Loaded = { exports: {} };
    modules.set(path, module);
    const name = `${path.slice(dist.length).replace(/[\\/]/g, "~")}-${kind}`;
    const cachedData = readable ? readCode(join(cache?.folder ?? "", name)) : undefined;
    // The chunks are ASCII, and read as such they are read faster.
    const script = new Script(head + readFileSync(path, "latin1") + tail, {
      filename: path,
      columnOffset: -head.length,
      ...(cachedData === undefined ? {} : { cachedData }),
    });
    if (cachedData === undefined || script.cachedDataRejected === true) fresh.set(name, script);
    const folder = dirname(path);
    const require = (wanted: string) => {
      if (wanted.startsWith("./") || wanted.startsWith("../")) return load(join(folder, wanted));
      return wanted.startsWith(dist) ? load(wanted) : nodeRequire(wanted);
    };
    const scope = [module.exports, Object.assign(require, nodeRequire), module, path, folder];
    script.runInThisContext().apply(module.exports, scope);
    return module.exports;
  }

  process.once("exit", () => {
    if (fresh.size > 0) save(cache, fresh);
  });
  return load(entry);
}

/** Where compiled code is kept, or undefined when it is not to be. */
function cacheFor({ ATOA_CODE_CACHE, ATOA_DEBUG, NODE_V8_COVERAGE, ...others }: NodeJS.ProcessEnv): Cache | undefined {
  // Stack traces with source maps and coverage reports need Node's own loader.
  if (ATOA_CODE_CACHE === "0" || ATOA_DEBUG === "1" || NODE_V8_COVERAGE !== undefined) return undefined;
  const { HOME, XDG_CACHE_HOME, LOCALAPPDATA } = others;
  const windows = process.platform === "win32";
  const base = windows ? LOCALAPPDATA : XDG_CACHE_HOME || HOME;
  if (base === undefined || !isAbsolute(base)) return undefined;
  const caches = process.platform === "darwin" ? ["Library", "Caches"] : [".cache"];
  const own = ["atoa", `code-${ATOA_BUILD}-${process.version}-${process.arch}`];
  const below = windows || XDG_CACHE_HOME ? own : [...caches, ...own];
  return { base, below, folder: join(base, ...below) };
}

/**
 * Compiled code lies in its file twice. V8 believes what it gets, and a flipped bit would crash every start from then on;
 * no other check is as cheap as comparing two copies.
 */
function readCode(file: string): Buffer | undefined {
  try {
    const both = readFileSync(file);
    const code = both.subarray(0, both.length / 2);
    return code.equals(both.subarray(both.length / 2)) ? code : undefined;
  } catch {
    return undefined;
  }
}

function save({ base, below, folder }: Cache, fresh: ReadonlyMap<string, Script>): void {
  try {
    const known = isOwn(folder);
    // One by one, because mkdir with `recursive` never comes back from a place such as /proc.
    if (!isOwn(base)) return;
    for (const index of below.keys()) makeFolder(join(base, ...below.slice(0, index + 1)));
    if (!isOwn(folder)) return;
    if (!known) clearOld(dirname(folder));
    for (const [name, script] of fresh) {
      const temporary = join(folder, `${name}.${process.pid}`);
      const code = script.createCachedData();
      writeFileSync(temporary, Buffer.concat([code, code]), { mode: 0o600 });
      renameSync(temporary, join(folder, name));
    }
  } catch {
    // A full disk, a read-only home: the next start is as slow as this one.
  }
}

/** Other builds and other versions of Node leave folders that nobody opens again. They go after a month without a change. */
function clearOld(parent: string): void {
  const limit = Date.now() - 30 * 24 * 60 * 60 * 1000;
  for (const name of readdirSync(parent).filter((one) => one.startsWith("code-"))) {
    const path = join(parent, name);
    if (statSync(path).mtimeMs < limit) rmSync(path, { recursive: true, force: true });
  }
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}

/** True for a folder of this very user that nobody else may write to. With sudo, HOME may be somebody else's. */
function isOwn(folder: string): boolean {
  try {
    const facts = lstatSync(folder);
    return process.getuid === undefined || (facts.uid === process.getuid() && (facts.mode & 0o022) === 0);
  } catch {
    return false;
  }
}
