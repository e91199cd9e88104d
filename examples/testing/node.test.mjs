// @ts-check
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { startEmulator } from "@atoapayments/atoa-cli/emulator";
import { checkout, isPaid } from "./checkout.mjs";

/** @type {import("@atoapayments/atoa-cli/emulator").Emulator} */
let emulator;
/** @type {{ url: string, token: string }} */
let atoa;
before(async () => {
  emulator = await startEmulator();
  atoa = { url: emulator.origin, token: emulator.tokens.sandbox };
});
beforeEach(() => emulator.reset());
after(() => emulator.close());

test("an order is paid when the customer approves", async () => {
  const { id } = await checkout(atoa, "order-001", 25);
  assert.equal(await isPaid(atoa, id), false);
  emulator.approve(id);
  assert.equal(await isPaid(atoa, id), true);
});

test("an order is not paid when the bank declines", async () => {
  const { id } = await checkout(atoa, "order-002", 25);
  emulator.decline(id);
  assert.equal(await isPaid(atoa, id), false);
});

test("a retry after a lost response does not charge twice", async () => {
  emulator.fault("POST /api/payments/process-payment reset-after-commit 1");
  await assert.rejects(checkout(atoa, "order-003", 25));
  await checkout(atoa, "order-003", 25);
  assert.equal(emulator.payments({ orderId: "order-003" }).length, 1);
});
