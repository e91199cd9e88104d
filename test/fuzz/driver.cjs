// @ts-check
/**
 * Runs the built program again and again in one process: many more cases a second than a process each. Cases come and
 * go over the channel to the parent. Every case starts in a fresh home, with its own stdin and its own environment.
 */
const fs = require("node:fs");
const path = require("node:path");
const streams = require("node:stream");

const [, , root = "", home = ""] = process.argv;
const { main } = require(path.join(root, "dist/main.js"));
const folder = path.join(home, ".config/atoa");
const environment = { ...process.env };

/** @type {Record<string, Buffer[]>} */
const written = { stdout: [], stderr: [] };
for (const name of ["stdout", "stderr"]) {
  const stream = new streams.Writable({
    write(chunk, _, done) {
      written[name]?.push(Buffer.from(chunk));
      done();
    },
  });
  Object.defineProperty(process, name, { value: stream });
}

/** @typedef {{ id: number, argv: string[], stdin?: string, env?: Record<string, string>, config?: string, secrets?: string }} Case */

/** @param {Case} one */
function prepare({ stdin = "", env = {}, config, secrets }) {
  for (const list of Object.values(written)) list.length = 0;
  for (const name of Object.keys(process.env)) if (!(name in environment)) delete process.env[name];
  Object.assign(process.env, environment, env);
  // Windows does not remove the folder that a process is in.
  process.chdir(root);
  fs.rmSync(home, { recursive: true, force: true });
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  // Written as bytes: a case may hold text that is no UTF-8.
  if (config !== undefined)
    fs.writeFileSync(path.join(folder, "config.json"), config, { mode: 0o600, encoding: "latin1" });
  if (secrets !== undefined)
    fs.writeFileSync(path.join(folder, "secrets.json"), secrets, { mode: 0o600, encoding: "latin1" });
  process.chdir(home);
  process.exitCode = undefined;
  process.removeAllListeners("uncaughtException");
  Object.defineProperty(process, "stdin", { value: streams.Readable.from([Buffer.from(stdin)]), configurable: true });
}

/** @param {Case} one */
async function run(one) {
  prepare(one);
  const code = await main(one.argv, root);
  process.send?.({
    id: one.id,
    code,
    stdout: Buffer.concat(written.stdout ?? []).toString("utf8"),
    stderr: Buffer.concat(written.stderr ?? []).toString("utf8"),
  });
}

process.on("message", (one) => void run(/** @type {Case} */ (one)));
process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));
