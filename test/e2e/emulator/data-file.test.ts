import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { lstat, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type Emulator, type EmulatorOptions, startEmulator } from "@atoapayments/atoa-cli/emulator";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { DataFile } from "../../../src/emulator/data-file";
import { callerOf, newPayment, textOf } from "../../unit/emulator/caller";
import { root } from "../program";

let folder: string;
let dataFile: string;
let running: Emulator[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "atoa-emulator-"));
  dataFile = join(folder, "state.json");
  running = [];
});
afterEach(async () => {
  for (const emulator of running) await emulator.close();
  await rm(folder, { recursive: true });
});

async function start(options: EmulatorOptions = {}): Promise<Emulator> {
  const emulator = await startEmulator({ dataFile, ...options });
  running.push(emulator);
  return emulator;
}

test("the state is the same after a restart: payments, tokens, faulty keys, webhooks, time", async () => {
  const first = await start();
  const call = callerOf(first);
  const id = await newPayment(call);
  first.approve(id);
  const refund = { paymentRequestId: id, amount: 5 };
  const key = { "idempotency-key": "night-1" };
  const made = await call("POST", "/api/refund", refund, key);
  await call("POST", "/api/webhook/merchant", { url: "http://127.0.0.1:9/hook", event: "REFUND_STATUS" });
  const { key: own } = (await call("GET", "/api/cli/identity")).body as { key: { sdkAccessId: string } };
  const token = textOf(await call("POST", `/api/cli/api-access/${own.sdkAccessId}/regenerate`), "sandboxApiSecret");
  first.advance(120_000);
  const before = first.now();
  await first.close();

  const second = await start();
  expect(second.tokens.sandbox).toBe(token);
  expect(second.now()).toBeGreaterThanOrEqual(before);
  const again = callerOf(second);
  expect((await again("GET", "/api/webhook/merchant")).body).toHaveLength(2);
  const repeat = await again("POST", "/api/refund", refund, key);
  expect(repeat.body).toEqual(made.body);
  expect((await again("GET", `/api/refund/${id}`)).body).toMatchObject([{ status: "PENDING" }]);
  second.advance(28 * 60_000);
  expect((await again("GET", `/api/refund/${id}`)).body).toMatchObject([{ status: "COMPLETED" }]);
  expect((await again("GET", "/api/customers/cust_123")).status).toBe(200);
});

test("a reset leads back to the fixtures that it began with, for all and for one business", async () => {
  const fixtures = join(folder, "shop.json");
  const maker = await startEmulator({ clock: { startAt: "2026-02-10T09:00:00Z", frozen: true } });
  const second = maker.mintToken({ environment: "sandbox", merchantId: "shop-2", businessName: "Second shop" });
  const [id, secondId] = [
    await newPayment(callerOf(maker)),
    await newPayment(callerOf(maker, "sandbox", second.token)),
  ];
  await writeFile(fixtures, JSON.stringify(maker.snapshot()));
  await maker.close();

  const clock = { startAt: "2026-02-10T09:00:00Z", frozen: true };
  const emulator = await start({ dataFile: undefined, fixtures, clock });
  const token = emulator.mintToken({ environment: "sandbox", merchantId: "shop-3" }).token;
  const meddle = async (): Promise<string> => {
    for (const one of [id, secondId]) emulator.approve(one);
    return newPayment(callerOf(emulator, "sandbox", second.token));
  };
  const states = (): string[] => [id, secondId].map((one) => emulator.payment(one).status);

  const surplus = await meddle();
  emulator.reset({ merchantId: "shop-2" });
  expect(states()).toEqual(["COMPLETED", "PAYMENT_NOT_INITIATED"]);
  expect(() => emulator.payment(surplus)).toThrow("not found");

  emulator.reset();
  expect(states()).toEqual(["PAYMENT_NOT_INITIATED", "PAYMENT_NOT_INITIATED"]);
  expect((await callerOf(emulator, "sandbox", token)("GET", "/api/cli/identity")).status).toBe(200);
  emulator.reset({ keepTokens: false });
  expect((await callerOf(emulator, "sandbox", token)("GET", "/api/cli/identity")).status).toBe(401);
  expect((await callerOf(emulator, "sandbox", second.token)("GET", "/api/cli/identity")).body).toMatchObject({
    businessName: "Second shop",
  });
  // What they were waiting for is waited for again, once.
  emulator.advance("3m");
  expect(states()).toEqual(["EXPIRED", "EXPIRED"]);
});

test("the file is its owner's only, and nothing is left beside it", async () => {
  const emulator = await start();
  await Promise.all(Array.from({ length: 50 }, () => newPayment(callerOf(emulator))));
  await emulator.close();
  if (process.platform !== "win32") expect((await stat(dataFile)).mode & 0o777).toBe(0o600);
  expect(await readdir(folder)).toEqual(["state.json"]);
  const saved = JSON.parse(await readFile(dataFile, "utf8")) as {
    businesses: { payments: { orderId: string }[] }[];
  };
  const made = saved.businesses.flatMap(({ payments }) => payments).filter(({ orderId }) => orderId === "order-1");
  expect(made).toHaveLength(50);
});

