/**
 * Loads the program's own chunks with V8's compiled code from the last run, which saves a third of the start-up on every
 * supported Node (docs/decisions.md has the figures; Node's own enableCompileCache saves a fifth of that).
 *
 * Chunks come from here, everything else from Node's require. The compiled code is taken when the process ends, because
 * then it also holds the functions that were compiled on the way. It is only read from a directory that nobody but the
 * user can write to: who can write there can make this program run anything. Any trouble means that nothing is saved.
 */
import { lstatSync, readFileSync } from "node:fs";
import { dirname, isAbsolute, join, sep } from "node:path";
import { Script } from "node:vm";

/** A hash of all chunks, written in when they are built: V8 itself compares no more of a source than its length. */
declare const ATOA_BUILD: string;

interface Loaded {
  exports: unknown;
}

const [head, tail] = ["(function(exports,require,module,__filename,__dirname){", "\n})"];

/**
 * Loads a chunk and what it needs.
 * @param entry absolute path of the chunk; all others lie beside or below it
 * @param nodeRequire Node's own require, for everything that is no chunk
 */
export function loadCached(entry: string, nodeRequire: NodeJS.Require): unknown {
  const cache = cacheDirectory(process.env);
  if (cache === undefined) return nodeRequire(entry);
  const readable = isOwn(cache) ? cache : undefined;
  const dist = join(dirname(entry), "/");
  const modules = new Map<string, Loaded>();
  const fresh = new Map<string, Script>();

  function load(path: string): unknown {
    const known = modules.get(path);
    if (known !== undefined) return known.exports;
    const module: Loaded = { exports: {} };
    modules.set(path, module);
    const name = path.slice(dist.length).replace(/[\\/]/g, "~");
    const cachedData = readable === undefined ? undefined : readCode(join(readable, name));
    const script = new Script(head + readFileSync(path, "utf8") + tail, {
      filename: path,
      columnOffset: -head.length,
      ...(cachedData === undefined ? {} : { cachedData }),
    });
    if (cachedData === undefined || script.cachedDataRejected === true) fresh.set(name, script);
    const directory = dirname(path);
    const require = (wanted: string) => {
      // Most lie side by side, and to join their paths would take as long as to read one of them.
      if (/^\.\/[^/]+$/.test(wanted)) return load(directory + sep + wanted.slice(2));
      if (wanted.startsWith("./") || wanted.startsWith("../")) return load(join(directory, wanted));
      return wanted.startsWith(dist) ? load(wanted) : nodeRequire(wanted);
    };
    const scope = [module.exports, Object.assign(require, nodeRequire), module, path, directory];
    script.runInThisContext().apply(module.exports, scope);
    return module.exports;
  }

  process.once("exit", () => {
    if (fresh.size === 0) return;
    try {
      const { saveCode }: typeof import("./save-code") = nodeRequire(join(dist, "start/save-code.js"));
      saveCode(cache, fresh, isOwn);
    } catch {
      // A full disk, a read-only home, a package that is being replaced: the next start is as slow as this one.
    }
  });
  return load(entry);
}

/** Where compiled code of this build and this Node is kept, or undefined when it is not to be. */
function cacheDirectory({ ATOA_CODE_CACHE, ATOA_DEBUG, NODE_V8_COVERAGE, ...env }: NodeJS.ProcessEnv) {
  // Stack traces with source maps and coverage reports need Node's own loader.
  if (ATOA_CODE_CACHE === "0" || ATOA_DEBUG === "1" || NODE_V8_COVERAGE !== undefined) return undefined;
  const home = env.HOME ?? "";
  const caches =
    process.platform === "win32"
      ? (env.LOCALAPPDATA ?? "")
      : env.XDG_CACHE_HOME || join(home, process.platform === "darwin" ? "Library/Caches" : ".cache");
  if (!isAbsolute(caches)) return undefined;
  return join(caches, "atoa", `code-${ATOA_BUILD}-${process.version}-${process.arch}`);
}

function readCode(file: string): Buffer | undefined {
  try {
    // Reading a pipe or a device would not end.
    return lstatSync(file).isFile() ? readFileSync(file) : undefined;
  } catch {
    return undefined;
  }
}

/** True for a directory that belongs to this user and that only they may write to. With sudo, HOME may be another user's. */
function isOwn(directory: string): boolean {
  try {
    const facts = lstatSync(directory);
    if (!facts.isDirectory()) return false;
    return process.getuid === undefined || (facts.uid === process.getuid() && (facts.mode & 0o022) === 0);
  } catch {
    return false;
  }
}
