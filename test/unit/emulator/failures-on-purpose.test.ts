import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Emulator, startEmulator } from "@atoapayments/atoa-cli/emulator";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { choices } from "../../../src/emulator/choices";
import { type Caller, callerOf, newPayment, textOf } from "./caller";

/** Failures that need no control API: amounts and a card that say what becomes of a payment. */

const page = readFileSync(join(import.meta.dirname, "../../../docs/emulator.md"), "utf8");
const rows = [...page.matchAll(/^\| £(\d\.\d\d) +\| (.*?) +\|$/gm)].map(([, pounds = "", what = ""]) => ({
  pounds,
  what,
}));

let emulator: Emulator;
let call: Caller;
beforeEach(async () => {
  emulator = await startEmulator({ clock: { startAt: "2026-02-10T09:00:00Z", frozen: true }, transactions: 20 });
  call = callerOf(emulator);
});
afterEach(() => emulator.close());

test("the page lists every amount", () => {
  const amounts = rows.map(({ pounds }) => Math.round(Number(pounds) * 100));
  expect(amounts).toEqual([...Object.keys(choices.magicAmounts).map(Number), choices.failingRefund]);
});

describe("as the page says", () => {
  test.each(rows.filter(({ what }) => /^FAILED/.test(what)))("£$pounds: $what", async ({ pounds, what }) => {
    const id = await newPayment(call, { amount: Number(pounds) });
    emulator.approve(id);
    expect(`${emulator.payment(id).status}: ${emulator.payment(id).attempt?.failure}`).toBe(what);
  });

  test.each(rows.filter(({ what }) => /^PENDING/.test(what)))("£$pounds: $what", async ({ pounds, what }) => {
    const id = await newPayment(call, { amount: Number(pounds) });
    emulator.approve(id);
    emulator.advance("1m59s");
    const before = emulator.payment(id).status;
    emulator.advance("1s");
    expect(`${before} for two minutes, then ${emulator.payment(id).status}`).toBe(what);
  });

  test("£1.06: a refund of this amount fails, and may be made again", async () => {
    const paymentRequestId = "pr_abc123";
    const made = await call("POST", "/api/refund", { paymentRequestId, amount: 1.06 });
    emulator.advance("30m");
    const { body } = await call("GET", `/api/refund/${paymentRequestId}`);
    expect(body).toContainEqual(expect.objectContaining({ refundId: textOf(made, "refundId"), status: "FAILED" }));
    expect((await call("POST", "/api/refund", { paymentRequestId, amount: 20 })).status).toBe(200);
  });

  test.each([
    ["card_0002", 10, "FAILED"],
    ["card_456", 10, "COMPLETED"],
    ["card_456", 1.02, "FAILED"],
  ])("a charge of %s for £%d ends %s", async (paymentMethodId, amount, status) => {
    const charge = { customerId: "cust_123", paymentMethodId, amount, orderId: "o", captureType: "AUTO_CAPTURE" };
    const id = textOf(await call("POST", "/api/payments/card/process-payment", charge), "paymentRequestId");
    emulator.advance("1s");
    expect(emulator.payment(id).status).toBe(status);
  });
});
