#!/usr/bin/env node
// The entry. What can be answered from a file is answered before the program is loaded; all else is src/main.ts.

const { fstatSync, readFileSync, writeSync } = require("node:fs");
const { join } = require("node:path");

const { env } = process;
const root = join(__dirname, "..");
const dist = join(root, "dist");
const argv = process.argv.slice(2);

if (env.NODE_TLS_REJECT_UNAUTHORIZED === "0") {
  process.stderr.write(
    "error: NODE_TLS_REJECT_UNAUTHORIZED=0 disables certificate validation and is not permitted — unset it; " +
      "for a CA of your own set NODE_EXTRA_CA_CERTS=/path/to/ca.pem\n",
  );
  process.exitCode = 1;
} else if (answered()) {
  // All is written; waiting for Node to find out that nothing is left to do would take longer.
  process.exit();
} else {
  run();
}

function run() {
  if (env.ATOA_DEBUG === "1") process.setSourceMapsEnabled(true);
  try {
    const { loadCached } = require("../dist/start/code-cache.js");
    loadCached(join(dist, "main.js"), require)
      .main(argv, root)
      .then((code) => process.exit(code));
  } catch (error) {
    if (env.ATOA_DEBUG === "1") throw error;
    const next = "install it again: npm install -g @atoapayments/atoa-cli (in a clone: npm run build)";
    process.stderr.write(
      `error: This installation of atoa is not complete: ${error.message.split("\n")[0]} — ${next}\n`,
    );
    process.exitCode = 1;
  }
}

/** True when the answer lay ready. */
function answered() {
  if (argv.length === 1 && argv[0] === "--version") {
    const { name, version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    return write(`${name}/${version} ${process.platform}-${process.arch} node-${process.version}\n`);
  }
  if (argv[0]?.startsWith("--complete-")) {
    const live = () => require("../dist/completion/live-names.js").liveNames(env);
    return write(require("../dist/completion/answer.js").answer(argv, dist, env, live));
  }
  return (argv.length === 0 || argv.at(-1) === "--help") && showPage(argv.slice(0, -1));
}

/** Prints a page of help that was rendered when the program was built, if here and now it would look the same. */
function showPage(words) {
  if (env.FORCE_COLOR !== undefined || env.OCLIF_COLUMNS || env.DEBUG) return false;
  if (words.length > 2 || !words.every((word) => /^[a-z-]+$/.test(word))) return false;
  try {
    // A terminal is a character device; its width and colours are oclif's business.
    if (fstatSync(1).isCharacterDevice()) return false;
    return write(readFileSync(join(dist, "help", `${words.join(".") || "atoa"}.txt`)));
  } catch {
    return false;
  }
}

/** Writes to stdout without setting up a stream. */
function write(text) {
  let rest = Buffer.from(text);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(1, rest));
    } catch (error) {
      if (error.code === "EAGAIN") Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
      else return failed(error);
    }
  }
  return true;
}

/** A reader that is gone wanted no more; anything else, such as a full disk, is a failure. */
function failed({ code }) {
  if (code !== "EPIPE") {
    process.stderr.write(`error: Cannot write the output (${code}) — make room, or send the output elsewhere\n`);
    process.exitCode = 1;
  }
  return true;
}
