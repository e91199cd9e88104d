import { type Emulator, startEmulator } from "@atoapayments/atoa-cli/emulator";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { control } from "../../../src/emulator/control/control-law";
import { callerOf } from "./caller";

/** Every operation of the control API, over HTTP: its response is what its OpenAPI file says, and so is its refusal. */

interface Call {
  /** Below /__emulator; the names in braces are filled by `ids`. */
  path?: string;
  body?: unknown;
}

const calls: Record<string, Call> = {
  describe: { path: "" },
  listPayments: { path: "/payments?environment=sandbox&limit=20" },
  getPayment: {},
  startPayment: { body: { method: "CARD", cardDigits: "4242", tip: 100 } },
  approvePayment: { body: { settle: "later" } },
  declinePayment: { body: { reason: "Insufficient funds" } },
  cancelPayment: {},
  preparePayment: { body: { status: "AUTHORIZED" } },
  prepareRefund: { path: "/refunds/rf_xyz/prepare", body: { status: "COMPLETED", tell: true } },
  linkConsent: { path: "/consents/{consent}/link" },
  expireConsent: { path: "/consents/auth_999/expire" },
  revokeConsent: { path: "/consents/auth_999/revoke" },
  setSigningSecret: { body: {} },
  addWebhook: { body: { url: "http://127.0.0.1:9/hooks", events: ["REFUND_STATUS"] } },
  listDeliveries: {},
  settleDeliveries: {},
  resendDelivery: { path: "/deliveries/{delivery}/resend" },
  readClock: {},
  advanceClock: { body: { by: "30m" } },
  listRequests: {},
  clearRequests: {},
  listOperations: {},
  clearOperations: {},
  readOpenApi: {},
  mintToken: { body: { environment: "sandbox", businessName: "Another" } },
  listFaults: {},
  addFaults: { body: ["POST /api/refund hang 1", { path: "/api/payouts", status: 503 }] },
  clearFaults: {},
  removeFault: { path: "/faults/{fault}" },
  takeSnapshot: {},
  restoreSnapshot: {},
  reset: { body: { keepTokens: false } },
};

let emulator: Emulator;
let ids: Record<string, string>;
beforeEach(async () => {
  emulator = await startEmulator({ strict: true, transactions: 20 });
  emulator.addWebhook("http://127.0.0.1:9/hooks");
  const call = callerOf(emulator);
  const json = { "content-type": "application/json" };
  const body = { redirectUrl: "https://shop.example.com/bank" };
  const consent = (await call("POST", "/api/bank/auth/initiate", body, json)).body as { accountAuthId: string };
  const told = (await call("POST", "/api/payments/process-payment", { amount: 5, orderId: "o" }, json)).body;
  emulator.approve((told as { paymentRequestId: string }).paymentRequestId);
  await emulator.deliveriesSettled();
  const open = (await call("POST", "/api/payments/process-payment", { amount: 5, orderId: "p" }, json)).body;
  ids = {
    id: (open as { paymentRequestId: string }).paymentRequestId,
    consent: consent.accountAuthId,
    delivery: emulator.deliveries()[0]?.id ?? "",
    fault: String(emulator.fault("GET /api/payouts status=503")),
  };
});
afterEach(() => emulator.close());

async function send(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${emulator.origin}/__emulator${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: await response.json() };
}

test("every operation of the file is called here", () => {
  expect(Object.keys(calls).sort()).toEqual(control.operations.map(({ id }) => id).sort());
});

describe.each(control.operations.map((operation) => [operation.id, operation] as const))("%s", (id, operation) => {
  const { path = operation.path, body } = calls[id] ?? {};

  test("responds as the file says", async () => {
    const target = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? "");
    const reply = await send(operation.method, target, id === "restoreSnapshot" ? emulator.snapshot() : body);
    expect(reply.status, JSON.stringify(reply.body)).toBe(200);
    expect(control.answerProblem(operation, 200, reply.body)).toBeUndefined();
  });

  test("refuses as the file says", async () => {
    const target = path.replaceAll(/\{\w+\}|rf_xyz|auth_999/g, "nobody");
    const wrong = `${target.split("?")[0]}?surplus=1`;
    const replies = [await send(operation.method, wrong, body)];
    if (target.includes("nobody")) replies.push(await send(operation.method, target, body));
    expect(replies.map(({ status }) => status)).toEqual([400, 404].slice(0, replies.length));
    for (const reply of replies) expect(control.answerProblem(operation, reply.status, reply.body)).toBeUndefined();
  });
});

test("a strict emulator checks its own responses, and says so when one is not what its file says", async () => {
  // As only a mistake in the emulator could make it.
  const state = JSON.parse(JSON.stringify(emulator.snapshot())) as {
    businesses: { payments: { amount: unknown }[] }[];
  };
  for (const { payments } of state.businesses) for (const payment of payments) payment.amount = "five pounds";
  emulator.restore(state as unknown as ReturnType<Emulator["snapshot"]>);
  const failure = { status: 500, body: { name: "EMULATOR_FAILURE", message: expect.stringContaining("amount") } };
  expect(await send("GET", "/payments")).toMatchObject(failure);
});
