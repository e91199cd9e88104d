import { connect } from "node:net";
import { networkInterfaces } from "node:os";
import { type Emulator, startEmulator } from "@atoapayments/atoa-cli/emulator";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { choices } from "../../../src/emulator/choices";
import { control } from "../../../src/emulator/control/control-law";
import { letIn } from "../../../src/emulator/control/gate";
import { handlersOf } from "../../../src/emulator/control/routes";
import { pence } from "../../../src/emulator/state/money";
import { type Caller, callerOf, newPayment, textOf } from "./caller";
import { receive } from "./receiver";

/** What reviews found wrong, each as it was found. */

let emulator: Emulator;
let call: Caller;
beforeEach(async () => {
  emulator = await startEmulator({ transactions: 20, clock: { startAt: "2026-02-10T09:00:00Z", frozen: true } });
  call = callerOf(emulator);
});
afterEach(() => emulator.close());

async function play(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }> {
  const text = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
  const response = await fetch(`${emulator.origin}/__emulator${path}`, {
    method,
    ...(text === undefined ? {} : { body: text }),
  });
  return { status: response.status, body: await response.json() };
}

const status = async (id: string) => (await call("GET", `/api/payments/v1/payment-status/${id}`)).body;

/** Chooses on the payment page, as a browser does. */
async function onPage(id: string, form: Record<string, string>): Promise<Response> {
  return fetch(`${emulator.origin}/pay/${id}`, { method: "POST", body: new URLSearchParams(form), redirect: "manual" });
}

describe("the clock", () => {
  test.each([{ days: 1e9 }, { days: 1e300 }, { ms: -1 }, { fortnights: 1 }, { by: "1 fortnight" }, {}, null, []])(
    "is not moved by %j, and everything goes on",
    async (body) => {
      expect((await play("POST", "/clock/advance", body)).status).toBe(400);
      expect((await call("GET", "/api/cli/identity")).status).toBe(200);
      expect((await play("GET", "")).body).toMatchObject({ now: "2026-02-10T09:00:00.000Z" });
    },
  );

  test.each([
    [{ by: "1h30m" }, "2026-02-10T10:30:00.000Z"],
    [{ hours: 1, seconds: 5 }, "2026-02-10T10:00:05.000Z"],
    [{ by: "2d" }, "2026-02-12T09:00:00.000Z"],
  ])("is moved by %j", async (body, now) => {
    expect(await play("POST", "/clock/advance", body)).toEqual({ status: 200, body: { now } });
  });
});

describe("bodies of the control API", () => {
  test.each([
    { tip: "abc" },
    { tip: -9999 },
    { tip: 1.5 },
    { payerName: { first: "x" } },
    { reason: ["x"] },
    { merchantId: 5 },
    { stetle: "later" },
    { cardDigits: "zzz<b>" },
    null,
    "text",
  ])("are refused when they are %j, and nothing happens", async (body) => {
    const id = await newPayment(call);
    expect(
      await play("POST", `/payments/${id}/approve`, body === "text" ? "text" : JSON.stringify(body)),
    ).toMatchObject({
      status: 400,
      body: { name: "BAD_REQUEST", message: expect.stringMatching(/\w/) },
    });
    expect(await status(id)).toMatchObject({ status: "PAYMENT_NOT_INITIATED" });
    expect((await call("POST", "/api/payments/transactions", { search: "x" })).status).toBe(200);
  });

  test.each([
    ["a tip that is text", (id: string) => emulator.approve(id, { tip: "abc" as never })],
    ["a tip below nothing", (id: string) => emulator.approve(id, { tip: -9999 })],
    ["a misspelt field", (id: string) => emulator.decline(id, { stetle: "later" } as never)],
    ["a status that is none", (id: string) => emulator.preparePayment(id, { status: "PAID" as never })],
    ["a refund's status that is none", () => emulator.prepareRefund("rf_xyz", { status: "GONE" as never })],
    ["an environment that is none", () => emulator.mintToken({ environment: "moon" as never })],
    ["an event that is none", () => emulator.addWebhook("http://127.0.0.1:9/", { events: ["ALL" as never] })],
  ])("bind the library too: %s", async (_, ask) => {
    const id = await newPayment(call);
    expect(() => ask(id)).toThrow(expect.objectContaining({ name: "EmulatorError", kind: "bad-request" }));
    expect(emulator.payment(id).status).toBe("PAYMENT_NOT_INITIATED");
  });

  test("null is a 400 wherever a body is taken", async () => {
    for (const { method, path, takesBody } of control.operations) {
      if (!takesBody) continue;
      const reply = await play(method, path.replace("{id}", "pr_abc"), "null");
      expect(reply, path).toMatchObject({ status: 400 });
    }
  });

  test("every operation of the file has its handler, and the other way round", () => {
    const handlers = Object.keys(handlersOf(emulator, () => ({})));
    expect(handlers.sort()).toEqual(control.operations.map(({ id }) => id).sort());
  });
});

