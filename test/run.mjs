// @ts-check
/**
 * `npm test`: the build, then the tests, beside them types, lint and the patterns of `npm run mutate`. In CI everything, with
 * coverage; at a desk what can break in a day's work.
 *
 *   npm test -- refunds            test files named so, and all other tests whose titles say so
 *   npm test -- --project shells   anything that begins with a dash goes to vitest as it is
 */
import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { leftOut } from "./projects.mjs";
import { full } from "./scale.mjs";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const vitest = join(root, "node_modules/vitest/vitest.mjs");
const words = process.argv.slice(2);

/**
 * Runs a program with node; its output is held back until it failed, or passed on.
 * @param {string[]} argv @param {boolean} quiet @param {AbortSignal} [signal] that kills it
 * @returns {Promise<boolean>} whether it ended with 0
 */
function run(argv, quiet, signal) {
  const child = spawn(process.execPath, argv, {
    cwd: root,
    signal,
    stdio: ["ignore", quiet ? "pipe" : "inherit", quiet ? "pipe" : "inherit"],
  });
  /** @type {Buffer[]} */
  const output = [];
  child.stdout?.on("data", (part) => output.push(part));
  child.stderr?.on("data", (part) => output.push(part));
  child.on("error", () => undefined); // That it was killed is its exit code.
  return new Promise((done) =>
    child.on("close", (code) => {
      if (code !== 0) process.stdout.write(Buffer.concat(output));
      done(code === 0);
    }),
  );
}

/** @param {string} script a script of package.json */
const npm = (script) => run([process.env.npm_execpath ?? "npm", "run", "--silent", script], true);

/** The texts of a test file and of all that it uses below test/. @param {string} file @param {Set<string>} [seen] @returns {string} */
function textsOf(file, seen = new Set()) {
  if (seen.has(file)) return "";
  seen.add(file);
  const text = readFileSync(file, "utf8");
  const used = [...text.matchAll(/"(\.{1,2}\/[^"]+)"|"([\w-]+\.txt)"/g)].map(
    ([, module, table]) => module ?? `./${table}`,
  );
  const names = used.flatMap((name) => [name, `${name}.ts`]).map((name) => resolve(dirname(file), name));
  const known = names.filter((name) => name.startsWith(join(root, "test/")) && files.has(name));
  return [text, ...known.map((name) => textsOf(name, seen))].join("\n");
}

const files = new Set(
  readdirSync(join(root, "test"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|txt)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name)),
);

/** @param {string} word @returns {Promise<boolean>} */
async function runAbout(word) {
  const tests = [...files].filter((file) => /test\/(unit|e2e|docs)\/.*\.test\.ts$/.test(file));
  const named = tests.filter((file) => file.slice(root.length).includes(word));
  const others = tests.filter((file) => !named.includes(file) && textsOf(file).includes(word));
  const whole = named.length === 0 || (await run([vitest, "run", ...named], false));
  const pattern = word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return (
    (others.length === 0 || (await run([vitest, "run", "--passWithNoTests", "-t", pattern, ...others], false))) && whole
  );
}

async function passes() {
  const [first = ""] = words;
  if (first !== "" && !first.startsWith("-")) {
    if (!(await npm("build"))) return false;
    for (const word of words) if (!(await runAbout(word))) return false;
    return true;
  }
  const patterns = run([join(root, "test/mutate/run.mjs"), "--check"], true);
  const checks = [npm("typecheck"), npm("lint"), patterns];
  if (!(await npm("build"))) return false;
  // What is wrong is said at once; there is no sense in two minutes of tests then.
  const failure = new AbortController();
  for (const check of checks) void check.then((good) => good || failure.abort());
  const argv = [vitest, "run", ...(full && first === "" ? ["--coverage"] : []), ...words];
  const passed = await run(argv, false, failure.signal);
  if ((await Promise.all(checks)).includes(false)) return false;
  if (full && first === "") return (await run([join(root, "test/coverage/report.mjs")], false)) && passed;
  process.stdout.write(leftOut());
  return passed;
}

if (!(await passes())) process.exitCode = 1;
