// @ts-check
/**
 * `npm run bench:paging`: walks 1,000 pages of 100 transactions with --pageAll and says how fast and in how much memory.
 *
 * Memory must not grow with the list: the peak for four times as many pages is compared with that for these, long after V8's
 * heaps have reached the size that the work needs. Speed: where the server tells
 * how many items there are, pages are fetched ahead, which is compared with a server that does not tell; and csv, which waits
 * on disk until it is complete, is compared with json, in turns. Ends with 1 when a budget is exceeded.
 */
import { spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");
const pages = Number(process.argv[2] ?? 1000);
const size = 100;
const token = "test-token-sandbox-bench";
/** Milliseconds that a server takes for a page: little, for one across the internet. */
const latency = 5;

const folder = await mkdtemp(join(tmpdir(), "atoa-bench-"));
/** @type {import("node:child_process").ChildProcess[]} */
const servers = [];
try {
  process.exitCode = (await measure()) ? 0 : 1;
} finally {
  for (const server of servers) server.kill();
  await rm(folder, { recursive: true, force: true });
}

async function measure() {
  const emulator = await startEmulator();
  say(`Node ${process.version}, ${pages} pages of ${size} transactions`);
  await walk(emulator, pages - 10);
  const all = await walk(emulator, 0);
  say(`from the emulator:   ${show(all)}`);
  const long = await start("pages-server.mjs", [4 * pages, size, 0, "counted"]);
  const [most, some] = [await walk(long, 0, 4 * pages), await walk(long, 3 * pages, 4 * pages)];
  const growth = most.peak / some.peak;
  say(`${4 * pages} pages, no latency: ${show(most)}`);
  say(`  the last ${pages} of them: ${show(some)}`);
  const told = await walk(await start("pages-server.mjs", [pages, size, latency, "counted"]), 0);
  const untold = await walk(await start("pages-server.mjs", [pages, size, latency, "uncounted"]), 0);
  say(`${latency} ms a page, totalCount told:    ${show(told)}`);
  say(`${latency} ms a page, totalCount unknown: ${show(untold)}`);
  const formats = await start("pages-server.mjs", [600, size, latency, "counted"]);
  /** @type {Walked[]} */
  const json = [];
  /** @type {Walked[]} */
  const csv = [];
  for (let round = 0; round < 9; round += 1) {
    json.push(await walk(formats, 0, 600));
    csv.push(await walk(formats, 0, 600, "csv"));
  }
  const [asJson, asCsv] = [median(json), median(csv)];
  say(`60,000 items as json: ${show(asJson)}`);
  say(`60,000 items as csv:  ${show(asCsv)}`);
  const gain = untold.seconds / told.seconds;
  return [
    check("peak memory, in 110 MiB", all.peak / 110, all.peak <= 110, "at most 1"),
    check("peak memory, four times the pages", growth, growth <= 1.5, "at most 1.5; pages that are kept double it"),
    check("speed, fetching ahead against one by one", gain, gain >= 2, "at least 2"),
    check(
      "time for csv against json, medians of 9",
      asCsv.seconds / asJson.seconds,
      asCsv.seconds <= asJson.seconds * 1.05,
      "at most 1, and 0.05 for noise",
    ),
    check("peak memory of csv, in 200 MiB", asCsv.peak / 200, asCsv.peak < 200, "below 1"),
  ].every(Boolean);
}

/**
 * Runs `atoa payments transactions --pageAll` from a page to the end.
 * @param {string} origin @param {number} from @param {number} to @param {string} format
 * @returns {Promise<Walked>}
 */
async function walk(origin, from, to = pages, format = "json") {
  const home = join(folder, "home");
  await pair(home, origin);
  const argv = [
    "payments",
    "transactions",
    "--pageAll",
    "--page",
    String(from),
    "--size",
    String(size),
    "--output",
    format,
  ];
  const measured = ["--require", join(import.meta.dirname, "peak-memory.cjs"), join(root, "bin/run.js"), ...argv];
  const { NODE_EXTRA_CA_CERTS: _, ...inherited } = process.env;
  const env = { ...inherited, ATOA_HOME: home, ATOA_BASE_URL: origin };
  const begin = performance.now();
  const child = spawn(process.execPath, measured, { env, stdio: ["ignore", "pipe", "pipe"] });
  let items = 0;
  let [rest, said] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (format === "json" ? line === "  {" : !line.startsWith("paymentRequestId")) items += 1;
  });
  child.stderr.setEncoding("utf8").on("data", (text) => (said += text));
  const code = await new Promise((done) => child.on("close", done));
  const seconds = (performance.now() - begin) / 1000;
  const expected = (to - from) * size;
  if (code !== 0 || items !== expected) throw new Error(`${items} of ${expected} items, exit ${code}\n${said}`);
  return { items, seconds, peak: Number(/peak (\d+)/.exec(said)?.[1]) / 1024 };
}

/** A home whose one profile is paired with that server. @param {string} home @param {string} origin */
async function pair(home, origin) {
  const state = join(home, ".config/atoa");
  await mkdir(state, { recursive: true, mode: 0o700 });
  const key = { apiOrigin: origin, store: "file" };
  const profiles = {
    bench: { businessId: "m-1", displayName: "Bench", defaultEnv: "sandbox", envs: { sandbox: key } },
  };
  await write(join(state, "config.json"), { schemaVersion: 1, activeProfile: "bench", profiles });
  await write(join(state, "secrets.json"), { "bench:sandbox": token });
}

/** @param {string} path @param {unknown} value */
async function write(path, value) {
  await writeFile(path, JSON.stringify(value), { mode: 0o600 });
}

/** An emulator with that many transactions, in a process of its own. */
async function startEmulator() {
  const script = join(folder, "serve.cjs");
  const options = { transactions: pages * size - 2 };
  await writeFile(
    script,
    `require(${JSON.stringify(join(root, "dist/emulator/index.js"))}).startEmulator(${JSON.stringify(options)}).then((emulator) => {
      emulator.mintToken({ environment: "sandbox", token: ${JSON.stringify(token)}, merchantId: emulator.merchantId });
      console.log(emulator.origin);
    });`,
  );
  return start(script, []);
}

/** Starts a server that says its origin. @param {string} script @param {readonly unknown[]} argv @returns {Promise<string>} */
async function start(script, argv) {
  const path = resolve(import.meta.dirname, script);
  const server = spawn(process.execPath, [path, ...argv.map(String)], { stdio: ["ignore", "pipe", "inherit"] });
  servers.push(server);
  return String(await new Promise((done) => server.stdout.once("data", done))).trim();
}

/** The walk that took neither the longest nor the shortest time. @param {readonly Walked[]} walks @returns {Walked} */
function median(walks) {
  const inOrder = [...walks].sort((a, b) => a.seconds - b.seconds);
  const middle = inOrder[Math.floor(inOrder.length / 2)];
  if (middle === undefined) throw new Error("nothing was measured");
  return middle;
}

/** @typedef {{ items: number, seconds: number, peak: number }} Walked */

/** @param {Walked} walked */
function show({ items, seconds, peak }) {
  const rate = Math.round(items / seconds).toLocaleString("en");
  return `${items.toLocaleString("en")} items in ${seconds.toFixed(1)} s, ${rate} items/s, peak ${peak.toFixed(0)} MiB`;
}

/** @param {string} what @param {number} value @param {boolean} good @param {string} budget */
function check(what, value, good, budget) {
  say(`${good ? "ok  " : "FAIL"} ${what}: ${value.toFixed(2)} x (${budget})`);
  return good;
}

/** @param {string} line */
function say(line) {
  process.stdout.write(`${line}\n`);
}
