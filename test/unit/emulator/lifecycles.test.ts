import { type Emulator, startEmulator } from "@atoapayments/atoa-cli/emulator";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { api } from "../../../src/emulator/api/api-law";
import { choices } from "../../../src/emulator/choices";
import { type Caller, callerOf, newPayment, textOf } from "./caller";

let emulator: Emulator;
let call: Caller;
beforeEach(async () => {
  emulator = await startEmulator({ transactions: 20, clock: { startAt: "2026-02-10T09:00:00Z", frozen: true } });
  call = callerOf(emulator);
});
afterEach(() => emulator.close());

const status = async (id: string): Promise<string> =>
  textOf(await call("GET", `/api/payments/v1/payment-status/${id}`), "status");
const cancel = (id: string) => call("POST", `/api/payment-request/cancel/${id}`);
const problem = (id: string, reply: { status: number; body: unknown }): string | undefined => {
  const operation = api.operations.find((entry) => entry.id === id);
  return operation === undefined ? "no such operation" : api.answerProblem(operation, reply.status, reply.body);
};

describe("a payment request", () => {
  test("shows only status and message until a payer starts", async () => {
    const id = await newPayment(call);
    const reply = await call("GET", `/api/payments/v1/payment-status/${id}`);
    expect(Object.keys(reply.body as object).sort()).toEqual(["message", "status"]);
    expect(await status(id)).toBe("PAYMENT_NOT_INITIATED");
  });

  test("goes by way of the bank to COMPLETED, with text amounts here and numbers in the transactions", async () => {
    const id = await newPayment(call, { amount: 10.05, customerId: "cust-17", callbackParams: { basket: "42" } });
    emulator.start(id, { institutionId: "northgate-sandbox" });
    expect(await status(id)).toBe("AWAITING_AUTHORIZATION");
    emulator.approve(id, { tip: 150 });
    const reply = await call("GET", `/api/payments/v1/payment-status/${id}?env=sandbox`);
    expect(reply.body).toMatchObject({
      status: "COMPLETED",
      paidAmount: "11.55",
      tipAmount: "1.50",
      customerId: "cust-17",
      redirectUrlParams: { basket: "42" },
      signatureHash: expect.stringMatching(/^[0-9a-f]{64}$/),
      transactionDetails: [{ bankName: "Northgate", statusDetails: { isoStatus: { code: "ACSC" } } }],
    });
    expect(problem("getPaymentStatus", reply)).toBeUndefined();
    const list = await call("POST", "/api/payments/transactions", {
      search: "order-1",
      fromDate: "2026-02-10",
      toDate: "2026-02-10",
    });
    expect(list.body).toMatchObject({
      totalCount: 1,
      page: 0,
      size: 20,
      data: [{ paymentRequestId: id, paidAmount: 11.55 }],
    });
  });

  test("stays PENDING for a slow bank and settles by itself", async () => {
    const id = await newPayment(call);
    emulator.approve(id, { settle: "later" });
    expect(await status(id)).toBe("PENDING");
    emulator.advance(choices.bankSettlementDelay - 1);
    expect(await status(id)).toBe("PENDING");
    emulator.advance(1);
    expect(await status(id)).toBe("COMPLETED");
  });

  test("expires after three minutes, or when it says, to the millisecond", async () => {
    const short = await newPayment(call, { expiresIn: 1000 });
    const usual = await newPayment(call);
    emulator.advance(999);
    expect(await status(short)).toBe("PAYMENT_NOT_INITIATED");
    emulator.advance(1);
    const reply = await call("GET", `/api/payments/v1/payment-status/${short}`);
    expect(reply.body).toMatchObject({ status: "EXPIRED", transactionDetails: [] });
    expect(problem("getPaymentStatus", reply)).toBeUndefined();
    emulator.advance(180_000 - 1001);
    expect(await status(usual)).toBe("PAYMENT_NOT_INITIATED");
    emulator.advance(1);
    expect(await status(usual)).toBe("EXPIRED");
    expect((await cancel(usual)).status).toBe(400);
    expect(() => emulator.approve(usual)).toThrow();
  });

  test("does not expire once it is paid", async () => {
    const id = await newPayment(call);
    emulator.approve(id);
    emulator.advance(400 * 86_400_000);
    expect(await status(id)).toBe("COMPLETED");
  });

  test("can be retried after a failure while it lives, unless that was switched off", async () => {
    const id = await newPayment(call);
    emulator.decline(id, { reason: "Insufficient funds" });
    expect((await call("GET", `/api/payments/v1/payment-status/${id}`)).body).toMatchObject({
      status: "FAILED",
      transactionDetails: [{ errorDescription: "Insufficient funds" }],
    });
    emulator.start(id);
    expect(await status(id)).toBe("AWAITING_AUTHORIZATION");
    emulator.advance(180_000);
    expect(await status(id)).toBe("EXPIRED");
    const once = await newPayment(call, { allowRetry: false });
    emulator.decline(once);
    expect(() => emulator.approve(once)).toThrow();
  });

  test("a payer who cancels at the bank leaves it as if never started", async () => {
    const id = await newPayment(call);
    emulator.start(id);
    emulator.cancel(id);
    expect(await status(id)).toBe("PAYMENT_NOT_INITIATED");
  });

  test("is cancelled by the merchant only before it is paid", async () => {
    const fresh = await newPayment(call);
    expect((await cancel(fresh)).status).toBe(200);
    expect(await status(fresh)).toBe("CANCELLED");
    const started = await newPayment(call);
    emulator.start(started);
    expect((await cancel(started)).status).toBe(200);
    for (const state of ["PENDING", "COMPLETED", "FAILED", "CANCELLED", "EXPIRED", "AUTHORIZED"] as const) {
      emulator.preparePayment(fresh, { status: state });
      expect(await cancel(fresh), state).toMatchObject({ status: 400, body: { name: "PAYMENT_NOT_CANCELLABLE" } });
    }
  });

  test("falls back to the primary store without an error, and books under the one that was named", async () => {
    const stores = (
      (await call("GET", "/api/payments/stores")).body as { data: { id: string; primary: string; enabled: string }[] }
    ).data;
    expect(stores.map(({ primary, enabled }) => [primary, enabled])).toEqual([
      ["true", "true"],
      ["false", "true"],
      ["false", "false"],
    ]);
    const booked = async (storeId?: string): Promise<unknown> => {
      const id = await newPayment(call, storeId === undefined ? {} : { storeId });
      emulator.approve(id);
      return ((await call("GET", `/api/payments/v1/payment-status/${id}`)).body as { storeDetails: { id: string } })
        .storeDetails.id;
    };
    expect(await booked(stores[1]?.id)).toBe(stores[1]?.id);
    for (const other of [undefined, "nowhere", stores[2]?.id]) expect(await booked(other)).toBe(stores[0]?.id);
  });

  test.each([
    [{ amount: 0.5 }, "amount must be >= 1"],
    [{ amount: "10" }, "amount must be number"],
    [{ amount: 10.005 }, "amount must have at most two decimals"],
    [{ orderId: "" }, "orderId must NOT have fewer than 1 characters"],
    [{ notes: "x".repeat(31) }, "notes must NOT have more than 30 characters"],
    [{ template: "POSTER" }, "template must be one of EXTERNAL_DISPLAY, EXTERNAL_DISPLAY_PNG, RECEIPT, RECEIPT_PNG"],
    [{ paymentMethod: [] }, "paymentMethod must NOT have fewer than 1 items"],
    [{ savePaymentMethod: true }, "atoaCustomerId is required"],
    [{ savePaymentMethod: true, atoaCustomerId: "cust_123" }, "savePaymentMethod needs CARD in paymentMethod"],
    [
      { savePaymentMethod: true, atoaCustomerId: "cust_123", paymentMethod: ["CARD"], splitBill: true },
      "savePaymentMethod cannot be combined with splitBill",
    ],
    [{ redirectUrl: "javascript:alert(1)" }, "redirectUrl must not use the scheme javascript"],
    [{ redirectUrl: "not a url" }, "redirectUrl must be a URL"],
    [{ atoaCustomerId: "17" }, "atoaCustomerId must be a valid uuid"],
  ])("is refused with %j", async (fields, message) => {
    const reply = await call("POST", "/api/payments/process-payment", { amount: 25, orderId: "order-1", ...fields });
    expect(reply).toMatchObject({ status: 400, body: { status: 400, message } });
    expect(problem("createPaymentRequest", reply)).toBeUndefined();
  });
});

