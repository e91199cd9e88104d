// @ts-check
/**
 * `npm run bench:start`: how long commands take from their start to their end, as a multiple of a Node that does nothing.
 *
 * Machines differ and are never quiet, so each command is measured in turn with its yardstick, and what counts is the
 * ratio of the medians. Ends with 1 when a budget is exceeded. BENCH_ROUNDS sets the number of pairs (21).
 */
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");
const rounds = Number(process.env.BENCH_ROUNDS ?? 21);
const home = mkdtempSync(join(tmpdir(), "atoa-bench-"));
const server = spawn(process.execPath, [join(import.meta.dirname, "stores-server.mjs")], {
  stdio: ["ignore", "pipe", "inherit"],
});
const origin = String(await new Promise((done) => server.stdout.once("data", done))).trim();

// Node 20 parses NODE_EXTRA_CA_CERTS at every start; that would flatter every ratio.
const { NODE_EXTRA_CA_CERTS: _, ATOA_CODE_CACHE: __, ...inherited } = process.env;
const env = { ...inherited, HOME: home, XDG_CACHE_HOME: "", ATOA_HOME: home, ATOA_BASE_URL: origin };

const token = "test-token-sandbox-bench";
const nothing = ["-e", "0"];
const atoa = (/** @type {string[]} */ ...argv) => [join(root, "bin/run.js"), ...argv];
const shortest = [join(import.meta.dirname, "shortest-undici.mjs"), join(home, "token"), origin];
// Node 20 starts sooner than what came after it, so the same work is a larger multiple there.
const budget = (/** @type {number} */ usual, /** @type {number} */ on20) =>
  process.versions.node.startsWith("20.") ? on20 : usual;

/** @type {readonly [what: string, argv: readonly string[], yardstick: readonly string[], budget: number][]} */
const rows = [
  ["atoa --version", atoa("--version"), nothing, 1.15],
  ['a TAB press: --complete-bash "atoa pay"', atoa("--complete-bash", "atoa pay"), nothing, 1.15],
  ["a TAB press with profile names", atoa("--complete-bash", "atoa --profile "), nothing, 1.15],
  ["atoa --help", atoa("--help"), nothing, 1.25],
  ["atoa payments --help", atoa("payments", "--help"), nothing, 1.25],
  ["atoa payments create -h", atoa("payments", "create", "-h"), nothing, 1.25],
  ["atoa profile list (file store)", atoa("profile", "list"), nothing, budget(1.9, 2.2)],
  ["atoa stores list (local server)", atoa("stores", "list"), nothing, budget(2.8, 3.2)],
  ["  the same, against the shortest undici script", atoa("stores", "list"), shortest, 0.5],
];

try {
  pair();
  let exceeded = false;
  process.stdout.write(`Node ${process.version}, medians of ${rounds} pairs\n\n`);
  for (const [what, argv, yardstick, budget] of rows) {
    let [ours, theirs] = medians(argv, yardstick);
    // Somebody else's work on the machine can spoil a row, but not three times in the same way.
    for (let again = 0; again < 2 && ours / theirs > budget; again++) [ours, theirs] = medians(argv, yardstick);
    exceeded ||= ours / theirs > budget;
    show(what, `${(ours / theirs).toFixed(2)} x`, `${budget.toFixed(2)} x`, ours / theirs > budget, ours, theirs);
  }
  const memory = peakMemory(atoa("stores", "list"));
  exceeded ||= memory > 70;
  show("peak memory of atoa stores list", `${memory.toFixed(0)} MiB`, "70 MiB", memory > 70);
  process.exitCode = exceeded ? 1 : 0;
} finally {
  server.kill();
  rmSync(home, { recursive: true, force: true });
}

/** A profile and its token in the files where `atoa login` would have put them. */
function pair() {
  const folder = join(home, ".config/atoa");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const tokenFingerprint = createHash("sha256").update(token).digest("hex").slice(0, 4);
  const key = { tokenFingerprint, sdkAccessId: "sda_1", apiOrigin: origin, store: "file" };
  const profile = { businessId: "b_1", displayName: "Acme", defaultEnv: "sandbox", envs: { sandbox: key } };
  const config = { schemaVersion: 1, activeProfile: "acme", profiles: { acme: profile } };
  const secrets = { "acme:sandbox": token };
  writeFileSync(join(folder, "config.json"), JSON.stringify(config), { mode: 0o600 });
  writeFileSync(join(folder, "secrets.json"), JSON.stringify(secrets), { mode: 0o600 });
  writeFileSync(join(home, "token"), token, { mode: 0o600 });
}

/** @param {readonly string[]} argv @param {readonly string[]} yardstick @returns {[number, number]} milliseconds */
function medians(argv, yardstick) {
  for (let round = 0; round < 3; round++) [argv, yardstick].map(milliseconds);
  const pairs = Array.from({ length: rounds }, () => [milliseconds(argv), milliseconds(yardstick)]);
  return [median(pairs.map(([ours = 0]) => ours)), median(pairs.map(([, theirs = 0]) => theirs))];
}

/** @param {readonly string[]} argv */
function milliseconds(argv) {
  const start = performance.now();
  run(argv);
  return performance.now() - start;
}

/** @param {readonly string[]} argv @param {Record<string, string>} [more] */
function run(argv, more = {}) {
  const { status, stderr } = spawnSync(process.execPath, argv, { env: { ...env, ...more }, encoding: "utf8" });
  if (status !== 0) throw new Error(`${argv.join(" ")} ended with ${status}: ${stderr}`);
  return stderr;
}

/** @param {readonly string[]} argv @returns {number} mebibytes, the median of five runs */
function peakMemory(argv) {
  const hook = { NODE_OPTIONS: `--require ${join(import.meta.dirname, "peak-memory.cjs")}` };
  return median(Array.from({ length: 5 }, () => Number(/peak (\d+)/.exec(run(argv, hook))?.[1]) / 1024));
}

/** @param {readonly number[]} values */
function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** @param {string} what @param {string} measured @param {string} budget @param {boolean} over @param {number[]} times */
function show(what, measured, budget, over, ...times) {
  const facts = times.length === 0 ? "" : `   ${times.map((time) => time.toFixed(1)).join(" / ")} ms`;
  process.stdout.write(`${over ? "✗" : "✓"} ${what.padEnd(48)} ${measured.padStart(8)}   at most ${budget}${facts}\n`);
}
