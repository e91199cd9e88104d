// @ts-check
import { startEmulator } from "@atoapayments/atoa-cli/emulator";
import { afterAll, beforeAll, expect, test } from "vitest";
import { checkout, isPaid } from "./checkout.mjs";

/** @type {import("@atoapayments/atoa-cli/emulator").Emulator} */
let emulator;
/** @type {{ url: string, token: string }} */
let atoa;
beforeAll(async () => {
  emulator = await startEmulator({ clock: { startAt: "2026-02-10T09:00:00Z", frozen: true } });
  atoa = { url: emulator.origin, token: emulator.tokens.sandbox };
});
afterAll(() => emulator.close());

test("an order is paid when the customer approves", async () => {
  const { id } = await checkout(atoa, "order-001", 25);
  emulator.approve(id);
  expect(await isPaid(atoa, id)).toBe(true);
  expect(emulator.payment(id).amount).toBe(2500); // pence
});

test("a payment request that nobody pays expires", async () => {
  const { id } = await checkout(atoa, "order-002", 25);
  emulator.advance("30d");
  expect(emulator.payment(id).status).toBe("EXPIRED");
  expect(await isPaid(atoa, id)).toBe(false);
});
