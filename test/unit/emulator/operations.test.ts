import { type Emulator, startEmulator } from "@atoapayments/atoa-cli/emulator";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { api } from "../../../src/emulator/api/api-law";
import { type Caller, callerOf, textOf } from "./caller";

/** One call that succeeds for each operation, on a fresh emulator with the ids of the README. */
interface Success {
  path: string;
  body?: unknown;
  prepare?: (emulator: Emulator, call: Caller) => Promise<Record<string, string>> | undefined;
}

const successes: Record<string, Success> = {
  getCliIdentity: { path: "/api/cli/identity" },
  revokeApiAccess: { path: "/api/cli/api-access/{key}", prepare: ownKey },
  regenerateApiAccess: { path: "/api/cli/api-access/{key}/regenerate", prepare: ownKey },
  createPaymentRequest: {
    path: "/api/payments/process-payment",
    body: {
      amount: 25,
      orderId: "order-001",
      customerId: "cust_123",
      atoaCustomerId: "cust_123",
      paymentMethod: ["CARD"],
      savePaymentMethod: true,
      consumerDetails: { firstName: "Ada", email: "ada@example.com" },
      callbackParams: { basket: "42" },
      redirectUrl: "myshop://return",
      template: "RECEIPT",
      expiresIn: 600_000,
    },
  },
  getPaymentStatus: { path: "/api/payments/v1/payment-status/pr_abc123?env=sandbox" },
  cancelPaymentRequest: { path: "/api/payment-request/cancel/pr_abc123", prepare: prepared("PAYMENT_NOT_INITIATED") },
  listTransactions: {
    path: "/api/payments/transactions?page=0&size=5",
    body: { status: ["COMPLETED"], paymentMethod: ["CARD"] },
  },
  listStores: { path: "/api/payments/stores" },
  listInstitutions: { path: "/api/institutions" },
  listCustomers: { path: "/api/customers?page=0&size=20&search=jane" },
  createCustomer: {
    path: "/api/customers",
    body: { fullName: "Jane Doe", email: "jane@example.com", type: "INDIVIDUAL" },
  },
  getCustomer: { path: "/api/customers/cust_123" },
  updateCustomer: { path: "/api/customers/cust_123", body: { vatNumber: "GB123456789" } },
  deleteCustomer: { path: "/api/customers/cust_123" },
  listPaymentMethods: { path: "/api/customers/cust_123/cards" },
  getPaymentMethod: { path: "/api/customers/cust_123/cards/card_456" },
  deletePaymentMethod: { path: "/api/customers/cust_123/cards/card_456" },
  chargeSavedCard: {
    path: "/api/payments/card/process-payment",
    body: {
      customerId: "cust_123",
      paymentMethodId: "card_456",
      amount: 10.5,
      orderId: "order-007",
      captureType: "MANUAL_CAPTURE",
    },
  },
  captureCardPayment: { path: "/api/payments/card/payment-request/pr_abc123/capture", prepare: prepared("AUTHORIZED") },
  cancelCardPayment: {
    path: "/api/payments/card/payment-request/pr_abc123/cancel",
    body: { cancelledReasonCode: "Other", cancelledReasonDescription: "stock ran out" },
    prepare: prepared("AUTHORIZED"),
  },
  createRefund: {
    path: "/api/refund",
    body: { paymentRequestId: "pr_abc123", amount: 5, currency: "GBP", refundNotes: "duplicate" },
  },
  listRefunds: { path: "/api/refund/pr_abc123" },
  cancelRefund: { path: "/api/refund/rf_xyz/cancel" },
  createWebhook: {
    path: "/api/webhook/merchant",
    body: {
      url: "https://your-app.com/webhooks",
      event: "PAYMENTS_STATUS",
      authentication: { username: "u", password: "p" },
    },
  },
  listWebhooks: { path: "/api/webhook/merchant" },
  deleteWebhook: { path: "/api/webhook/wh_123/merchant" },
  createWebhookEndpoint: {
    path: "/api/webhook/v2/endpoints",
    body: { url: "https://your-app.com/webhooks", events: ["PAYMENTS_STATUS", "REFUND_STATUS"], description: "Orders" },
  },
  listWebhookEndpoints: { path: "/api/webhook/v2/endpoints?page=0&size=50", prepare: ownEndpoint },
  updateWebhookEndpoint: {
    path: "/api/webhook/v2/endpoints/{endpoint}",
    body: { events: ["EXPIRED_STATUS"], authentication: null },
    prepare: ownEndpoint,
  },
  deleteWebhookEndpoint: { path: "/api/webhook/v2/endpoints/{endpoint}", prepare: ownEndpoint },
  triggerTestWebhook: { path: "/api/webhook/test", body: { eventType: "EXPIRED_STATUS" } },
  initiateBankAuth: { path: "/api/bank/auth/initiate", body: { redirectUrl: "https://example.com/bank/return" } },
  listBankAccounts: { path: "/api/bank/auth_999/accounts" },
  getBankAccount: { path: "/api/bank/accounts/acct_111" },
  getBankBalance: { path: "/api/bank/accounts/acct_111/balance" },
  listBankTransactions: {
    path: "/api/bank/accounts/acct_111/transactions?from=2026-01-01&before=2026-02-01&page=0&itemsPerPage=20",
  },
  revokeBankAuth: { path: "/api/bank/auth/revoke", body: { accountAuthId: "auth_999" } },
  listPayouts: { path: "/api/payouts?fromDate=2026-01-01&status=COMPLETED" },
  listPayoutTransactions: { path: "/api/payouts/po_555/transactions?page=0&limit=20" },
};

