#!/usr/bin/env node
// @ts-check
// The entry. What can be answered from a file is answered before the program is loaded; all else is src/main.ts.

const { fstatSync, readFileSync, writeSync } = require("node:fs");
const { join } = require("node:path");

const { env } = process;
const root = join(__dirname, "..");
const dist = join(root, "dist");
const argv = process.argv.slice(2);

if (env.NODE_TLS_REJECT_UNAUTHORIZED === "0") {
  fail(
    "NODE_TLS_REJECT_UNAUTHORIZED=0 disables certificate validation and is not permitted",
    "unset it; for your own CA, set NODE_EXTRA_CA_CERTS=/path/to/ca.pem",
  );
} else if (answered()) {
  // All is written; waiting for Node to find out that nothing is left to do would take longer.
  process.exit();
} else {
  run();
}

function run() {
  if (env.ATOA_DEBUG === "1") process.setSourceMapsEnabled(true);
  try {
    /** @type {typeof import("../src/start/code-cache")} */
    const { loadCached } = require(join(dist, "start/code-cache.js"));
    const { main } = /** @type {typeof import("../src/main")} */ (loadCached(join(dist, "main.js"), require));
    main(argv, root).then((code) => process.exit(code), incomplete);
  } catch (error) {
    incomplete(error);
  }
}

/** A part of the program cannot be loaded. @param {unknown} error */
function incomplete(error) {
  if (env.ATOA_DEBUG === "1" || !(error instanceof Error)) throw error;
  const hint = "reinstall it: npm install -g @atoapayments/atoa-cli (in a clone: npm run build)";
  fail(`This installation of atoa is incomplete: ${error.message.split("\n")[0]}`, hint);
}

/** True when the answer lay ready. */
function answered() {
  if (argv.length === 1 && argv[0] === "--version") {
    const { name, version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    return write(`${name}/${version} ${process.platform}-${process.arch} node-${process.version}\n`);
  }
  if (argv[0]?.startsWith("--complete-")) {
    /** @type {typeof import("../src/completion/answer")} */
    const { answer } = require(join(dist, "completion/answer.js"));
    /** @returns {typeof import("../src/completion/dynamic-values")} */
    const names = () => require(join(dist, "completion/dynamic-values.js"));
    return write(answer(argv, dist, env, () => names().dynamicValues(env)));
  }
  const last = argv.at(-1);
  return (last === undefined || last === "--help" || last === "-h") && showPage(argv.slice(0, -1));
}

/**
 * Prints the page of help for these words, if there is one; else the program says what is wrong with them.
 * @param {readonly string[]} words
 */
function showPage(words) {
  if (!words.every((word) => /^[a-z][a-z-]*$/.test(word))) return false;
  /** @type {typeof import("../src/start/help-page")} */
  const { helpPage, wantsColour } = require(join(dist, "start/help-page.js"));
  // A terminal is a character device; asking stdout itself would set up a stream.
  const isTerminal = () => fstatSync(1).isCharacterDevice();
  try {
    return write(helpPage(root, words.join(":"), wantsColour(env, isTerminal)));
  } catch {
    return false;
  }
}

/** Writes to stdout without setting up a stream. @param {string} text */
function write(text) {
  let rest = Buffer.from(text);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(1, rest));
    } catch (error) {
      const code = error instanceof Error && "code" in error ? error.code : error;
      if (code === "EAGAIN") Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
      else return failed(code);
    }
  }
  return true;
}

/** A reader that is gone wanted no more; anything else, such as a full disk, is a failure. @param {unknown} code */
function failed(code) {
  if (code !== "EPIPE") fail(`Cannot write the output (${code})`, "free some space, or redirect the output elsewhere");
  return true;
}

/**
 * A failure before the program is there to say it, in the words or the one line of data that the program would use.
 * @param {string} message @param {string} hint
 */
function fail(message, hint) {
  const at = argv.findIndex((word) => /^--errors(=|$)/.test(word));
  const wanted = at === -1 ? env.ATOA_ERRORS : (argv[at]?.split("=")[1] ?? argv[at + 1]);
  const facts = { status: null, serverCode: null, requestId: null, field: null };
  const write = { outcomeUnknown: null, idempotencyKey: null, resume: null };
  const error = { kind: "failure", code: "FAILED", message, hint, exitCode: 1, ...facts, ...write };
  const line = wanted?.toLowerCase() === "json" ? JSON.stringify({ error }) : `error: ${message} — ${hint}`;
  process.stderr.write(`${line}\n`);
  process.exitCode = 1;
}