describe("the payer", () => {
  test("who declines has the method and the name that were asked for", async () => {
    const id = await newPayment(call);
    await play("POST", `/payments/${id}/decline`, { method: "CARD", payerName: "Zed" });
    expect(emulator.payment(id)).toMatchObject({ status: "FAILED", attempt: { method: "CARD", consumerName: "Zed" } });
  });

  test("takes no tip that the page does not offer", async () => {
    const id = await newPayment(call, { enableTips: true });
    await onPage(id, { action: "choose", with: "bank:modelo-sandbox", tip: "123456" });
    emulator.approve(id);
    expect(await status(id)).toMatchObject({ status: "COMPLETED", paidAmount: "25.00" });
  });

  test("keeps the tip chosen on the page when a test approves", async () => {
    const id = await newPayment(call);
    await onPage(id, { action: "choose", with: "bank:modelo-sandbox", tip: "500" });
    emulator.approve(id);
    expect(await status(id)).toMatchObject({ status: "COMPLETED", paidAmount: "30.00", tipAmount: "5.00" });
  });

  test("with the card that is declined is declined, whoever approves", async () => {
    const id = await newPayment(call);
    await onPage(id, { action: "choose", with: "card:0002" });
    expect(emulator.approve(id)).toEqual({ id, status: "FAILED" });
    expect(emulator.payment(id).attempt?.failure).toBe("The card was declined");
  });

  test.each(["zzz<b>", "42424", "", "12a4"])("cannot type the card digits %j", async (digits) => {
    const id = await newPayment(call);
    expect((await onPage(id, { action: "choose", with: `card:${digits}` })).status).toBe(400);
    expect(await status(id)).toMatchObject({ status: "PAYMENT_NOT_INITIATED" });
  });

  test("sees the currency of the payment", async () => {
    const id = await newPayment(call, { currency: "EUR" });
    const page = await (await fetch(`${emulator.origin}/pay/${id}`)).text();
    expect(page).toContain("€25.00");
    expect(page).not.toContain("£25.00");
  });
});

test("a reset brings a revoked token back, and keeps a rotated one", async () => {
  const token = emulator.tokens.sandbox;
  const { key } = (await call("GET", "/api/cli/identity")).body as { key: { sdkAccessId: string } };
  await call("DELETE", `/api/cli/api-access/${key.sdkAccessId}`);
  expect((await call("GET", "/api/cli/identity")).status).toBe(401);
  emulator.reset();
  expect(emulator.tokens.sandbox).toBe(token);
  expect((await call("GET", "/api/cli/identity")).status).toBe(200);
  const rotated = textOf(await call("POST", `/api/cli/api-access/${key.sdkAccessId}/regenerate`), "sandboxApiSecret");
  emulator.reset();
  expect(emulator.tokens.sandbox).toBe(rotated);
});

