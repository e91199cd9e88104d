// @ts-check
/**
 * Lines of src that the tests run, whether inside the test process or in the program's own processes.
 *
 * The test process reports by vitest (coverage/coverage-final.json); each child process leaves what V8 counted in
 * coverage/children. A line counts when the built program holds code of it, and is covered when either saw it run.
 */
import { readdir, readFile, rm } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { mergeProcessCovs } from "@bcoe/v8-coverage";
import { decodedMappings, TraceMap } from "@jridgewell/trace-mapping";

const root = resolve(import.meta.dirname ?? fileURLToPath(new URL(".", import.meta.url)), "../..");
const least = 0.9;

/** @typedef {{ known: Set<number>, run: Set<number> }} Lines */

/** @type {Map<string, Lines>} */
const files = new Map();

/** @param {string} path @returns {Lines} */
function linesOf(path) {
  const lines = files.get(path) ?? { known: new Set(), run: new Set() };
  files.set(path, lines);
  return lines;
}

/** What all children counted, by built file. */
async function countedByChildren() {
  const folder = join(root, "coverage/children");
  /** @type {import("@bcoe/v8-coverage").ProcessCov} */
  let merged = { result: [] };
  /** @type {import("@bcoe/v8-coverage").ProcessCov[]} */
  let batch = [];
  const dist = new URL("dist/", `file://${root}/`).href;
  for (const name of await readdir(folder).catch(() => [])) {
    const { result } = JSON.parse(await readFile(join(folder, name), "utf8"));
    batch.push({ result: result.filter((/** @type {{ url: string }} */ script) => script.url.startsWith(dist)) });
    if (batch.length === 50) [merged, batch] = [mergeProcessCovs([merged, ...batch]), []];
  }
  return new Map(mergeProcessCovs([merged, ...batch]).result.map((script) => [fileURLToPath(script.url), script]));
}

/**
 * For each character of a built file whether it ran: inner ranges override the outer ones they stand in.
 * @param {number} length @param {import("@bcoe/v8-coverage").ScriptCov | undefined} script
 */
function charactersRun(length, script) {
  const run = new Uint8Array(length);
  const ranges = (script?.functions ?? []).flatMap((one) => one.ranges);
  ranges.sort((a, b) => b.endOffset - b.startOffset - (a.endOffset - a.startOffset));
  for (const { startOffset, endOffset, count } of ranges) run.fill(count > 0 ? 1 : 0, startOffset, endOffset);
  return run;
}

/** @param {string} built @param {import("@bcoe/v8-coverage").ScriptCov | undefined} script */
async function addBuilt(built, script) {
  const map = await readFile(`${built}.map`, "utf8").catch(() => undefined);
  if (map === undefined) return;
  const code = await readFile(built, "utf8");
  const run = charactersRun(code.length, script);
  const trace = new TraceMap(map);
  let lineStart = 0;
  for (const [index, text] of code.split("\n").entries()) {
    for (const segment of decodedMappings(trace)[index] ?? []) {
      if (segment.length === 1) continue;
      const source = trace.sources[segment[1]] ?? "";
      const path = source.includes("node_modules") ? undefined : /(?<=^(?:\.\.\/)*)src\/.*\.ts$/.exec(source)?.[0];
      if (path === undefined) continue;
      const lines = linesOf(path);
      lines.known.add(segment[2] + 1);
      if (run[lineStart + segment[0]] === 1) lines.run.add(segment[2] + 1);
    }
    lineStart += text.length + 1;
  }
}

/** A line ran when the innermost statement that it stands in ran: inner ones override those around them. */
async function addTestProcess() {
  const file = join(root, "coverage/coverage-final.json");
  const text = await readFile(file, "utf8").catch(() => undefined);
  if (text === undefined) {
    process.stderr.write(
      "coverage/coverage-final.json is missing: vitest ended before it wrote what its own processes ran\n",
    );
    process.exitCode = 1;
    return;
  }
  for (const { path, statementMap, s } of Object.values(JSON.parse(text))) {
    const lines = files.get(relative(root, path));
    if (lines === undefined) continue;
    /** @type {Map<number, boolean>} */
    const ran = new Map();
    const statements = Object.entries(statementMap).map(([id, { start, end }]) => ({ start, end, ran: s[id] > 0 }));
    // The same statement comes twice where a test loads the source and another the built file: either may have run it.
    statements.sort(
      (one, other) =>
        other.end.line - other.start.line - (one.end.line - one.start.line) || Number(one.ran) - Number(other.ran),
    );
    for (const statement of statements) {
      for (let line = statement.start.line; line <= statement.end.line; line++) ran.set(line, statement.ran);
    }
    for (const [line, did] of ran) if (did) lines.run.add(line);
  }
}

/** @param {Lines[]} group */
function share(group) {
  const known = group.reduce((sum, lines) => sum + lines.known.size, 0);
  const run = group.reduce((sum, lines) => sum + [...lines.known].filter((line) => lines.run.has(line)).length, 0);
  return { known, run, part: known === 0 ? 1 : run / known };
}

const children = await countedByChildren();
for (const name of await readdir(join(root, "dist"), { recursive: true })) {
  const built = join(root, "dist", name);
  if (name.endsWith(".js")) await addBuilt(built, children.get(built));
}
await addTestProcess();

const rooms = new Map();
for (const [path, lines] of files) {
  const room = path.split("/").slice(0, 2).join("/");
  rooms.set(room, [...(rooms.get(room) ?? []), lines]);
}
const percent = (/** @type {number} */ part) => `${(100 * part).toFixed(1)} %`.padStart(8);
process.stdout.write("Lines of src run by the tests, child processes included\n");
for (const [room, group] of [...rooms].sort()) process.stdout.write(`${percent(share(group).part)}  ${room}\n`);
const worst = [...files].map(([path, lines]) => ({ path, ...share([lines]) })).sort((a, b) => a.part - b.part);
for (const { path, part } of worst.filter((file) => file.part < 0.8).slice(0, 12)) {
  process.stdout.write(`${percent(part)}  ${path}  (lines ${missing(path)})\n`);
}
const all = share([...files.values()]);
process.stdout.write(`${percent(all.part)}  all ${all.known} lines\n`);
await rm(join(root, "coverage/children"), { recursive: true, force: true });
if (all.part < least) {
  process.stderr.write(`coverage is below ${100 * least} %\n`);
  process.exitCode = 1;
}

/** @param {string} path */
function missing(path) {
  const { known, run } = linesOf(path);
  const lines = [...known].filter((line) => !run.has(line)).sort((a, b) => a - b);
  return lines.slice(0, 12).join(", ") + (lines.length > 12 ? ", …" : "");
}
