import { type Emulator, startEmulator } from "@atoapayments/atoa-cli/emulator";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { api } from "../../../src/emulator/api/api-law";
import { choices } from "../../../src/emulator/choices";
import { signatureOfBody, signatureOfPayment, signatureOfRefund } from "../../../src/webhooks/signature";
import { type Caller, callerOf, newPayment, textOf } from "./caller";
import { type Received, type Receiver, receive } from "./receiver";

let emulator: Emulator;
let call: Caller;
let target: Receiver;
let origin: string;
let received: Received[];
/** What the target answers next; 200 when empty. */
let answers: number[];

beforeEach(async () => {
  answers = [];
  target = await receive(() => answers.shift() ?? 200);
  ({ origin, received } = target);
  emulator = await startEmulator({ transactions: 20, clock: { startAt: "2026-02-10T09:00:00Z", frozen: true } });
  call = callerOf(emulator);
});
afterEach(async () => {
  await emulator.close();
  await target.close();
});

const register = (event: string, fields: Record<string, unknown> = {}) =>
  call("POST", "/api/webhook/merchant", { url: `${origin}/hook`, event, ...fields });

const bodyOf = (delivery: Received | undefined) => JSON.parse(delivery?.text ?? "{}") as Record<string, unknown>;

async function paid(fields: Record<string, unknown> = {}): Promise<string> {
  const id = await newPayment(call, { callbackParams: { basket: "42" }, ...fields });
  emulator.approve(id);
  await emulator.deliveriesSettled();
  return id;
}

