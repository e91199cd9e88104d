import { type Emulator, startEmulator } from "@atoapayments/atoa-cli/emulator";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { api } from "../../../src/emulator/api/api-law";
import { signatureOfBody, signatureOfPayment } from "../../../src/webhooks/signature";
import { type Caller, callerOf, newPayment, textOf } from "./caller";
import { type Received, type Receiver, receive } from "./receiver";

/** The v2 API of webhooks, as docs.atoa.me describes it. */

let emulator: Emulator;
let call: Caller;
let target: Receiver;
let origin: string;
let received: Received[];

beforeEach(async () => {
  target = await receive(({ path }) => (path === "/broken" ? 500 : 200));
  ({ origin, received } = target);
  emulator = await startEmulator({ transactions: 20, clock: { startAt: "2026-02-10T09:00:00Z", frozen: true } });
  call = callerOf(emulator);
});
afterEach(async () => {
  await emulator.close();
  await target.close();
});

const endpoints = "/api/webhook/v2/endpoints";
const register = (path: string, events: string[], fields: Record<string, unknown> = {}) =>
  call("POST", endpoints, { url: origin + path, events, ...fields });

async function paid(): Promise<string> {
  const id = await newPayment(call);
  emulator.approve(id);
  await emulator.deliveriesSettled();
  return id;
}

test("an endpoint has several events, and shows what the file says", async () => {
  const made = await register("/orders", ["PAYMENTS_STATUS", "REFUND_STATUS"], { description: "Orders" });
  expect(made.body).toEqual({
    id: expect.any(String),
    url: `${origin}/orders`,
    description: "Orders",
    environment: "SANDBOX",
    events: [
      { event: "PAYMENTS_STATUS", label: "Payment Status" },
      { event: "REFUND_STATUS", label: "Refund Status" },
    ],
    hasAuthentication: false,
    authenticationType: null,
    failureCount: 0,
    lastDeliveredAt: null,
  });
  expect((await call("GET", endpoints)).body).toEqual({ data: [made.body], totalCount: 1, page: 0, size: 10 });
  expect((await callerOf(emulator, "production")("GET", endpoints)).body).toMatchObject({ totalCount: 0 });
  expect((await call("GET", `${endpoints}?size=51`)).status).toBe(400);
  expect((await call("GET", `${endpoints}?page=1&size=1`)).body).toMatchObject({ data: [], totalCount: 1, page: 1 });
});

test("every endpoint of an event gets deliveries of its own, with retries of its own", async () => {
  await register("/orders", ["PAYMENTS_STATUS", "REFUND_STATUS"]);
  await register("/broken", ["PAYMENTS_STATUS"]);
  await register("/refunds", ["REFUND_STATUS"]);
  await paid();
  expect(received.map(({ path }) => path).sort()).toEqual(["/broken", "/orders"]);
  emulator.advance("30s");
  await emulator.deliveriesSettled();
  expect(received.map(({ path }) => path).sort()).toEqual(["/broken", "/broken", "/orders"]);
  const { data } = (await call("GET", endpoints)).body as { data: unknown[] };
  expect(data).toMatchObject([
    { failureCount: 0, lastDeliveredAt: "2026-02-10T09:00:00.000Z" },
    { failureCount: 2, lastDeliveredAt: null },
    { failureCount: 0, lastDeliveredAt: null },
  ]);
});

test("a delivery is signed by the header once there is a signing secret, and in the body before", async () => {
  await register("/orders", ["PAYMENTS_STATUS"]);
  const id = await paid();
  const before = JSON.parse(received[0]?.text ?? "") as Record<string, unknown>;
  expect(before).toMatchObject({ signatureHash: signatureOfPayment(emulator.tokens.sandbox, "order-1", id) });
  expect(received[0]?.headers["x-atoa-signature"]).toBeUndefined();

  const secret = emulator.setSigningSecret() ?? "";
  await paid();
  const [, { text, headers } = { text: "", headers: {} as Received["headers"] }] = received;
  const body = JSON.parse(text) as Record<string, unknown>;
  expect(headers["x-atoa-signature"]).toBe(signatureOfBody(secret, text));
  expect(body).toMatchObject({ eventType: "PAYMENTS_STATUS" });
  expect(body).not.toHaveProperty("signatureHash");
  expect(api.deliveryProblem("PAYMENTS_STATUS", body)).toBeUndefined();
});

