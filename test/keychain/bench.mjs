// @ts-check
/**
 * What a healthy keychain adds to a command: `npm run bench:keychain`.
 *
 * Runs beside a throw-away Secret Service and an emulator, which has paired a profile whose token is in the file. The same token goes
 * into the keychain under another profile; then the same command runs with the one and the other, turn by turn.
 */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const program = resolve(import.meta.dirname, "../../bin/run.js");
const pairs = Number(process.argv[2] ?? 30);
const limitMs = 100;

/** @param {string[]} args @param {import("node:child_process").SpawnSyncOptions} [options] */
function atoa(args, options) {
  const started = process.hrtime.bigint();
  const done = spawnSync(process.execPath, [program, ...args], { encoding: "utf8", ...options });
  if (done.status !== 0) throw new Error(`atoa ${args.join(" ")}: ${done.stderr}`);
  return Number(process.hrtime.bigint() - started) / 1e6;
}

/** @param {number[]} values */
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

const home = process.env.ATOA_HOME;
if (home === undefined || process.env.ATOA_BASE_URL === undefined)
  throw new Error("run it as `npm run bench:keychain`");
const secrets = JSON.parse(readFileSync(join(home, ".config/atoa/secrets.json"), "utf8"));
atoa(["login", "--stdin", "--profile", "in-keychain"], {
  input: secrets["emulator:sandbox"],
  env: { ...process.env, ATOA_SECRET_STORE: "keychain" },
});

/** @param {string} profile */
const command = (profile) => atoa(["stores", "list", "--env", "sandbox", "--profile", profile]);
for (const profile of ["emulator", "in-keychain"]) command(profile);
/** @type {number[]} */
const file = [];
/** @type {number[]} */
const keychain = [];
for (let pair = 0; pair < pairs; pair += 1) {
  file.push(command("emulator"));
  keychain.push(command("in-keychain"));
}
const added = median(keychain.map((ms, index) => ms - (file[index] ?? 0)));
const line = `file ${median(file).toFixed(0)} ms, keychain ${median(keychain).toFixed(0)} ms, added ${added.toFixed(0)} ms (medians of ${pairs} pairs)`;
process.stdout.write(`${line}; the limit is ${limitMs} ms\n`);
process.exitCode = added <= limitMs ? 0 : 1;
