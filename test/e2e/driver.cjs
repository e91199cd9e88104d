// @ts-check
/**
 * Runs the built program again and again in one process: many more cases a second than a process each. Cases come and
 * go over the channel to the parent. Every case has streams, an environment and a working folder of its own.
 */
const path = require("node:path");
const streams = require("node:stream");

const [, , root = ""] = process.argv;
const { main } = require(path.join(root, "dist/main.js"));

/** @type {Record<string, Buffer[]>} */
const written = { stdout: [], stderr: [] };
for (const name of ["stdout", "stderr"]) {
  const stream = new streams.Writable({
    write(chunk, _, done) {
      // A terminal shows both in one.
      written[process.stdout.isTTY ? "stdout" : name]?.push(Buffer.from(chunk));
      done();
    },
  });
  Object.defineProperty(process, name, { value: stream });
}

/** @typedef {{ id: number, argv: string[], stdin: string, env: Record<string, string>, cwd: string, columns?: number }} Case */

/** @param {Case} one */
function prepare({ stdin, env, cwd, columns }) {
  for (const list of Object.values(written)) list.length = 0;
  for (const name of Object.keys(process.env)) if (!(name in env)) delete process.env[name];
  Object.assign(process.env, env);
  for (const stream of [process.stdout, process.stderr])
    Object.assign(stream, { isTTY: columns !== undefined, columns });
  process.chdir(cwd);
  process.exitCode = undefined;
  process.removeAllListeners("uncaughtException");
  Object.defineProperty(process, "stdin", { value: streams.Readable.from([Buffer.from(stdin)]), configurable: true });
}

/** @param {Case} one */
async function run(one) {
  prepare(one);
  const code = await main(one.argv, root);
  // Windows does not remove the folder that a process is in.
  process.chdir(root);
  process.send?.({
    id: one.id,
    code,
    stdout: Buffer.concat(written.stdout ?? []).toString("utf8"),
    stderr: Buffer.concat(written.stderr ?? []).toString("utf8"),
  });
}

process.on("message", (one) => void run(/** @type {Case} */ (one)));
process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));