describe("a refund", () => {
  test("is INITIATED, PENDING after a minute, COMPLETED after half an hour", async () => {
    const id = await newPayment(call);
    emulator.approve(id);
    const made = await call("POST", "/api/refund", { paymentRequestId: id, amount: 5, refundNotes: "duplicate" });
    expect(made.body).toMatchObject({ status: "INITIATED", paidAmount: "25.00", refundAmount: "5.00" });
    expect(made.body).not.toHaveProperty("refundType");
    const states = async (): Promise<unknown> => (await call("GET", `/api/refund/${id}`)).body;
    emulator.advance(60_000);
    expect(await states()).toMatchObject([{ status: "PENDING", refundType: "PARTIAL" }]);
    emulator.advance(29 * 60_000);
    expect(await states()).toMatchObject([{ status: "COMPLETED", updatedAt: "2026-02-10T09:30:00.000Z" }]);
    const after = await call("GET", `/api/payments/v1/payment-status/${id}`);
    expect(after.body).toMatchObject({
      status: "COMPLETED",
      transactionDetails: [{ totalRefundAmount: "5.00", refundDetails: [{ amount: 5 }] }],
    });
  });

  test("never gives back more than was paid, in however many parts", async () => {
    const id = await newPayment(call, { amount: 10 });
    emulator.approve(id);
    const refund = (amount: number) => call("POST", "/api/refund", { paymentRequestId: id, amount });
    expect((await refund(10.01)).body).toMatchObject({ name: "REFUND_AMOUNT_EXCEEDED" });
    const first = await refund(6);
    expect((await refund(4.01)).status).toBe(400);
    expect((await refund(4)).status).toBe(200);
    expect((await refund(1)).status).toBe(400);
    expect(await call("DELETE", `/api/refund/${textOf(first, "refundId")}/cancel`)).toMatchObject({
      status: 200,
      body: { status: 200 },
    });
    expect((await refund(6)).status).toBe(200);
  });

  test("is refused for anything but a COMPLETED payment, and for another currency", async () => {
    const id = await newPayment(call);
    for (const state of [
      "PAYMENT_NOT_INITIATED",
      "AWAITING_AUTHORIZATION",
      "PENDING",
      "AUTHORIZED",
      "FAILED",
      "CANCELLED",
      "EXPIRED",
    ] as const) {
      emulator.preparePayment(id, { status: state });
      expect(await call("POST", "/api/refund", { paymentRequestId: id, amount: 1 }), state).toMatchObject({
        status: 400,
        body: { name: "PAYMENT_NOT_REFUNDABLE" },
      });
    }
    emulator.preparePayment(id, { status: "COMPLETED" });
    expect((await call("POST", "/api/refund", { paymentRequestId: id, amount: 1, currency: "EUR" })).status).toBe(400);
  });

  test("can be cancelled before it is processed only", async () => {
    for (const state of ["COMPLETED", "FAILED", "CANCELLED"] as const) {
      emulator.prepareRefund("rf_xyz", { status: state });
      expect((await call("DELETE", "/api/refund/rf_xyz/cancel")).status, state).toBe(400);
    }
    for (const state of ["INITIATED", "PENDING"] as const) {
      emulator.prepareRefund("rf_xyz", { status: state });
      expect((await call("DELETE", "/api/refund/rf_xyz/cancel")).status, state).toBe(200);
    }
  });
});

