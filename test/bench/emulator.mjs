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
import * as esbuild from "esbuild";
import { Client } from "undici";
import { yamlPlugin } from "../../build/yaml-plugin.mjs";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const payments = Number(process.argv[2] ?? 100_000);
const connections = 16;

/** Bundles the emulator alone into a folder that is given, as the build does it. @param {string} folder */
export async function bundleEmulator(folder) {
  const outfile = join(folder, "emulator.cjs");
  const entry = join(root, "src/emulator/index.ts");
  await esbuild.build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    plugins: [yamlPlugin()],
    logLevel: "error",
  });
  return outfile;
}

const child = `
const started = performance.now();
const { startEmulator } = require("./emulator.cjs");
startEmulator(JSON.parse(process.argv[2] ?? "{}")).then(({ origin, tokens }) => {
  console.log(JSON.stringify({ origin, token: tokens.sandbox, ms: performance.now() - started }));
  process.stdin.on("data", () => { globalThis.gc?.(); console.log(JSON.stringify({ rss: process.memoryUsage().rss / 2 ** 20 })); });
});
`;

/** @param {number[]} sorted @param {number} share */
const quantile = (sorted, share) =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;

async function main() {
  const folder = await mkdtemp(join(tmpdir(), "atoa-bench-"));
  await bundleEmulator(folder);
  await writeFile(join(folder, "child.cjs"), child);
  const server = spawn(process.execPath, ["--expose-gc", join(folder, "child.cjs")], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: server.stdout })[Symbol.asyncIterator]();
  const said = async () => JSON.parse(String((await lines.next()).value));
  const rss = async () => {
    server.stdin.write("\n");
    return Number((await said()).rss);
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
    const before = await rss();
    const result = await load(payments);
    const after = await rss();
    process.stdout.write(
      `${payments} payments: ${result.rate}/s, p50 ${result.p50} ms, p99 ${result.p99} ms, worst ${result.worst} ms\n`,
    );
    process.stdout.write(`memory ${before.toFixed(0)} MiB before, ${after.toFixed(0)} MiB after\n`);
    if (result.rate < 3000 || Number(result.p99) >= 20) process.exitCode = 1;
  } finally {
    server.kill();
    await rm(folder, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