test.each([
  ["{", "is not valid JSON"],
  ["[]", "is not an emulator's state"],
  ['{"atoaEmulator":3,"keys":[]}', "is incomplete"],
  ['{"atoaEmulator":2}', "is from another version of the emulator"],
])("a file that holds %s is refused and left alone", async (text, why) => {
  await writeFile(dataFile, text);
  await expect(start()).rejects.toMatchObject({
    name: "EmulatorError",
    kind: "unavailable",
    message: expect.stringContaining(`The data file ${dataFile} ${why}`),
    hint: expect.stringContaining("start from the seed"),
  });
  expect(await readFile(dataFile, "utf8")).toBe(text);
});

test("two emulators do not share a file; the lock of a dead one is no obstacle", async () => {
  // As a killed emulator leaves it.
  await mkdir(`${dataFile}.lock`);
  const longAgo = new Date(Date.now() - 60_000);
  await utimes(`${dataFile}.lock`, longAgo, longAgo);
  await start();
  for (const one of await Promise.allSettled(Array.from({ length: 3 }, () => start()))) {
    expect(one.status === "rejected" && one.reason.message).toContain("is in use by another emulator");
  }
}, 30_000);

test("a hundred changes are one write, and none of them waits for it", async () => {
  let writes = 0;
  const state = () => ({ writes: ++writes });
  const file = new DataFile(dataFile, state, async () => {});
  for (let change = 0; change < 100; change += 1) file.changed();
  expect(writes).toBe(0);
  await file.close();
  expect(writes).toBe(1);
});

test("close waits for the last write, and lets go of the file after it", async () => {
  for (let round = 0; round < 5; round += 1) {
    let state = 0;
    const file = new DataFile(
      dataFile,
      () => ({ state }),
      async () => {
        released = JSON.parse(await readFile(dataFile, "utf8"));
      },
    );
    let released: unknown;
    for (state = 1; state < 4; state += 1) {
      file.changed();
      void file.flush();
    }
    await file.close();
    expect(released).toMatchObject({ state: 4 });
    expect(await readdir(folder)).toEqual(["state.json"]);
  }
});

test.skipIf(process.platform === "win32")(
  "what lies in the way of the temporary file is not written through",
  async () => {
    const victim = join(folder, "victim");
    await writeFile(victim, "precious");
    await symlink(victim, `${dataFile}.tmp`);
    const emulator = await start();
    await newPayment(callerOf(emulator));
    await emulator.close();
    expect(await readFile(victim, "utf8")).toBe("precious");
    expect((await lstat(dataFile)).isSymbolicLink()).toBe(false);
    expect((await stat(dataFile)).mode & 0o777).toBe(0o600);
  },
);

test("a folder that is not there is an error at once, and names the file", async () => {
  const start = performance.now();
  await expect(startEmulator({ dataFile: join(folder, "nowhere", "state.json") })).rejects.toMatchObject({
    kind: "unavailable",
    message: expect.stringContaining("nowhere"),
  });
  expect(performance.now() - start).toBeLessThan(3_000);
});

describe("in a process of its own", () => {
  async function child(): Promise<{ process: ChildProcess; origin: string; token: string }> {
    const script = `import { startEmulator } from "@atoapayments/atoa-cli/emulator";
      const { origin, tokens } = await startEmulator({ dataFile: process.argv[1] });
      console.log(JSON.stringify({ origin, tokens }));`;
    const argv = ["--input-type=module", "-e", script, dataFile];
    const spawned = spawn(process.execPath, argv, { cwd: root, stdio: ["ignore", "pipe", "inherit"] });
    const line = await createInterface({ input: spawned.stdout })
      .once("line", () => {})
      [Symbol.asyncIterator]()
      .next();
    const { origin, tokens } = JSON.parse(String(line.value)) as Emulator;
    return { process: spawned, origin, token: tokens.sandbox };
  }

  test("a kill -9 costs the last moment at most, and the file is always whole", async () => {
    const answered: string[] = [];
    const safe: string[] = [];
    for (let round = 0; round < 2; round += 1) {
      answered.length = 0;
      const { process: server, origin, token } = await child();
      let alive = true;
      const pay = async (): Promise<void> => {
        while (alive) {
          try {
            const response = await fetch(`${origin}/api/payments/process-payment`, {
              method: "POST",
              headers: { authorization: `Bearer ${token}` },
              body: JSON.stringify({ amount: 1, orderId: "o" }),
            });
            answered.push(((await response.json()) as { paymentRequestId: string }).paymentRequestId);
          } catch {
            return;
          }
        }
      };
      const payers = [pay(), pay(), pay()];
      // By answers and not by the clock: a busy machine takes its time.
      while (answered.length < 8) await new Promise((resolve) => setTimeout(resolve, 1 + round));
      safe.push(...answered.splice(0));
      const written = async () => {
        const text = await readFile(dataFile, "utf8");
        return safe.every((id) => text.includes(id));
      };
      while (!(await written())) await new Promise((resolve) => setTimeout(resolve, 20));
      server.kill("SIGKILL");
      alive = false;
      await Promise.all([once(server, "exit"), ...payers]);
    }
    const { businesses } = JSON.parse(await readFile(dataFile, "utf8")) as {
      businesses: { payments: { id: string }[] }[];
    };
    const kept = new Set(businesses.flatMap(({ payments }) => payments.map(({ id }) => id)));
    expect(safe.length).toBeGreaterThan(10);
    expect(safe.filter((id) => !kept.has(id))).toEqual([]);
  }, 60_000);
});