describe("a charge of a saved card", () => {
  const charge = (fields: Record<string, unknown> = {}) =>
    call("POST", "/api/payments/card/process-payment", {
      customerId: "cust_123",
      paymentMethodId: "card_456",
      captureType: "AUTO_CAPTURE",
      amount: 10.5,
      orderId: "order-007",
      ...fields,
    });
  const path = (id: string, verb: string): string => `/api/payments/card/payment-request/${id}/${verb}`;

  test("answers PENDING with a number, then is COMPLETED; an automatic one can be neither captured nor released", async () => {
    const reply = await charge();
    expect(reply.body).toMatchObject({ status: "PENDING", amount: 10.5, currency: "GBP", captureType: "AUTO_CAPTURE" });
    expect(reply.body).not.toHaveProperty("expiresAt");
    const id = textOf(reply, "paymentRequestId");
    expect(await status(id)).toBe("PENDING");
    emulator.advance(choices.cardNetworkDelay);
    expect(await status(id)).toBe("COMPLETED");
    for (const verb of ["capture", "cancel"]) expect((await call("POST", path(id, verb))).status).toBe(400);
  });

  test("with a delayed capture is AUTHORIZED until it is captured, once", async () => {
    const reply = await charge({ captureType: "MANUAL_CAPTURE" });
    expect(reply.body).toMatchObject({ expiresAt: "2026-02-17T09:00:00.000Z" });
    const id = textOf(reply, "paymentRequestId");
    expect((await call("POST", path(id, "capture"))).status).toBe(400);
    emulator.advance(choices.cardNetworkDelay);
    expect(await status(id)).toBe("AUTHORIZED");
    expect((await call("POST", path(id, "capture"))).body).toMatchObject({ success: true });
    expect(await status(id)).toBe("COMPLETED");
    expect(await call("POST", path(id, "capture"))).toMatchObject({
      status: 400,
      body: { name: "PAYMENT_NOT_CAPTURABLE" },
    });
  });

  test("is released by a cancel, whose reason Other needs words", async () => {
    const id = textOf(await charge({ captureType: "CAPTURE_BEFORE_EXPIRY" }), "paymentRequestId");
    emulator.advance(choices.cardNetworkDelay);
    expect((await call("POST", path(id, "cancel"), { cancelledReasonCode: "Other" })).status).toBe(400);
    expect((await call("POST", path(id, "cancel"), { cancelledReasonCode: "Duplicate" })).status).toBe(200);
    expect(await status(id)).toBe("CANCELLED");
  });

  test("ends with its authorisation: released or taken, as the choices say", async () => {
    const manual = textOf(await charge({ captureType: "MANUAL_CAPTURE" }), "paymentRequestId");
    const before = textOf(await charge({ captureType: "CAPTURE_BEFORE_EXPIRY" }), "paymentRequestId");
    emulator.advance(choices.authorisationLifetime);
    expect(await status(manual)).toBe(choices.atAuthorisationEnd.MANUAL_CAPTURE);
    expect(await status(before)).toBe(choices.atAuthorisationEnd.CAPTURE_BEFORE_EXPIRY);
  });

  test("needs a card of that customer", async () => {
    const other = textOf(
      await call("POST", "/api/customers", { fullName: "Tom Yates", phoneNumber: "7700900999" }),
      "id",
    );
    expect(await charge({ customerId: other })).toMatchObject({ status: 404, body: { name: "CARD_NOT_FOUND" } });
    expect((await charge({ notes: "x".repeat(31) })).status).toBe(400);
    expect((await charge({ orderId: " " })).status).toBe(400);
  });

  test("a card paid with savePaymentMethod can be charged later", async () => {
    const customer = textOf(
      await call("POST", "/api/customers", { fullName: "Una Quinn", email: "una@example.com" }),
      "id",
    );
    const id = await newPayment(call, { savePaymentMethod: true, atoaCustomerId: customer, paymentMethod: ["CARD"] });
    emulator.approve(id, { method: "CARD" });
    const cards = (await call("GET", `/api/customers/${customer}/cards`)).body as { id: string }[];
    expect(cards).toHaveLength(1);
    expect((await charge({ customerId: customer, paymentMethodId: cards[0]?.id })).status).toBe(200);
    expect((await call("DELETE", `/api/customers/${customer}`)).status).toBe(200);
    expect((await call("GET", `/api/customers/${customer}/cards`)).status).toBe(404);
  });
});

