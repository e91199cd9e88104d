import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type Emulator, startEmulator } from "@atoapayments/atoa-cli/emulator";
import { describe, expect, it } from "vitest";
import { afterFile } from "../after-file";
import { atoa, bareEnvironment, execute, program, root, temporaryFolder } from "./program";

/** The commands that talk to a running emulator, and what `emulator start` says and takes. */

const emulator: Emulator = await startEmulator({ clock: { startAt: "2026-02-10T09:00:00Z", frozen: true } });
afterFile(() => emulator.close());
const env = { ATOA_HOME: temporaryFolder(), ATOA_EMULATOR_URL: emulator.origin };

async function newPayment(amount = 25): Promise<string> {
  const response = await emulator.fetch("/api/payments/process-payment", {
    method: "POST",
    headers: { authorization: `Bearer ${emulator.tokens.sandbox}` },
    body: JSON.stringify({ amount, orderId: "order-1" }),
  });
  const { paymentRequestId } = (await response.json()) as { paymentRequestId: string };
  return paymentRequestId;
}

async function run(argv: string[]): Promise<unknown> {
  const outcome = await atoa(["emulator", ...argv], { env });
  expect(outcome).toMatchObject({ code: 0, stderr: "" });
  return JSON.parse(outcome.stdout);
}

describe("a running emulator", () => {
  it("approves, declines, cancels", async () => {
    const [yes, slow, no, never] = [await newPayment(), await newPayment(), await newPayment(), await newPayment()];
    expect(await run(["approve", yes])).toEqual({ id: yes, status: "COMPLETED" });
    expect(await run(["approve", slow, "--settle", "later"])).toEqual({ id: slow, status: "PENDING" });
    expect(await run(["decline", no, "--reason", "Not today"])).toEqual({ id: no, status: "FAILED" });
    expect(emulator.payment(no).attempt?.failure).toBe("Not today");
    emulator.start(never);
    expect(await run(["cancel", never])).toEqual({ id: never, status: "PAYMENT_NOT_INITIATED" });
  });

  it("lets time pass, with what falls due: a payment is paid out the next morning", async () => {
    const id = await newPayment();
    emulator.approve(id);
    expect(await run(["advance", "1d"])).toEqual({ now: "2026-02-11T09:00:00.000Z" });
    const { payoutId } = emulator.payment(id);
    const headers = { authorization: `Bearer ${emulator.tokens.sandbox}` };
    const rows = await emulator.fetch(`/api/payouts/${payoutId}/transactions?limit=100`, { headers });
    const { data } = (await rows.json()) as { data: Record<string, unknown>[] };
    expect(data.find(({ paymentRequestId }) => paymentRequestId === id)).toMatchObject({
      amount: "25.00",
      isRefund: false,
      paymentIdempotencyId: emulator.payment(id).attempt?.reference,
    });
    const payouts = await emulator.fetch("/api/payouts?limit=1", { headers });
    const [newest] = ((await payouts.json()) as { data: Record<string, unknown>[] }).data;
    const pence = (row: Record<string, unknown>) =>
      Math.round(Number(row.amount) * 100) * (row.isRefund === true ? -1 : 1);
    expect(newest).toMatchObject({ id: payoutId, createdAt: "2026-02-11T06:30:00.000Z", status: "COMPLETED" });
    expect(Math.round(Number(newest?.amount) * 100)).toBe(data.reduce((sum, row) => sum + pence(row), 0));
  });

  it("adds, lists and clears faults", async () => {
    expect(await run(["fault", "add", "POST /api/refund reset-after-commit 1"])).toEqual({ ids: [1] });
    expect(await run(["fault", "list"])).toMatchObject([{ id: 1, kind: "reset-after-commit", times: 1, hits: 0 }]);
    await run(["fault", "clear"]);
    expect(emulator.faults()).toEqual([]);
  });

  it("shows deliveries, sends one again, and goes back to its beginning", async () => {
    let calls = 0;
    const receiver = createServer((_, response) => response.writeHead(++calls === 1 ? 500 : 200).end());
    await new Promise<void>((done) => receiver.listen(0, "127.0.0.1", done));
    emulator.addWebhook(`http://127.0.0.1:${(receiver.address() as { port: number }).port}/`);
    emulator.approve(await newPayment());
    await emulator.deliveriesSettled();
    const [delivery] = (await run(["deliveries"])) as [{ id: string; state: string }];
    expect(delivery).toMatchObject({ state: "WAITING", attempts: [{ status: 500 }] });
    await run(["resend", delivery.id]);
    await emulator.deliveriesSettled();
    receiver.close();
    expect(emulator.deliveries()[0]).toMatchObject({ state: "DELIVERED" });
    expect(await run(["reset"])).toEqual({ reset: true });
    expect(emulator.deliveries()).toEqual([]);
  });

  it("watches deliveries: a line of JSON for each attempt, until Ctrl-C", async () => {
    emulator.addWebhook("http://127.0.0.1:9/hooks");
    const argv = [program, "emulator", "deliveries", "--watch"];
    const watching = spawn(process.execPath, argv, { env: { ...bareEnvironment(), ...env } });
    const lines = createInterface({ input: watching.stdout })[Symbol.asyncIterator]();
    const next = async (): Promise<unknown> => JSON.parse(String((await lines.next()).value));
    const id = await newPayment();
    emulator.approve(id);
    await emulator.deliveriesSettled();
    const [{ id: deliveryId } = { id: "" }] = emulator.deliveries();
    expect(await next()).toMatchObject({ id: deliveryId, attempts: [{ status: null, error: "ECONNREFUSED" }] });
    emulator.advance("30s");
    await emulator.deliveriesSettled();
    expect(await next()).toMatchObject({ id: deliveryId, attempts: [{}, {}] });
    watching.kill("SIGINT");
    expect(await once(watching, "close")).toEqual([0, null]);
    emulator.reset();
  });

  it("resets one business, and leaves another as it is", async () => {
    emulator.mintToken({ environment: "sandbox", merchantId: "shop-2" });
    const id = await newPayment();
    expect(await run(["reset", "--merchantId", "shop-2"])).toEqual({ reset: true });
    expect(emulator.payment(id).status).toBe("PAYMENT_NOT_INITIATED");
    expect(await run(["reset", "--merchantId", emulator.merchantId])).toEqual({ reset: true });
    expect(() => emulator.payment(id)).toThrow("not found");
  });

  it.each([
    [["reset", "--merchantId", "nobody"], 4, "Business not found"],
    [["approve", "nobody"], 4, "Record not found"],
    [["resend", "nobody"], 4, "Delivery not found"],
    [["advance", "soon"], 3, "30m"],
    [["approve"], 3, "Missing"],
    [["approve", "pr_abc123"], 3, "COMPLETED"],
    [["fault", "add", "GET /x explode"], 3, "explode"],
    [["reset", "--url", "ftp://x"], 3, "HTTP URL"],
    [["reset", "--url", "http://127.0.0.1:1"], 6, "No emulator is running at http://127.0.0.1:1"],
  ])("%j exits with %d", async (argv, code, said) => {
    const refused = await atoa(["emulator", ...argv], { env });
    expect(refused).toMatchObject({ code, stdout: "" });
    expect(refused.stderr).toContain(said);
    expect(refused.stderr).toMatch(/^error: .* — /);
  });

  it("behind an address that is not loopback asks for the control token, which a variable carries", async () => {
    await using guarded = await startEmulator({ host: "0.0.0.0", controlToken: "open-sesame" });
    const argv = ["emulator", "fault", "list", "--url", `http://0.0.0.0:${guarded.port}`];
    const refused = await atoa(argv, { env });
    expect(refused).toMatchObject({ code: 2, stdout: "" });
    expect(refused.stderr).toContain("set ATOA_EMULATOR_CONTROL_TOKEN to its --controlToken");
    const variable = { ATOA_EMULATOR_CONTROL_TOKEN: "open-sesame" };
    expect(await atoa(argv, { env: { ...env, ...variable } })).toMatchObject({ code: 0, stdout: "[]\n" });
  });

  it("is found by a loopback ATOA_BASE_URL too, and something else is told from it", async () => {
    const other = createServer((_, response) => response.end("hello"));
    await new Promise<void>((done) => other.listen(0, "127.0.0.1", done));
    const origin = `http://127.0.0.1:${(other.address() as { port: number }).port}`;
    const refused = await atoa(["emulator", "reset"], { env: { ATOA_BASE_URL: origin } });
    expect(refused).toMatchObject({ code: 1 });
    expect(refused.stderr).toContain(`The server at ${origin} is not an Atoa emulator`);
    const found = await atoa(["emulator", "fault", "list"], { env: { ATOA_BASE_URL: emulator.origin } });
    expect(found).toMatchObject({ code: 0, stdout: "[]\n" });
    other.close();
  });
});