describe("callers from elsewhere", () => {
  const elsewhere = Object.values(networkInterfaces())
    .flat()
    .find((address) => address?.family === "IPv4" && !address.internal)?.address;

  test("do not reach the control API through a webhook at the emulator's own address", async () => {
    const id = await newPayment(call);
    for (const url of [
      `${emulator.origin}/__emulator/payments/${id}/approve`,
      `${emulator.origin}/__emulator/reset`,
      `${emulator.origin}/__emulator/deliveries/settle`,
    ]) {
      const { webhookId } = (await call("POST", "/api/webhook/merchant", { url, event: "REFUND_STATUS" })).body as {
        webhookId: string;
      };
      await call("POST", "/api/webhook/test", { eventType: "REFUND_STATUS" });
      await emulator.deliveriesSettled();
      expect(emulator.deliveries().at(-1)?.attempts).toMatchObject([{ status: 403 }]);
      await call("DELETE", `/api/webhook/${webhookId}/merchant`);
    }
    expect(emulator.payment(id).status).toBe("PAYMENT_NOT_INITIATED");
  });

  const caller = (headers: Record<string, string>, remoteAddress: string) => ({
    method: "GET",
    target: "/",
    headers,
    remoteAddress,
    body: () => "",
  });
  const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString("base64")}` });
  const far = { host: "192.168.1.7:4010" };

  test.each([
    ["this machine", { host: "localhost:4010" }, "127.0.0.1", undefined],
    ["this machine by IPv6", { host: "[::1]:4010" }, "::1", undefined],
    ["a remote caller", far, "192.168.1.9", "forbidden"],
    ["a tunnel with its own name", { host: "x.tunnel.example" }, "127.0.0.1", "forbidden"],
    ["a tunnel that rewrites Host", { host: "localhost:4010", "x-forwarded-for": "8.8.8.8" }, "127.0.0.1", "forbidden"],
    ["a page of another origin", { host: "localhost:4010", origin: "http://evil.example" }, "127.0.0.1", "forbidden"],
  ])("%s without a control token: %j from %s", (_, headers, address, kind) => {
    const decide = () => letIn({}, caller(headers, address));
    if (kind === undefined) expect(decide).not.toThrow();
    else expect(decide).toThrow(expect.objectContaining({ kind }));
  });

  test.each([
    [{ ...far }, "unauthorized"],
    [{ ...far, authorization: "Bearer wrong" }, "unauthorized"],
    [{ ...far, ...basic("me:wrong") }, "unauthorized"],
    [{ ...far, authorization: "Bearer open" }, undefined],
    [{ ...far, ...basic("anybody:open") }, undefined],
  ])("a remote caller with %j of the control token", (headers, kind) => {
    const decide = () => letIn({ controlToken: "open" }, caller(headers, "192.168.1.9"));
    if (kind === undefined) expect(decide).not.toThrow();
    else expect(decide).toThrow(expect.objectContaining({ kind }));
  });

  test("over a real interface: refused, and let in with the token", async ({ skip }) => {
    if (elsewhere === undefined) skip("this machine has no address but loopback");
    await using open = await startEmulator({ host: "0.0.0.0", controlToken: "open" });
    const url = `http://${elsewhere}:${open.port}/__emulator`;
    expect((await fetch(url)).status).toBe(401);
    expect((await fetch(url, { headers: { authorization: "Bearer open" } })).status).toBe(200);
  });
});