describe("a bank consent", () => {
  test("is linked, read for 90 days, then gone", async () => {
    const made = await call("POST", "/api/bank/auth/initiate", {
      redirectUrl: "https://shop.example.com/bank",
      callbackParams: "ref=42",
    });
    const id = textOf(made, "accountAuthId");
    expect((await call("GET", `/api/bank/${id}/accounts`)).status).toBe(404);
    const { accountIds } = emulator.consent("link", id);
    expect((await call("GET", `/api/bank/${id}/accounts`)).body).toHaveLength(2);
    const account = `/api/bank/accounts/${accountIds[0]}`;
    expect((await call("GET", `${account}/balance`)).status).toBe(200);
    emulator.advance(choices.consentLifetime);
    expect(await call("GET", `${account}/balance`)).toMatchObject({ status: 404, body: { name: "CONSENT_NOT_FOUND" } });
  });

  test("its link ends unused after an hour", async () => {
    const id = textOf(
      await call("POST", "/api/bank/auth/initiate", { redirectUrl: "https://x.example" }),
      "accountAuthId",
    );
    emulator.advance(choices.consentLinkLifetime);
    await call("GET", "/api/cli/identity");
    expect(() => emulator.consent("link", id)).toThrow();
  });

  test("is revoked by consent, by account, or all of them without a selector; an empty object names nothing", async () => {
    const revoke = (body?: unknown) => call("POST", "/api/bank/auth/revoke", body);
    expect((await revoke({})).status).toBe(400);
    expect((await revoke({ accountId: "acct_111", accountAuthId: "auth_999" })).status).toBe(400);
    expect((await revoke({ accountIds: "acct_111" })).status).toBe(200);
    expect((await call("GET", "/api/bank/accounts/acct_111")).status).toBe(404);
    expect((await call("GET", "/api/bank/auth_999/accounts")).body).toHaveLength(1);
    expect((await revoke()).status).toBe(200);
    expect((await call("GET", "/api/bank/auth_999/accounts")).status).toBe(404);
  });
});