describe("a delivery", () => {
  test("of a payment is signed with the token of the key that registered, and allowed by the file", async () => {
    await register("PAYMENTS_STATUS");
    const id = await paid();
    expect(received).toHaveLength(1);
    const [{ headers }] = received as [Received];
    const body = bodyOf(received[0]);
    expect(api.deliveryProblem("PAYMENTS_STATUS", body)).toBeUndefined();
    expect(body).toMatchObject({
      status: "COMPLETED",
      paidAmount: "25.00",
      taxAmount: 0,
      errorDescription: "null",
      redirectUrlParams: '{"basket":"42"}',
      signatureHash: signatureOfPayment(emulator.tokens.sandbox, "order-1", id),
    });
    expect(body).not.toHaveProperty("eventType");
    expect(headers["x-atoa-signature"]).toBeUndefined();
    expect(headers.authorization).toBeUndefined();
    expect(emulator.deliveries()).toMatchObject([
      { event: "PAYMENTS_STATUS", state: "DELIVERED", attempts: [{ status: 200 }] },
    ]);
  });

  test("with a signing secret is signed in the header, over the raw bytes, and names its event", async () => {
    const secret = emulator.setSigningSecret() ?? "";
    await register("PAYMENTS_STATUS");
    await paid({ notes: "café £5 ☕" });
    const [{ headers, text }] = received as [Received];
    const body = bodyOf(received[0]);
    expect(headers["x-atoa-signature"]).toBe(signatureOfBody(secret, text));
    expect(body).toMatchObject({ eventType: "PAYMENTS_STATUS" });
    expect(body).not.toHaveProperty("signatureHash");
    emulator.setSigningSecret(null);
    await paid();
    expect(bodyOf(received[1])).toHaveProperty("signatureHash");
  });

  test("of an expiry and of a refund follow time; numbers where text was", async () => {
    await register("EXPIRED_STATUS");
    await register("REFUND_STATUS");
    await newPayment(call, { expiresIn: 1000 });
    const id = await paid();
    await call("POST", "/api/refund", { paymentRequestId: id, amount: 5 });
    emulator.advance(31 * 60_000);
    await emulator.deliveriesSettled();
    const events = Object.fromEntries(
      received
        .map(bodyOf)
        .map((body) => [body.refundId === undefined ? "EXPIRED_STATUS" : "REFUND_STATUS", body] as const),
    );
    expect(api.deliveryProblem("EXPIRED_STATUS", events.EXPIRED_STATUS)).toBeUndefined();
    expect(api.deliveryProblem("REFUND_STATUS", events.REFUND_STATUS)).toBeUndefined();
    expect(events.EXPIRED_STATUS).toMatchObject({ status: "EXPIRED", paidAmount: 25 });
    expect(events.REFUND_STATUS).toMatchObject({
      status: "COMPLETED",
      paidAmount: 25,
      refundAmount: 5,
      signatureHash: signatureOfRefund(emulator.tokens.sandbox, "order-1", String(events.REFUND_STATUS?.refundId)),
    });
  });

  test("tells PENDING and FAILED of a bank, and AUTHORIZED and CANCELLED of a card", async () => {
    await register("PAYMENTS_STATUS");
    const slow = await newPayment(call);
    emulator.approve(slow, { settle: "later" });
    const failed = await newPayment(call);
    emulator.decline(failed);
    const charge = {
      customerId: "cust_123",
      paymentMethodId: "card_456",
      captureType: "MANUAL_CAPTURE",
      amount: 10,
      orderId: "o",
    };
    const card = textOf(await call("POST", "/api/payments/card/process-payment", charge), "paymentRequestId");
    emulator.advance(choices.cardNetworkDelay);
    await call("POST", `/api/payments/card/payment-request/${card}/cancel`);
    const cancelled = await newPayment(call);
    await call("POST", `/api/payment-request/cancel/${cancelled}`);
    await emulator.deliveriesSettled();
    expect(received.map((delivery) => bodyOf(delivery).status).sort()).toEqual([
      "AUTHORIZED",
      "CANCELLED",
      "FAILED",
      "PENDING",
    ]);
    for (const delivery of received) expect(api.deliveryProblem("PAYMENTS_STATUS", bodyOf(delivery))).toBeUndefined();
  });

  test("signs in to its target, by Basic or by OAuth; neither secret shows in a list", async () => {
    const basic = { username: "atoa", password: "pa:ss" };
    const tokens = await receive(({ text }) => {
      const granted = text === "grant_type=client_credentials&client_id=shop&client_secret=s3cret";
      return { status: granted ? 200 : 401, body: JSON.stringify(granted ? { access_token: "granted" } : {}) };
    });
    const made = await register("PAYMENTS_STATUS", { authentication: basic });
    await paid();
    expect(received[0]?.headers.authorization).toBe(`Basic ${Buffer.from("atoa:pa:ss").toString("base64")}`);
    const listed =
      JSON.stringify((await call("GET", "/api/webhook/merchant")).body) + JSON.stringify(emulator.deliveries());
    expect(listed).not.toContain("pa:ss");
    await call("DELETE", `/api/webhook/${textOf(made, "webhookId")}/merchant`);
    await register("PAYMENTS_STATUS", {
      authentication: { clientId: "shop", clientSecret: "s3cret", authUrl: `${tokens.origin}/token` },
    });
    await paid();
    expect(received[1]?.headers.authorization).toBe("Bearer granted");
    const third = (await call("GET", "/api/webhook/merchant")).body as { webhookId: string; event: string }[];
    await call("DELETE", `/api/webhook/${third.find(({ event }) => event === "PAYMENTS_STATUS")?.webhookId}/merchant`);
    await register("PAYMENTS_STATUS", {
      authentication: { clientId: "shop", clientSecret: "wrong", authUrl: `${tokens.origin}/token` },
    });
    await paid();
    expect(emulator.deliveries().at(-1)?.attempts[0]).toMatchObject({
      status: null,
      error: "authUrl responded with 401 and no access_token",
    });
    await tokens.close();
  });

  test("a client secret goes to no other machine", async () => {
    const authUrl = "https://elsewhere.example/token";
    await register("PAYMENTS_STATUS", { authentication: { clientId: "shop", clientSecret: "s3cret", authUrl } });
    await paid();
    expect(emulator.deliveries()).toMatchObject([{ state: "NOT_SENT" }]);
    expect(received).toEqual([]);
  });

  test("counts exactly 200 as taken; anything else is sent again, the same bytes, with growing gaps", async () => {
    await register("PAYMENTS_STATUS");
    answers = [201, 204, 302, 500];
    await paid();
    expect(received).toHaveLength(1);
    emulator.advance(choices.webhookFirstRetry - 1);
    await emulator.deliveriesSettled();
    expect(received).toHaveLength(1);
    emulator.advance(1 + choices.webhookFirstRetry * (2 + 4 + 8));
    await emulator.deliveriesSettled();
    expect(received.map(({ path }) => path)).toEqual(Array(5).fill("/hook"));
    expect(new Set(received.map(({ text }) => text)).size).toBe(1);
    const [delivery] = emulator.deliveries();
    expect(delivery?.state).toBe("DELIVERED");
    expect(delivery?.attempts.map(({ status }) => status)).toEqual([201, 204, 302, 500, 200]);
    const times = delivery?.attempts.map(({ at }) => Date.parse(at)) ?? [];
    expect(times.slice(1).map((at, index) => at - (times[index] ?? 0))).toEqual(
      [1, 2, 4, 8].map((factor) => factor * choices.webhookFirstRetry),
    );
  });

  test("is given up after 24 hours", async () => {
    await register("PAYMENTS_STATUS");
    answers = Array(100).fill(500);
    await paid();
    emulator.advance(48 * 3_600_000);
    await emulator.deliveriesSettled();
    const [delivery] = emulator.deliveries();
    expect(delivery?.state).toBe("GIVEN_UP");
    const last = Date.parse(delivery?.attempts.at(-1)?.at ?? "");
    expect(last - (delivery?.createdAt ?? 0)).toBeLessThanOrEqual(choices.webhookGiveUpAfter);
    expect(last - (delivery?.createdAt ?? 0)).toBeGreaterThan(choices.webhookGiveUpAfter - choices.webhookLongestGap);
  });

  test("does not leave this machine, and says so", async () => {
    await call("POST", "/api/webhook/merchant", { url: "https://your-app.com/webhooks", event: "PAYMENTS_STATUS" });
    await paid();
    expect(emulator.deliveries()).toMatchObject([
      { state: "NOT_SENT", attempts: [{ status: null, error: expect.stringContaining("not on this machine") }] },
    ]);
  });

  test("to a target that is not there is an attempt like any other", async () => {
    await register("PAYMENTS_STATUS");
    await target.close();
    await paid();
    expect(emulator.deliveries()).toMatchObject([
      { state: "WAITING", attempts: [{ status: null, error: "ECONNREFUSED" }] },
    ]);
    target = await receive(() => 200, target.port);
    emulator.advance(choices.webhookFirstRetry);
    await emulator.deliveriesSettled();
    expect(emulator.deliveries()).toMatchObject([{ state: "DELIVERED" }]);
  });
});