describe("deliveries", () => {
  test("are bounded, also those that wait", async () => {
    emulator.addWebhook("http://127.0.0.1:9/nobody", { events: ["PAYMENTS_STATUS"] });
    const id = await newPayment(call);
    emulator.approve(id);
    const { deliveries: [first] = [], ...rest } = emulator.snapshot() as { deliveries?: object[] };
    const many = Array.from({ length: choices.deliveriesRemembered - 10 }, (_, index) => ({
      ...first,
      id: `d-${index}`,
    }));
    emulator.restore({ ...rest, deliveries: many });
    expect(emulator.deliveries()).toHaveLength(choices.deliveriesRemembered - 10);
    for (let count = 0; count < 30; count += 1) {
      emulator.preparePayment(id, { status: "AWAITING_AUTHORIZATION" });
      emulator.approve(id);
    }
    const kept = emulator.deliveries();
    // Before any of them sets out.
    emulator.reset();
    expect(kept).toHaveLength(choices.deliveriesRemembered);
    expect(kept[0]?.id).toBe("d-20");
  });

  test("many at a time are no reason for Node to warn", async () => {
    const warnings: string[] = [];
    const note = (warning: Error): void => void warnings.push(warning.message);
    process.on("warning", note);
    emulator.addWebhook("http://127.0.0.1:9/nobody", { events: ["PAYMENTS_STATUS"] });
    for (let count = 0; count < 30; count += 1) emulator.approve(await newPayment(call));
    await emulator.deliveriesSettled();
    await new Promise((resolve) => setImmediate(resolve));
    process.off("warning", note);
    expect(warnings).toEqual([]);
  });

  test("are bounded in bytes: large bodies do not fill the memory", async () => {
    emulator.addWebhook("http://127.0.0.1:9/nobody", { events: ["PAYMENTS_STATUS"] });
    const id = await newPayment(call, { callbackParams: { basket: "x".repeat(1_000_000) } });
    for (let count = 0; count < 80; count += 1) {
      emulator.preparePayment(id, { status: "AWAITING_AUTHORIZATION" });
      emulator.approve(id);
    }
    const kept = emulator.deliveries();
    emulator.reset();
    const bytes = kept.reduce((sum, { body }) => sum + body.length, 0);
    expect(bytes).toBeLessThanOrEqual(choices.deliveryBytesRemembered);
    expect(bytes).toBeGreaterThan(choices.deliveryBytesRemembered - 2_000_000);
  });

  test("keep what the receiver said last, and not each time", async () => {
    const receiver = await receive(() => ({ status: 500, body: "x".repeat(5000) }));
    emulator.addWebhook(receiver.origin);
    emulator.approve(await newPayment(call));
    for (let count = 0; count < 4; count += 1) {
      await emulator.deliveriesSettled();
      emulator.advance("2h");
    }
    await emulator.deliveriesSettled();
    await receiver.close();
    const attempts = emulator.deliveries()[0]?.attempts ?? [];
    expect(attempts.length).toBeGreaterThan(4);
    expect(attempts.map(({ response }) => response?.length).filter(Boolean)).toEqual([choices.webhookResponseKept]);
  });

  test("reach a port that browsers refuse, without the headers of a browser", async ({ skip }) => {
    const receiver = await receive(() => ({ status: 200, body: "thanks" }), 6666).catch(() => undefined);
    if (receiver === undefined) return skip("port 6666 is in use");
    emulator.addWebhook(receiver.origin);
    emulator.approve(await newPayment(call));
    await emulator.deliveriesSettled();
    await receiver.close();
    expect(emulator.deliveries()).toMatchObject([
      { state: "DELIVERED", attempts: [{ status: 200, response: "thanks", ms: expect.any(Number) }] },
    ]);
    expect(
      Object.keys(receiver.received[0]?.headers ?? {}).filter((name) => /^sec-|^accept-language|^origin/.test(name)),
    ).toEqual([]);
  });

  test("can be sent again, the same bytes", async () => {
    const answers = [500, 200];
    const receiver = await receive(() => answers.shift() ?? 500);
    emulator.addWebhook(receiver.origin);
    emulator.approve(await newPayment(call));
    await emulator.deliveriesSettled();
    const [delivery] = emulator.deliveries();
    expect(delivery?.state).toBe("WAITING");
    expect((await play("POST", `/deliveries/${delivery?.id}/resend`)).status).toBe(200);
    await emulator.deliveriesSettled();
    await receiver.close();
    expect(emulator.deliveries()[0]).toMatchObject({ state: "DELIVERED", dueAt: null });
    expect(receiver.received.map(({ text }) => text)).toEqual([delivery?.body, delivery?.body]);
    expect((await play("POST", "/deliveries/nothing/resend")).status).toBe(404);
  });
});

test.each([
  [100_000.001, false],
  [600_000.005, false],
  [0.07, true],
  [1.1, true],
  [123_456_789.01, true],
  [4.35, true],
  [10.005, false],
])("the amount %d is whole pence: %s", (pounds, whole) => {
  if (whole) expect(pence(pounds)).toBe(Math.round(pounds * 100));
  else expect(() => pence(pounds)).toThrow("two decimals");
});

test.each(["/api/payouts?fromDate=garbage", "/api/payouts?toDate=zzz"])("%s is refused", async (path) => {
  expect(await call("GET", path)).toMatchObject({
    status: 400,
    body: { message: expect.stringContaining("Date must be") },
  });
});

test.each(["/api/customers", "/api/payouts", "/api/payouts/po_555/transactions"])(
  "%s has no endless page",
  async (path) => {
    expect((await call("GET", `${path}?page=1e309`)).status).toBe(400);
  },
);