test("the test trigger reaches every endpoint of the event", async () => {
  await register("/one", ["EXPIRED_STATUS"]);
  await register("/two", ["EXPIRED_STATUS"]);
  await call("POST", "/api/webhook/test", { eventType: "EXPIRED_STATUS" });
  await emulator.deliveriesSettled();
  expect(received.map(({ path }) => path).sort()).toEqual(["/one", "/two"]);
});

test("an event has at most three endpoints, those of v1 included; the fourth is a 400", async () => {
  await call("POST", "/api/webhook/merchant", { url: `${origin}/v1`, event: "REFUND_STATUS" });
  await register("/a", ["REFUND_STATUS"]);
  const other = await register("/b", ["REFUND_STATUS", "PAYMENTS_STATUS"]);
  const refused = { status: 400, body: { name: "WEBHOOK_LIMIT_REACHED" } };
  expect(await register("/c", ["EXPIRED_STATUS", "REFUND_STATUS"])).toMatchObject(refused);
  const late = await register("/c", ["PAYMENTS_STATUS"]);
  expect(await change(late, { events: ["REFUND_STATUS"] })).toMatchObject(refused);
  // Its own place is not counted against it.
  expect((await change(other, { events: ["REFUND_STATUS"] })).status).toBe(200);
  expect((await call("DELETE", `${endpoints}/${textOf(other, "id")}`)).status).toBe(200);
  expect((await change(late, { events: ["REFUND_STATUS"] })).status).toBe(200);
});

test("a change replaces the events, keeps what it leaves out, and null ends the sign-in", async () => {
  const authentication = { username: "shop", password: "s3cret" };
  const made = await register("/orders", ["PAYMENTS_STATUS"], { description: "Orders", authentication });
  expect(made.body).toMatchObject({ hasAuthentication: true, authenticationType: "BASIC" });
  expect(JSON.stringify(made.body)).not.toContain("s3cret");
  expect((await change(made, { events: ["REFUND_STATUS"] })).body).toMatchObject({
    events: [{ event: "REFUND_STATUS", label: "Refund Status" }],
    description: "Orders",
    hasAuthentication: true,
  });
  const changed = await change(made, { events: ["REFUND_STATUS"], description: "Refunds", authentication: null });
  expect(changed.body).toMatchObject({ description: "Refunds", hasAuthentication: false, authenticationType: null });
  await paid();
  expect(received).toEqual([]);
});

test("the two APIs do not see each other's webhooks", async () => {
  const v1 = textOf(
    await call("POST", "/api/webhook/merchant", { url: origin, event: "PAYMENTS_STATUS" }),
    "webhookId",
  );
  const v2 = textOf(await register("/orders", ["PAYMENTS_STATUS"]), "id");
  expect((await call("GET", "/api/webhook/merchant")).body).not.toContainEqual(
    expect.objectContaining({ webhookId: v2 }),
  );
  expect((await call("GET", endpoints)).body).toMatchObject({ totalCount: 1, data: [{ id: v2 }] });
  expect((await call("DELETE", `${endpoints}/${v1}`)).status).toBe(404);
  expect((await call("DELETE", `/api/webhook/${v2}/merchant`)).status).toBe(404);
});

describe("a registration is refused with", () => {
  test.each([
    { url: "http://shop.example.com/hook" },
    { events: [] },
    { events: ["PAYMENT_STATUS"] },
    { events: ["POS_PAYMENT_STATUS"] },
    { description: "x".repeat(101) },
    { authentication: null },
    { authentication: { username: "u", password: "p", clientId: "c" } },
    { authentication: { clientId: "c", clientSecret: "s", authUrl: "http://evil.example/token" } },
  ])("%j", async (fields) => {
    expect((await register("/hook", ["PAYMENTS_STATUS"], fields)).status).toBe(400);
    expect((await call("GET", endpoints)).body).toMatchObject({ totalCount: 0 });
  });
});

function change(made: Awaited<ReturnType<Caller>>, fields: Record<string, unknown>) {
  return call("PUT", `${endpoints}/${textOf(made, "id")}`, fields);
}