describe("the library", () => {
  it("is imported as it is built, answers in process, and keeps a snapshot", async () => {
    const script = `
      import { EmulatorError, startEmulator } from ${JSON.stringify(join(root, "dist/emulator/index.js"))};
      const atoa = await startEmulator({ ids: "sequential", clock: { startAt: "2026-02-10T09:00:00Z", frozen: true } });
      const headers = { authorization: "Bearer " + atoa.tokens.sandbox };
      const body = JSON.stringify({ amount: 1.01, orderId: "o" });
      const made = await (await atoa.fetch("/api/payments/process-payment", { method: "POST", headers, body })).json();
      const before = atoa.snapshot();
      const { status } = atoa.approve(made.paymentRequestId);
      atoa.restore(before);
      atoa.fault("GET /api/payments/stores reset-before-commit 1");
      const cut = await atoa.fetch("/api/payments/stores", { headers }).catch((error) => error.message);
      let unknown;
      try { atoa.approve("nobody"); } catch (error) { unknown = error instanceof EmulatorError && error.kind; }
      console.log(JSON.stringify([made.paymentRequestId, status, atoa.payment(made.paymentRequestId).status, cut, unknown]));
      await atoa[Symbol.asyncDispose]();`;
    const ran = await execute(["--input-type=module", "-e", script], {});
    expect(ran).toMatchObject({ code: 0, stderr: "" });
    expect(JSON.parse(ran.stdout)).toEqual([
      "00000000-0000-4000-8000-000000000001",
      "FAILED",
      "PAYMENT_NOT_INITIATED",
      "fetch failed",
      "not-found",
    ]);
  });
});
