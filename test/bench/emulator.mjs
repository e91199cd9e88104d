// @ts-check
/**
 * How fast the emulator takes payments, and what it needs: `node test/bench/emulator.mjs [payments]`.
 * The emulator runs in a process of its own; this one is the load, over keep-alive connections.
 */
import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { Client } from "undici";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const payments = Number(process.argv[2] ?? 100_000);
const connections = 16;

const child = `
const started = performance.now();
const { startEmulator } = require(${JSON.stringify(join(root, "dist/emulator/index.js"))});
startEmulator().then((emulator) => {
  console.log(JSON.stringify({ origin: emulator.origin, token: emulator.tokens.sandbox, ms: performance.now() - started }));
  process.stdin.on("data", async (line) => {
    const count = Number(line);
    if (count > 0) emulator.addWebhook("http://127.0.0.1:9/nobody", { events: ["PAYMENTS_STATUS"] });
    for (let done = 0; done < count; done += 1) {
      emulator.preparePayment("pr_abc123", { status: "AWAITING_AUTHORIZATION" });
      emulator.approve("pr_abc123");
    }
    await emulator.deliveriesSettled();
    globalThis.gc?.();
    const waiting = emulator.deliveries().filter(({ state }) => state === "WAITING").length;
    console.log(JSON.stringify({ rss: process.memoryUsage().rss / 2 ** 20, waiting }));
  });
});
`;

/** @param {number[]} sorted @param {number} share */
const quantile = (sorted, share) =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;

async function main() {
  const folder = await mkdtemp(join(tmpdir(), "atoa-bench-"));
  await writeFile(join(folder, "child.cjs"), child);
  const server = spawn(process.execPath, ["--expose-gc", join(folder, "child.cjs")], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: server.stdout })[Symbol.asyncIterator]();
  const said = async () => JSON.parse(String((await lines.next()).value));
  /** @param {number} webhooks so many are made first, and nobody is there to take them */
  const memory = async (webhooks) => {
    server.stdin.write(`${webhooks}\n`);
    const { rss, waiting } = await said();
    return { rss: Math.round(rss), waiting };
  };
  try {
    const { origin, token, ms } = await said();
    process.stdout.write(`ready ${ms.toFixed(0)} ms after the start of its own code\n`);
    const body = JSON.stringify({
      amount: 10.05,
      orderId: "order-001",
      customerId: "cust_123",
      redirectUrl: "https://shop.example.com/return",
    });
    /** @param {number} total */
    const load = async (total) => {
      /** @type {number[]} */
      const times = [];
      let left = total;
      const began = performance.now();
      await Promise.all(
        Array.from({ length: connections }, async (_, worker) => {
          const client = new Client(origin);
          for (let count = 0; left > 0; count += 1) {
            left -= 1;
            const start = performance.now();
            const headers = {
              authorization: `Bearer ${token}`,
              "content-type": "application/json",
              "idempotency-key": `${total}-${worker}-${count}`,
            };
            const answer = await client.request({
              method: "POST",
              path: "/api/payments/process-payment",
              headers,
              body,
            });
            if (answer.statusCode !== 200) throw new Error(`status ${answer.statusCode}`);
            await answer.body.dump();
            times.push(performance.now() - start);
          }
          await client.close();
        }),
      );
      const seconds = (performance.now() - began) / 1000;
      times.sort((a, b) => a - b);
      return {
        rate: Math.round(total / seconds),
        p50: quantile(times, 0.5).toFixed(2),
        p99: quantile(times, 0.99).toFixed(2),
        worst: (times.at(-1) ?? 0).toFixed(1),
      };
    };
    await load(2000);
    const before = await memory(0);
    const result = await load(payments);
    const after = await memory(0);
    process.stdout.write(
      `${payments} payments: ${result.rate}/s, p50 ${result.p50} ms, p99 ${result.p99} ms, worst ${result.worst} ms\n`,
    );
    process.stdout.write(`memory ${before.rss} MiB before, ${after.rss} MiB after\n`);
    const webhooks = await memory(10_000);
    process.stdout.write(`memory ${webhooks.rss} MiB with ${webhooks.waiting} undelivered webhooks\n`);
    if (result.rate < 2000) process.exitCode = 1;
  } finally {
    server.kill();
    await rm(folder, { recursive: true, force: true });
  }
}

await main();
