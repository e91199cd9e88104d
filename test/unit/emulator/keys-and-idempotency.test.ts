import { type Emulator, startEmulator } from "@atoapayments/atoa-cli/emulator";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { choices } from "../../../src/emulator/choices";
import { type Caller, callerOf, newPayment, textOf } from "./caller";

let emulator: Emulator;
let call: Caller;
beforeEach(async () => {
  emulator = await startEmulator({ transactions: 20, clock: { frozen: true } });
  call = callerOf(emulator);
});
afterEach(() => emulator.close());

const body = { amount: 25, orderId: "order-1" };
const pay = (headers: Record<string, string>, fields: Record<string, unknown> = {}, by: Caller = call) =>
  by("POST", "/api/payments/process-payment", { ...body, ...fields }, headers);

describe("Idempotency-Key", () => {
  test("the same request gets the very same answer and makes one payment", async () => {
    const [first, ...others] = await Promise.all(Array.from({ length: 20 }, () => pay({ "idempotency-key": "run-1" })));
    for (const other of others) expect(other.body).toEqual(first?.body);
    expect(others.filter((reply) => reply.headers.get("idempotency-replayed") === "true")).toHaveLength(19);
  });

  test("another body, path or method under the key is refused", async () => {
    await pay({ "idempotency-key": "run-1" });
    expect(await pay({ "idempotency-key": "run-1" }, { amount: 26 })).toMatchObject({
      status: 422,
      body: { name: "IDEMPOTENCY_KEY_REUSED" },
    });
    const refund = await call("POST", "/api/refund", body, { "idempotency-key": "run-1" });
    expect(refund.status).toBe(422);
  });

  test("belongs to one access key: the other environment and another business have their own", async () => {
    const first = await pay({ "idempotency-key": "run-1" });
    const production = await pay({ "idempotency-key": "run-1" }, { amount: 99 }, callerOf(emulator, "production"));
    const { token } = emulator.mintToken({
      environment: "sandbox",
      merchantId: "5f0e6c1e-0000-4000-8000-000000000001",
      businessName: "Other",
    });
    const other = await pay({ "idempotency-key": "run-1" }, {}, callerOf(emulator, "sandbox", token));
    expect([first.status, production.status, other.status]).toEqual([200, 200, 200]);
    expect(textOf(other, "paymentRequestId")).not.toBe(textOf(first, "paymentRequestId"));
  });

  test("a refused request may be corrected under its key", async () => {
    expect((await pay({ "idempotency-key": "run-1" }, { amount: 0 })).status).toBe(400);
    expect((await pay({ "idempotency-key": "run-1" })).status).toBe(200);
  });

  test("is forgotten after a day, and may have 255 characters", async () => {
    const first = await pay({ "idempotency-key": "run-1" });
    emulator.advance(choices.idempotencyLifetime);
    expect((await pay({ "idempotency-key": "run-1" })).body).toEqual(first.body);
    emulator.advance(1);
    expect(textOf(await pay({ "idempotency-key": "run-1" }), "paymentRequestId")).not.toBe(
      textOf(first, "paymentRequestId"),
    );
    expect((await pay({ "idempotency-key": "x".repeat(255) })).status).toBe(200);
    expect((await pay({ "idempotency-key": "x".repeat(256) })).status).toBe(400);
  });

  test("the transactions list is a read: no repeat is kept", async () => {
    const list = () => call("POST", "/api/payments/transactions?size=1", {}, { "idempotency-key": "read" });
    const before = (await list()).body as { totalCount: number };
    emulator.approve(await newPayment(call));
    expect((await list()).body).toMatchObject({ totalCount: before.totalCount + 1 });
  });
});