describe("a registration", () => {
  test("is one for each event; the seeded example gives way", async () => {
    expect((await register("PAYMENTS_STATUS")).status).toBe(200);
    expect(await register("PAYMENTS_STATUS")).toMatchObject({ status: 400, body: { name: "WEBHOOK_EVENT_TAKEN" } });
    expect((await register("EXPIRED_STATUS")).status).toBe(200);
    expect((await call("GET", "/api/webhook/wh_123")).status).toBe(404);
    expect((await call("GET", "/api/webhook/merchant")).body).toHaveLength(2);
  });

  test("for terminals needs a signing key first", async () => {
    expect(await register("POS_PAYMENT_STATUS")).toMatchObject({ status: 400, body: { name: "SIGNING_KEY_REQUIRED" } });
    emulator.setSigningSecret();
    expect((await register("POS_PAYMENT_STATUS")).status).toBe(200);
  });

  test.each([
    { url: "http://shop.example.com/hook" },
    { url: "ftp://127.0.0.1/hook" },
    { url: "javascript:alert(1)" },
    { authentication: { username: "only" } },
    { authentication: { username: "u", password: "p", clientId: "c" } },
    { authentication: { clientId: "c", clientSecret: "s", authUrl: "http://evil.example/token" } },
  ])("is refused with %j", async (fields) => {
    expect((await register("PAYMENTS_STATUS", fields)).status).toBe(400);
  });
});