async function ownKey(_emulator: Emulator, call: Caller): Promise<Record<string, string>> {
  const { key } = (await call("GET", "/api/cli/identity")).body as { key: { sdkAccessId: string } };
  return { key: key.sdkAccessId };
}

async function ownEndpoint(_emulator: Emulator, call: Caller): Promise<Record<string, string>> {
  const body = { url: "https://your-app.com/webhooks", events: ["REFUND_STATUS"] };
  return { endpoint: textOf(await call("POST", "/api/webhook/v2/endpoints", body), "id") };
}

function prepared(status: "PAYMENT_NOT_INITIATED" | "AUTHORIZED") {
  return (emulator: Emulator): undefined => {
    emulator.preparePayment("pr_abc123", { status });
    return undefined;
  };
}

let emulator: Emulator;
let call: Caller;
beforeEach(async () => {
  emulator = await startEmulator({ transactions: 20 });
  call = callerOf(emulator);
});
afterEach(() => emulator.close());

test("every operation of the file is called here", () => {
  expect(Object.keys(successes).sort()).toEqual(api.operations.map(({ id }) => id).sort());
});

describe.each(api.operations.map((operation) => [operation.id, operation] as const))("%s", (id, operation) => {
  const success = successes[id];
  if (success === undefined) throw new Error(`no call for ${id}`);

  test("succeeds with an answer that the file allows", async () => {
    const names = (await success.prepare?.(emulator, call)) ?? {};
    const path = success.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => names[name] ?? "");
    const reply = await call(operation.method, path, success.body);
    expect(reply.status, JSON.stringify(reply.body)).toBe(200);
    expect(api.answerProblem(operation, 200, reply.body)).toBeUndefined();
    expect(reply.headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
  });

  test("refuses a foreign token with the documented error body", async () => {
    const reply = await callerOf(emulator, "sandbox", "test-token-nobody")(
      operation.method,
      success.path,
      success.body,
    );
    expect(reply).toMatchObject({ status: 401, body: { status: 401, name: "INVALID_CREDENTIAL" } });
    expect(api.answerProblem(operation, 401, reply.body)).toBeUndefined();
  });

  if (operation.path.includes("{") && operation.statuses.includes("404")) {
    test("does not find a record that is not there", async () => {
      const path = success.path
        .replaceAll(/(cust|card|pr|rf|wh|auth|acct|po)_\w+/g, "nothing_here")
        .replaceAll(/\{\w+\}/g, "nothing_here");
      const reply = await call(operation.method, path, success.body);
      expect(reply.status).toBe(404);
      expect(api.answerProblem(operation, 404, reply.body)).toBeUndefined();
    });

    test("tells a record of the other environment", async () => {
      const real = realIds(emulator, await aliasesOf(call));
      const names = (await success.prepare?.(emulator, call)) ?? {};
      const path = real(success.path).replaceAll(/\{(\w+)\}/g, (_, name: string) => names[name] ?? "");
      const other = path.replace("env=sandbox", "env=production");
      const reply = await callerOf(emulator, "production")(operation.method, other, success.body);
      expect(reply.status).toBe(401);
      expect(api.answerProblem(operation, 401, reply.body)).toBeUndefined();
    });
  }

  if (operation.bodyRequired) {
    test("refuses a missing, a broken and an empty body", async () => {
      for (const body of [undefined, '{"amount":', "[]"]) {
        const reply = await call(operation.method, success.path, body);
        expect(reply.status, String(body)).toBe(400);
        expect(api.answerProblem(operation, 400, reply.body)).toBeUndefined();
      }
    });
  }
});

/** The real ids behind the short ones, found by way of the API. */
async function aliasesOf(sandbox: Caller): Promise<Record<string, string>> {
  const first = async (path: string, field: string): Promise<string> => {
    const { body } = await sandbox("GET", path);
    return textOf({ status: 200, headers: new Headers(), body: Array.isArray(body) ? body[0] : body }, field);
  };
  const revoke = await sandbox("POST", "/api/bank/auth/revoke", { accountId: "acct_111" });
  const payouts = (await sandbox("GET", "/api/payouts")).body as { data: { id: string }[] };
  emulator.reset();
  return {
    cust_123: await first("/api/customers/cust_123", "id"),
    card_456: await first("/api/customers/cust_123/cards/card_456", "id"),
    pr_abc123: await first("/api/payments/v1/payment-status/pr_abc123", "paymentRequestId"),
    rf_xyz: await first("/api/refund/pr_abc123", "refundId"),
    wh_123: await first("/api/webhook/merchant", "webhookId"),
    acct_111: ((revoke.body as { revokedDetails: { accountIds: string[] } }).revokedDetails.accountIds[0] ??
      "") as string,
    auth_999: await consentId(sandbox),
    po_555: payouts.data[0]?.id ?? "",
  };
}

async function consentId(sandbox: Caller): Promise<string> {
  const reply = await sandbox("POST", "/api/bank/auth/revoke", { accountAuthId: "auth_999" });
  emulator.reset();
  return (reply.body as { revokedDetails: { accountAuthId: string } }).revokedDetails.accountAuthId;
}

function realIds(_emulator: Emulator, ids: Record<string, string>): (path: string) => string {
  return (path) => Object.entries(ids).reduce((text, [alias, id]) => text.replaceAll(alias, id), path);
}
