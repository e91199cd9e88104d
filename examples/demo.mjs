// @ts-check
/**
 * A payment taken and refunded, told by the real program: `npm run demo`.
 *
 * Starts the emulator, pairs a throw-away profile, plays the payer over HTTP, and checks that each step did what it says.
 * Ends with 0 only then, and leaves nothing behind.
 */
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";

const program = resolve(import.meta.dirname ?? new URL(".", import.meta.url).pathname, "../bin/run.js");
const paint = process.stdout.isTTY && !process.env.NO_COLOR;
const bold = (/** @type {string} */ text) => (paint ? `\u001b[1m${text}\u001b[22m` : text);
const dim = (/** @type {string} */ text) => (paint ? `\u001b[2m${text}\u001b[22m` : text);

/** @param {string} text */
const say = (text) => process.stdout.write(`${text}\n`);

/** @param {boolean} holds @param {string} promise */
function check(holds, promise) {
  if (!holds) throw new Error(`the demo promised that ${promise}, and it did not`);
}

/**
 * Shows a command, runs it and shows what it printed.
 * @param {string[]} argv
 * @param {{ env: NodeJS.ProcessEnv, stdin?: string, shown?: string, expect?: number }} how
 */
async function atoa(argv, how) {
  const words = argv.map((word) => (/^[\w./:@=,-]+$/.test(word) ? word : `'${word}'`)).join(" ");
  say(bold(`\n$ ${how.shown ?? ""}atoa ${words}`));
  const child = spawn(process.execPath, [program, ...argv], { env: how.env });
  child.stdin.end(how.stdin ?? "");
  let stdout = "";
  child.stdout.setEncoding("utf8").on("data", (/** @type {string} */ text) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (/** @type {string} */ text) => process.stdout.write(text));
  const code = await new Promise((done) => child.on("close", done));
  process.stdout.write(stdout);
  check(code === (how.expect ?? 0), `\`atoa ${words}\` ends with ${how.expect ?? 0} (it was ${code})`);
  return stdout;
}

/**
 * Starts the emulator and waits for the line that says it is ready.
 * @param {NodeJS.ProcessEnv} env
 */
async function startEmulator(env) {
  const child = spawn(process.execPath, [program, "emulator", "start", "--port", "0", "--output", "json"], {
    env,
    stdio: ["ignore", "pipe", "ignore"],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const { origin, tokens } = JSON.parse(line);
    const stop = () => new Promise((done) => child.on("close", done) && child.kill("SIGTERM"));
    return { origin, token: tokens.sandbox, stop };
  }
  throw new Error("the emulator did not start");
}

/** @param {string} home */
async function play(home) {
  const { ATOA_PROFILE: _, ...inherited } = process.env;
  const bare = { ...inherited, ATOA_HOME: home };
  say(dim("Starting the emulator: a local Atoa API, nothing leaves this machine."));
  const emulator = await startEmulator(bare);
  const env = { ...bare, ATOA_BASE_URL: emulator.origin };
  try {
    await atoa(["login", "--stdin", "--profile", "demo"], { env, stdin: emulator.token, shown: 'echo "$TOKEN" | ' });
    check(JSON.parse(await atoa(["whoami"], { env })).key.env === "SANDBOX", "the token is a sandbox token");
    check(JSON.parse(await atoa(["stores", "list"], { env })).data.length > 0, "the business has a store");

    const order = ["--amount", "25.00", "--orderId", "order-001", "--redirectUrl", "https://shop.example.com/return"];
    const { paymentRequestId: id } = JSON.parse(await atoa(["payments", "create", ...order], { env }));
    say(dim("\nThe payer opens the payment page and approves."));
    const approval = await fetch(`${emulator.origin}/__emulator/payments/${id}/approve`, { method: "POST" });
    check(approval.ok, "the payer can approve");
    const status = JSON.parse(await atoa(["payments", "status", id, "--poll"], { env })).status;
    check(status === "COMPLETED", "the payment completes");
    const table = await atoa(["payments", "transactions", "--output", "table", "--size", "3"], { env });
    check(table.includes(id), "the payment is among the transactions");

    const refund = [
      "refunds",
      "create",
      "--paymentRequestId",
      id,
      "--amount",
      "5.00",
      "--idempotencyKey",
      "night-1",
      "--yes",
    ];
    const first = JSON.parse(await atoa(refund, { env }));
    say(dim("\nThe script runs again with the same key: still one refund."));
    const second = JSON.parse(await atoa(refund, { env }));
    check(first.refundId === second.refundId, "the same key is the same refund");
    const refunds = JSON.parse(await atoa(["refunds", "list", "--paymentRequestId", id], { env }));
    check(refunds.length === 1, "there is one refund");

    say(dim("\nA wrong call says what is wrong, sends nothing, and ends with 3."));
    await atoa(["payments", "create", "--amount", "10.005", "--orderId", "order-002"], { env, expect: 3 });
    say("$? is 3");
  } finally {
    await emulator.stop();
  }
}

const started = Date.now();
const home = await mkdtemp(join(tmpdir(), "atoa-demo-"));
try {
  await play(home);
  say(dim(`\nDone in ${((Date.now() - started) / 1000).toFixed(1)} s. Next: atoa --help`));
} catch (error) {
  process.stderr.write(`demo: ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
} finally {
  await rm(home, { recursive: true, force: true });
}