describe("the test trigger", () => {
  const trigger = (body: Record<string, unknown>, by: Caller = call) => by("POST", "/api/webhook/test", body);
  beforeEach(async () => {
    emulator.setSigningSecret();
    for (const event of ["PAYMENTS_STATUS", "EXPIRED_STATUS", "REFUND_STATUS", "POS_PAYMENT_STATUS"])
      await register(event);
  });

  test.each([
    [{ eventType: "PAYMENTS_STATUS" }, { status: "COMPLETED", paidAmount: "10.00" }],
    [
      { eventType: "PAYMENTS_STATUS", orderId: "order-001", amount: 25 },
      { orderId: "order-001", paidAmount: "25.00" },
    ],
    [
      { eventType: "PAYMENTS_STATUS", paymentMethod: "CARD", status: "AUTHORIZED" },
      { status: "AUTHORIZED", transactionType: "CARD" },
    ],
    [
      { eventType: "PAYMENTS_STATUS", amount: 0, status: "FAILED" },
      { status: "FAILED", paidAmount: "0.00" },
    ],
    [{ eventType: "EXPIRED_STATUS", status: "COMPLETED" }, { status: "EXPIRED" }],
    [
      { eventType: "REFUND_STATUS", status: "FAILED" },
      { status: "FAILED", refundAmount: 10 },
    ],
    [{ eventType: "POS_PAYMENT_STATUS" }, { status: "COMPLETED", paidAmount: 10, tipAmount: 0 }],
    [{ eventType: "POS_PAYMENT_STATUS", type: "REFUND_STATUS" }, { refundId: expect.any(String) }],
    [{ eventType: "POS_PAYMENT_STATUS", type: "EXPIRED_STATUS" }, { status: "EXPIRED" }],
    [
      { eventType: "POS_PAYMENT_STATUS", customFields: [{ value: "CUST_001", fieldName: "Customer ID" }] },
      { customFields: [{ value: "CUST_001", fieldName: "Customer ID", filledBy: "BUSINESS" }] },
    ],
  ])("%j sends a body that the file allows", async (request, expected) => {
    expect((await trigger(request)).status).toBe(200);
    await emulator.deliveriesSettled();
    expect(received).toHaveLength(1);
    const body = bodyOf(received[0]);
    expect(api.deliveryProblem(request.eventType, body)).toBeUndefined();
    expect(body).toMatchObject({ eventType: request.eventType, ...expected });
  });

  test.each([
    { eventType: "PAYMENT_STATUS" },
    { eventType: "PAYMENTS_STATUS", status: "AUTHORIZED" },
    { eventType: "PAYMENTS_STATUS", status: "EXPIRED" },
    { eventType: "REFUND_STATUS", status: "AUTHORIZED" },
    { eventType: "PAYMENTS_STATUS", type: "REFUND_STATUS" },
    { eventType: "PAYMENTS_STATUS", customFields: [] },
    { eventType: "POS_PAYMENT_STATUS", status: "CANCELLED" },
    { eventType: "PAYMENTS_STATUS", amount: -1 },
  ])("%j is refused", async (request) => {
    expect((await trigger(request)).status).toBe(400);
    await emulator.deliveriesSettled();
    expect(received).toEqual([]);
  });

  test("takes sandbox tokens only, and needs a webhook for the event", async () => {
    expect((await trigger({ eventType: "PAYMENTS_STATUS" }, callerOf(emulator, "production"))).status).toBe(403);
    emulator.reset();
    expect(await trigger({ eventType: "PAYMENTS_STATUS" })).toMatchObject({
      status: 404,
      body: { name: "WEBHOOK_NOT_FOUND" },
    });
  });
});
