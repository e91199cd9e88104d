// @ts-check
/**
 * `npm run mutate`: breaks the program in one place at a time, as mutations.mjs lists them, and sees whether a test notices.
 * Coverage says what ran; this says what is held. Every mutant is made in a copy of the project; the project stays as it is.
 *
 *   npm run mutate -- logout argv   only mutations whose file or description holds one of these words
 *   npm run mutate -- --check       only whether every pattern and every test still is where it was
 *
 * Ends with 1 when a pattern has moved, a grave mutant survives, or fewer than 85 of 100 are killed.
 */
import { execFileSync, spawn } from "node:child_process";
import {
  accessSync,
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { mutations, testsFor } from "./mutations.mjs";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const [words, flags] = [process.argv.slice(2), process.argv.slice(2)].map((argv, index) =>
  argv.filter((word) => word.startsWith("--") === (index === 1)),
);
const least = 0.85;
const limitMs = 240_000;

/** @typedef {import("./mutations.mjs").Mutation} Mutation */

/** @param {Mutation} mutation @returns {string} the file with the change in it */
function mutated({ file, find, replace }) {
  const text = readFileSync(join(root, file), "utf8");
  const times = text.split(find).length - 1;
  if (times !== 1) throw new Error(`${file}: ${JSON.stringify(find)} is there ${times} times, and must be once`);
  return text.replace(find, () => replace);
}

/** @returns {Promise<string>} a copy of the project, with its packages, built */
async function copyOfProject() {
  mkdirSync(join(root, ".dev"), { recursive: true });
  const copy = mkdtempSync(join(root, ".dev/mutate-"));
  chmodSync(copy, 0o755); // Some tests are another user.
  const listed = execFileSync("git", ["ls-files", "-z", "-co", "--exclude-standard"], { cwd: root, encoding: "utf8" });
  for (const name of listed.split("\0")) if (name !== "") cpSync(join(root, name), join(copy, name), { force: true });
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
  const build = await run(copy, ["build/build.mjs"]);
  if (!build.passed) throw new Error(build.output);
  cpSync(join(copy, "dist"), join(copy, "unbroken-dist"), { recursive: true });
  return copy;
}

/** @param {string} cwd @param {string[]} argv @returns {Promise<{ passed: boolean, output: string }>} */
function run(cwd, argv) {
  const { CI: _, ATOA_TEST_FULL: __, ...env } = process.env;
  const child = spawn(process.execPath, argv, { cwd, env, stdio: ["ignore", "pipe", "pipe"], detached: true });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text) => (output += text));
  child.stderr.setEncoding("utf8").on("data", (text) => (output += text));
  // A mutant that never ends is noticed, too. The whole group goes: vitest has children of its own.
  const timer = setTimeout(() => child.pid !== undefined && process.kill(-child.pid, "SIGKILL"), limitMs);
  return new Promise((done) =>
    child.on("close", (code) => {
      clearTimeout(timer);
      done({ passed: code === 0, output });
    }),
  );
}

/** Runs tests in a copy: first those of src itself, and only if they pass those that need a build, as the emulator's do. @param {string} copy @param {readonly string[]} tests */
async function test(copy, tests) {
  const vitest = ["node_modules/vitest/vitest.mjs", "run", "--bail", "1", "--retry", "0"];
  const unit = tests.filter((name) => /^test\/(mocked|unit\/(?!emulator))/.test(name));
  const others = tests.filter((name) => !unit.includes(name));
  if (unit.length > 0) {
    const outcome = await run(copy, [...vitest, ...unit]);
    if (!outcome.passed || others.length === 0) return outcome;
  }
  const build = await run(copy, ["build/build.mjs"]);
  if (!build.passed) return { passed: false, output: `it does not build: ${build.output}` };
  return run(copy, [...vitest, ...others]);
}

/** @param {string} output @returns {string} the first test that failed, as vitest names it */
function killer(output) {
  const plain = stripVTControlCharacters(output);
  return (/^ *FAIL +(.*)$/m.exec(plain)?.[1] ?? plain.trim().split("\n").at(-1) ?? "").slice(0, 140);
}

const chosen = mutations.filter(
  ({ file, what }) => words?.length === 0 || words?.some((word) => `${file} ${what}`.includes(word)),
);
const texts = chosen.map((mutation) => {
  try {
    // A test that is not there fails, and would pass for one that notices.
    for (const name of testsFor(mutation)) accessSync(join(root, name));
    return { mutation, text: mutated(mutation) };
  } catch (error) {
    process.stderr.write(`${/** @type {Error} */ (error).message}\n`);
    process.exitCode = 1;
    return undefined;
  }
});
const queue = texts.filter((one) => one !== undefined);
if (process.exitCode !== 1 && !flags?.includes("--check")) await all();
else process.stdout.write(`${queue.length} of ${chosen.length} patterns are where they were\n`);

async function all() {
  const many = Math.max(1, Math.floor(availableParallelism() / 2));
  const copies = await Promise.all(Array.from({ length: many }, copyOfProject));
  try {
    const whole = [...new Set(chosen.flatMap(testsFor))];
    const baseline = await test(copies[0] ?? "", whole);
    if (!baseline.passed) throw new Error(`without any mutant the tests fail: ${killer(baseline.output)}`);
    /** @type {Mutation[]} */
    const survivors = [];
    const jobs = queue.values();
    const work = async (/** @type {string} */ copy) => {
      for (const { mutation, text } of jobs) {
        const file = join(copy, mutation.file);
        const original = readFileSync(file);
        writeFileSync(file, text);
        const { passed, output } = await test(copy, testsFor(mutation));
        if (passed) survivors.push(mutation);
        process.stdout.write(`${passed ? "SURVIVED" : "killed  "} ${mutation.file}: ${mutation.what}\n`);
        if (!passed) process.stdout.write(`         by ${killer(output)}\n`);
        writeFileSync(file, original);
        cpSync(join(copy, "unbroken-dist"), join(copy, "dist"), { recursive: true });
      }
    };
    await Promise.all(copies.map(work));
    report(survivors);
  } finally {
    for (const copy of copies) rmSync(copy, { recursive: true, force: true });
  }
}

/** @param {Mutation[]} survivors */
function report(survivors) {
  const score = 1 - survivors.length / queue.length;
  process.stdout.write(
    `\n${queue.length - survivors.length} of ${queue.length} killed, ${(100 * score).toFixed(0)} %\n`,
  );
  for (const { file, what, grave } of survivors) process.stdout.write(`${grave ? "GRAVE " : ""}${file}: ${what}\n`);
  if (score < least || survivors.some(({ grave }) => grave)) process.exitCode = 1;
}
