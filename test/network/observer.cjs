// @ts-check
/**
 * Preloaded into the program under test (NODE_OPTIONS=--require): writes down what the process touches, one JSON line
 * each, into the file that ATOA_TEST_OBSERVATIONS names. Sockets, name look-ups, files, children; at the end its peak memory.
 */
const fs = require("node:fs");
const net = require("node:net");
const dns = require("node:dns");
const dgram = require("node:dgram");
const childProcess = require("node:child_process");

const file = process.env.ATOA_TEST_OBSERVATIONS;
const { openSync, writeSync, readFileSync } = fs;
const log = file === undefined ? undefined : openSync(file, "a");
let noting = false;

/** @param {Record<string, unknown>} event */
function note(event) {
  if (log === undefined || noting) return;
  noting = true;
  writeSync(log, `${JSON.stringify(event)}\n`);
  noting = false;
}

/**
 * @param {object} holder what has the function: a module or a prototype
 * @param {string} name
 * @param {(args: unknown[]) => Record<string, unknown> | undefined} describe
 */
function watch(holder, name, describe) {
  const owner = /** @type {Record<string, unknown>} */ (holder);
  const found = owner[name];
  if (typeof found !== "function") return;
  const original = found;
  /** @this {unknown} @param {unknown[]} args */
  function watched(...args) {
    const event = describe(args);
    if (event !== undefined) note(event);
    return Reflect.apply(original, this, args);
  }
  owner[name] = Object.assign(watched, original);
}

watch(net.Socket.prototype, "connect", (args) => {
  const [first] = Array.isArray(args[0]) ? args[0] : args;
  /** @type {{ path?: unknown, host?: unknown, port?: unknown }} */
  const options = typeof first === "object" && first !== null ? first : { port: first };
  if (typeof options.path === "string") return { type: "socket", path: options.path };
  return { type: "socket", host: String(options.host ?? "localhost"), port: Number(options.port) };
});
watch(dgram.Socket.prototype, "send", () => ({ type: "datagram" }));
watch(dgram.Socket.prototype, "connect", () => ({ type: "datagram" }));
for (const name of [
  "lookup",
  "lookupService",
  "resolve",
  "resolve4",
  "resolve6",
  "resolveAny",
  "resolveSrv",
  "reverse",
]) {
  watch(dns, name, (args) => ({ type: "lookup", host: String(args[0]) }));
  watch(dns.promises, name, (args) => ({ type: "lookup", host: String(args[0]) }));
}
for (const name of ["openSync", "open", "readFileSync", "readFile", "writeFileSync", "createReadStream"]) {
  watch(fs, name, (args) => ({ type: "file", path: String(args[0]) }));
}
for (const name of ["open", "readFile", "writeFile"]) {
  watch(fs.promises, name, (args) => ({ type: "file", path: String(args[0]) }));
}
for (const name of ["spawn", "spawnSync", "exec", "execFile", "execFileSync", "execSync", "fork"]) {
  watch(childProcess, name, (args) => ({ type: "child", command: String(args[0]) }));
}

process.on("exit", () => {
  if (process.platform !== "linux") return note({ type: "peak", kib: process.resourceUsage().maxRSS });
  // Not resourceUsage(): on Linux that of a child starts at the size of the process that started it.
  noting = true;
  const status = String(readFileSync("/proc/self/status"));
  noting = false;
  note({ type: "peak", kib: Number(/VmHWM:\s*(\d+)/.exec(status)?.[1]) });
});