describe("faults", () => {
  test.each([
    "POST /api/refund reset-before-commit hang",
    "POST /api/refund status=503 hang",
    "GET /api/**/stores status=503",
    "GET /**/**/**/x latency=1",
  ])("%s is refused", async (fault) => {
    expect(() => emulator.fault(fault)).toThrow(/^Fault /);
    expect((await play("POST", "/faults", fault)).status).toBe(400);
  });

  test("come as lines too, all or none", async () => {
    const lines = "# a bad night\nGET /api/payments/stores status=429 1\nGET /api/institutions hang 1\n";
    expect((await play("POST", "/faults", lines)).body).toEqual({ ids: [1, 2] });
    expect((await play("POST", "/faults", `${lines}GET /x explode\n`)).status).toBe(400);
    expect((await play("POST", "/faults", ["GET /x status=500", "GET /x explode"])).status).toBe(400);
    expect(emulator.faults()).toHaveLength(2);
  });

  test("and tokens are bounded", () => {
    for (let count = 0; count < choices.faultsArmed; count += 1) emulator.fault("GET /x status=500");
    expect(() => emulator.fault("GET /x status=500")).toThrow("too many");
    const mintAll = () => {
      for (let count = 0; count <= choices.tokensMinted; count += 1) emulator.mintToken({ environment: "sandbox" });
    };
    expect(mintAll).toThrow("too many");
  });
});

test("preparing a payment takes its refunds along", async () => {
  emulator.preparePayment("pr_abc123", { status: "COMPLETED" });
  expect((await call("GET", "/api/refund/pr_abc123")).body).toEqual([]);
  expect((await call("DELETE", "/api/refund/rf_xyz/cancel")).status).toBe(404);
});

test("what fell due is done before a test prepares something", async () => {
  await using running = await startEmulator();
  const id = await newPayment(callerOf(running), { expiresIn: 1 });
  await new Promise((resolve) => setTimeout(resolve, 10));
  expect(running.payment(id).status).toBe("EXPIRED");
  expect(() => running.start(id)).toThrow("EXPIRED");
});

test("the control API answers with and without a slash", async () => {
  for (const path of ["", "/"]) expect((await play("GET", path)).body).toMatchObject({ origin: emulator.origin });
});

test("the request log hides the passwords of webhooks", async () => {
  await call("POST", "/api/webhook/merchant", {
    url: "http://127.0.0.1:9/",
    event: "REFUND_STATUS",
    authentication: { username: "me", password: "hunter2" },
  });
  const { body: log } = await play("GET", "/requests");
  expect(JSON.stringify(log)).not.toContain("hunter2");
  expect(log).toMatchObject([{ body: { authentication: { username: "me", password: "<redacted>" } } }]);
});

test("a request that cannot be read is a 400 with a JSON body", async () => {
  const text = await new Promise<string>((resolve) => {
    let all = "";
    const socket = connect(emulator.port, "127.0.0.1", () => {
      socket.write(`GET /a\\b HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n`);
    });
    socket.on("data", (part) => (all += part)).on("close", () => resolve(all));
  });
  expect(text).toMatch(/^HTTP\/1.1 4\d\d /);
  expect(text.split("\r\n\r\n")[1]).toContain('"status":4');
});

describe("strict", () => {
  test.each([
    [
      "an unknown body field",
      "POST",
      "/api/payments/process-payment",
      { amount: 1, orderId: "o", colour: "red" },
      "application/json",
      "colour is not a known field",
    ],
    [
      "an unknown parameter",
      "GET",
      "/api/customers?colour=red",
      undefined,
      "application/json",
      "colour is not a known query parameter",
    ],
    [
      "text",
      "POST",
      "/api/payments/process-payment",
      { amount: 1, orderId: "o" },
      "text/plain",
      "content-type must be application/json",
    ],
  ])("refuses %s, which is overlooked otherwise", async (_, method, path, body, type, message) => {
    await using strict = await startEmulator({ strict: true });
    const headers = { "content-type": type };
    expect(await callerOf(strict)(method, path, body, headers)).toMatchObject({ status: 400, body: { message } });
    expect((await call(method, path, body, headers)).status).toBe(200);
    expect(
      (
        await callerOf(strict)(
          "POST",
          "/api/payments/process-payment",
          { amount: 1, orderId: "o" },
          { "content-type": "application/json" },
        )
      ).status,
    ).toBe(200);
  });
});
