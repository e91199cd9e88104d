// @ts-check
/**
 * `npm run compare:sandbox < token.txt`: asks the real sandbox and a fresh emulator the same (calls.mjs), and says where their responses
 * differ: status, fields, kinds of values. What the sandbox responds is also held against our OpenAPI file, by the emulator's own check.
 * The token comes by stdin and goes to one server only. Exits with 0 when nothing differs, 1 when something does, 2 when it could not compare.
 */
import { randomUUID } from "node:crypto";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { text } from "node:stream/consumers";
import * as esbuild from "esbuild";
import { yamlPlugin } from "../../build/yaml-plugin.mjs";
import { callsOf } from "./calls.mjs";
import { differences, withKnownId } from "./differences.mjs";

/** @typedef {import("./calls.mjs").Call} Call */
/** @typedef {import("./differences.mjs").Response} Response */
/** @typedef {(path: string, init: RequestInit) => Promise<globalThis.Response>} Send */

const root = resolve(import.meta.dirname, "../..");
const require = createRequire(import.meta.url);
const origin = process.argv[2] ?? "https://api.atoa.me";
const token = process.stdin.isTTY ? "" : (await text(process.stdin)).trim();

/** Server text is among what is said: no token in it, and nothing that a terminal would obey. @param {string} line */
const say = (line) =>
  process.stdout.write(`${(token === "" ? line : line.replaceAll(token, "[REDACTED]")).replaceAll(/\p{C}/gu, "?")}\n`);

/** The emulator's check by the OpenAPI file, which its library does not show. */
async function readLaw() {
  const { outputFiles } = await esbuild.build({
    entryPoints: [resolve(root, "src/emulator/api/api-law.ts")],
    bundle: true,
    write: false,
    platform: "node",
    format: "cjs",
    plugins: [yamlPlugin()],
  });
  const module = { exports: /** @type {typeof import("../../src/emulator/api/api-law")} */ ({}) };
  new Function("module", "exports", "require", outputFiles[0]?.text ?? "")(module, module.exports, require);
  return module.exports.api;
}

/** One of the two that are compared. It remembers the payment requests it was asked for. */
class Side {
  /** @type {string[]} */
  made = [];

  /** @param {Send} send @param {string} token @param {Awaited<ReturnType<typeof readLaw>>} law */
  constructor(send, token, law) {
    this.send = send;
    this.token = token;
    this.law = law;
  }

  /** @param {Call} call @returns {Promise<Response>} */
  async ask({ operation: id, params = {}, query, body, key, as }) {
    const { method, path } = this.operation(id);
    const mine = (/** @type {string} */ value) => value.replace("PAYMENT", this.made[0] ?? "PAYMENT");
    const target = path.replaceAll(/\{(\w+)\}/g, (_, name) => encodeURIComponent(mine(params[name] ?? "")));
    const bearer = as === "stranger" ? "test-token-of-nobody" : this.token;
    const response = await this.send(query === undefined ? target : `${target}?${query}`, {
      method,
      redirect: "manual",
      signal: AbortSignal.timeout(30_000),
      headers: {
        accept: "application/json",
        ...(as === "nobody" ? {} : { authorization: `Bearer ${bearer}` }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...(key === undefined ? {} : { "idempotency-key": key }),
      },
      ...(body === undefined ? {} : { body: mine(JSON.stringify(body)) }),
    });
    const said = await response.text();
    const value = parsed(said);
    const { paymentRequestId } = /** @type {Record<string, unknown>} */ (Object(value));
    if (id === "createPaymentRequest" && typeof paymentRequestId === "string") this.made.push(paymentRequestId);
    return { status: response.status, body: value };
  }

  /** @param {string} id */
  operation(id) {
    const operation = this.law.operations.find((one) => one.id === id);
    if (operation === undefined) throw new Error(`There is no operation ${id}`);
    return operation;
  }

  /** Cancels whatever was asked for, the payment that was cancelled in the course of it included. */
  async cleanUp() {
    for (const id of this.made) await this.ask({ does: "", operation: "cancelPaymentRequest", params: { id } });
  }
}

/** @param {string} said @returns {unknown} undefined for what is no JSON */
function parsed(said) {
  try {
    return JSON.parse(said);
  } catch {
    return undefined;
  }
}

async function compare() {
  if (!/^[\x21-\x7e]{1,8192}$/.test(token))
    return couldNot("Pass a sandbox token on stdin: npm run compare:sandbox < token.txt");
  const law = await readLaw();
  /** @type {typeof import("@atoapayments/atoa-cli/emulator")} */
  const { startEmulator } = require(resolve(root, "dist/emulator/index.js"));
  const emulator = await startEmulator();
  const real = new Side((path, init) => fetch(new URL(path, origin), init), token, law);
  const emulated = new Side((path, init) => emulator.fetch(path, init), emulator.tokens.sandbox, law);
  const who = { does: "asks whose token it is", operation: "getCliIdentity" };
  try {
    const identity = /** @type {{ body?: { key?: { env?: string } } }} */ (await real.ask(who));
    if (identity.body?.key?.env !== "SANDBOX") return couldNot("This is no sandbox token; nothing else was sent");
    let differing = 0;
    const calls = [who, ...callsOf(randomUUID())];
    for (const call of calls) {
      const operation = real.operation(call.operation);
      const [there, here] = [await real.ask(call), await emulated.ask(call)];
      const unlawful = law.answerProblem(operation, there.status, there.body);
      const found = [
        ...differences(withKnownId(there, real.made[0]), withKnownId(here, emulated.made[0])),
        ...(unlawful === undefined ? [] : [`the sandbox's response is not as the OpenAPI file says: ${unlawful}`]),
      ];
      say(`${found.length === 0 ? "same    " : "DIFFERS "} ${call.does} (${operation.method} ${operation.path})`);
      for (const line of found) say(`           ${line}`);
      if (found.length > 0) differing += 1;
    }
    say(`${calls.length} calls, ${differing} with differences`);
    return differing === 0 ? 0 : 1;
  } catch (error) {
    const { cause, message } = /** @type {Error & { cause?: { code?: string } }} */ (error);
    return couldNot(`${origin} could not be asked: ${cause?.code ?? message}`);
  } finally {
    await real.cleanUp().catch(() => {});
    await emulator.close();
  }
}

/** @param {string} why */
function couldNot(why) {
  say(why);
  return 2;
}

process.exitCode = await compare();
