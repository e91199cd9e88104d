// @ts-check
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { before, beforeEach, test } from "node:test";
import { checkout, isPaid } from "./checkout.mjs";

const url = process.env.ATOA_EMULATOR_URL ?? "";

const merchantId = randomUUID();

/** @type {{ url: string, token: string }} */
let atoa;
before(async () => {
  // A merchantId that nobody has makes a new business, with stores, customers and a past of its own.
  const body = JSON.stringify({ environment: "sandbox", merchantId });
  const response = await fetch(`${url}/__emulator/tokens`, { method: "POST", body });
  atoa = { url, token: /** @type {{ token: string }} */ (await response.json()).token };
});
// Only this business starts again; what other files do at the same time stays as it is.
beforeEach(() => fetch(`${url}/__emulator/reset`, { method: "POST", body: JSON.stringify({ merchantId }) }));

async function pay() {
  const { id } = await checkout(atoa, "order-001", 25);
  await fetch(`${url}/__emulator/payments/${id}/approve`, { method: "POST" });
  return id;
}

test("an order is paid when the customer approves", async () => {
  assert.equal(await isPaid(atoa, await pay()), true);
});

test("this business has one such order, whoever else has one and whatever the last test did", async () => {
  await pay();
  const response = await fetch(`${url}/api/payments/transactions`, {
    method: "POST",
    headers: { authorization: `Bearer ${atoa.token}`, "content-type": "application/json" },
    body: JSON.stringify({ search: "order-001" }),
  });
  assert.equal(/** @type {{ totalCount: number }} */ (await response.json()).totalCount, 1);
});
