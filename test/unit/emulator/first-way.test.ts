import { afterAll, beforeAll, expect, test } from "vitest";
import { type Emulator, startEmulator } from "../../../src/emulator/index";

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.close());

async function call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(emulator.origin + path, {
    method,
    headers: { authorization: `Bearer ${emulator.tokens.sandbox}`, ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Record<string, unknown>,
  };
}

test("a payment is made, approved and refunded once under one key", async () => {
  const created = await call("POST", "/api/payments/process-payment", { amount: 10.05, orderId: "order-001" });
  expect(created.status).toBe(200);
  const id = String(created.body.paymentRequestId);
  const status = `/api/payments/v1/payment-status/${id}?env=sandbox`;
  expect((await call("GET", status)).body.status).toBe("PAYMENT_NOT_INITIATED");
  await call("POST", `/__emulator/payments/${id}/approve`);
  expect((await call("GET", status)).body).toMatchObject({ status: "COMPLETED", paidAmount: "10.05" });
  const refund = { paymentRequestId: id, amount: 5 };
  const key = { "idempotency-key": "run-1" };
  const first = await call("POST", "/api/refund", refund, key);
  const second = await call("POST", "/api/refund", refund, key);
  expect(first).toMatchObject({ status: 200, body: { status: "INITIATED", refundAmount: "5.00" } });
  expect(second.body).toEqual(first.body);
  expect(await call("POST", "/api/refund", { ...refund, amount: 4 }, key)).toMatchObject({ status: 422 });
  expect((await call("GET", `/api/refund/${id}`)).body).toHaveLength(1);
  await call("POST", "/__emulator/clock/advance", { minutes: 31 });
  expect((await call("GET", `/api/refund/${id}`)).body).toMatchObject([{ status: "COMPLETED" }]);
});