describe("tokens", () => {
  test("decide the environment; their data is separate", async () => {
    const production = callerOf(emulator, "production");
    expect((await call("GET", "/api/cli/identity")).body).toMatchObject({
      key: { env: "SANDBOX", keyType: "DEFAULT" },
    });
    expect((await production("GET", "/api/cli/identity")).body).toMatchObject({ key: { env: "PRODUCTION" } });
    const id = await newPayment(call);
    const foreign = await production("GET", `/api/payments/v1/payment-status/${id}`);
    expect(foreign).toMatchObject({ status: 401, body: { name: "ENVIRONMENT_MISMATCH" } });
    const wrongQuery = await call("GET", `/api/payments/v1/payment-status/${id}?env=production`);
    expect(wrongQuery).toMatchObject({ status: 401, body: { name: "ENVIRONMENT_MISMATCH" } });
  });

  test("a short id that is gone is not found, although the other environment has one of that name", async () => {
    expect((await callerOf(emulator, "production")("GET", "/api/customers/cust_123")).status).toBe(200);
    await call("DELETE", "/api/customers/cust_123");
    expect((await call("GET", "/api/customers/cust_123")).status).toBe(404);
  });

  test("the status can be read without any, the rest cannot", async () => {
    const id = await newPayment(call);
    emulator.approve(id);
    const anonymous = async (path: string) => (await fetch(emulator.origin + path)).status;
    expect(await anonymous(`/api/payments/v1/payment-status/${id}?env=sandbox`)).toBe(200);
    expect(await anonymous(`/api/payments/v1/payment-status/${id}?env=production`)).toBe(404);
    expect(await anonymous("/api/payments/stores")).toBe(401);
    expect(
      (await callerOf(emulator, "sandbox", "test-token-nobody")("GET", `/api/payments/v1/payment-status/${id}`)).status,
    ).toBe(401);
  });

  test("a revoked one stops at once, also when it revoked itself", async () => {
    const { sdkAccessId, token } = emulator.mintToken({ environment: "sandbox" });
    const own = callerOf(emulator, "sandbox", token);
    expect((await own("DELETE", `/api/cli/api-access/${sdkAccessId}`)).status).toBe(200);
    expect((await own("GET", "/api/cli/identity")).status).toBe(401);
    expect((await call("DELETE", `/api/cli/api-access/${sdkAccessId}`)).status).toBe(404);
  });

  test("a regenerated one replaces the old at once and comes in the field of its environment", async () => {
    for (const environment of ["sandbox", "production"] as const) {
      const { sdkAccessId, token } = emulator.mintToken({ environment });
      const reply = await callerOf(
        emulator,
        environment,
        token,
      )("POST", `/api/cli/api-access/${sdkAccessId}/regenerate`);
      const fresh = textOf(reply, `${environment}ApiSecret`);
      expect((await callerOf(emulator, environment, token)("GET", "/api/cli/identity")).status).toBe(401);
      expect((await callerOf(emulator, environment, fresh)("GET", "/api/cli/identity")).body).toMatchObject({
        key: { sdkAccessId },
      });
    }
  });

  test("a key of another business or environment is out of reach", async () => {
    const stranger = emulator.mintToken({ environment: "sandbox", merchantId: "5f0e6c1e-0000-4000-8000-000000000002" });
    const production = emulator.mintToken({ environment: "production" });
    expect((await call("DELETE", `/api/cli/api-access/${stranger.sdkAccessId}`)).status).toBe(404);
    expect((await call("DELETE", `/api/cli/api-access/${production.sdkAccessId}`)).status).toBe(401);
  });

  test("a minted one has the name, id and merchant that were asked for", async () => {
    const merchantId = "5f0e6c1e-0000-4000-8000-000000000003";
    const reply = await fetch(`${emulator.origin}/__emulator/tokens`, {
      method: "POST",
      body: JSON.stringify({
        environment: "production",
        token: "test-token-acme",
        sdkAccessId: "sda_acme",
        merchantId,
        businessName: "Acme",
      }),
    });
    expect(await reply.json()).toMatchObject({ token: "test-token-acme", sdkAccessId: "sda_acme" });
    expect((await callerOf(emulator, "production", "test-token-acme")("GET", "/api/cli/identity")).body).toEqual({
      merchantId,
      businessName: "Acme",
      key: { sdkAccessId: "sda_acme", env: "PRODUCTION", keyType: "DEFAULT" },
    });
  });
});

test("a reset goes back to the seed and keeps minted tokens, unless it is told not to", async () => {
  const { token } = emulator.mintToken({
    environment: "sandbox",
    businessName: "Acme",
    merchantId: "5f0e6c1e-0000-4000-8000-000000000004",
  });
  const id = await newPayment(call);
  emulator.reset();
  expect((await call("GET", `/api/payments/v1/payment-status/${id}`)).status).toBe(404);
  const acme = callerOf(emulator, "sandbox", token);
  expect((await acme("GET", "/api/cli/identity")).body).toMatchObject({ businessName: "Acme" });
  emulator.reset({ keepTokens: false });
  expect((await acme("GET", "/api/cli/identity")).status).toBe(401);
});
