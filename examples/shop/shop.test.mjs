// @ts-check
/** Run it as `atoa emulator exec -- node --test examples/shop/shop.test.mjs`: no account, no network. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { after, before, test } from "node:test";

const emulator = process.env.ATOA_EMULATOR_URL;
let shop = "";
/** @type {import("node:http").Server} */
let server;

/** @param {string} path @param {unknown} [body] */
async function post(path, body = {}) {
  const response = await fetch(path, { method: "POST", body: JSON.stringify(body) });
  return { status: response.status, body: JSON.parse((await response.text()) || "{}") };
}

/** @param {string} path @returns {Promise<{ status?: string }>} */
const get = async (path) => JSON.parse(await (await fetch(path)).text());

/** Polls until the shop says so: webhooks arrive a moment after the payment. @param {string} id @param {string} status */
async function becomes(id, status) {
  for (let tries = 0; tries < 100; tries++) {
    if ((await get(`${shop}/orders/${id}`)).status === status) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert.fail(`${id} did not become ${status}`);
}

before(async () => {
  const { body } = await post(`${emulator}/__emulator/signing-secret`);
  process.env.WEBHOOK_SECRET = body.secret;
  process.env.ATOA_URL = emulator;
  process.env.ATOA_API_TOKEN = process.env.ATOA_EMULATOR_SANDBOX_TOKEN;
  ({ server } = await import("./server.mjs"));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  assert.ok(typeof address === "object" && address !== null);
  shop = `http://127.0.0.1:${address.port}`;
  await post(`${emulator}/__emulator/webhooks`, { url: `${shop}/webhooks`, events: ["PAYMENTS_STATUS"] });
});

after(() => server.close());

test("an order is paid when the payer approves", async () => {
  const { body } = await post(`${shop}/orders`, { id: "order-001", amount: "25.00" });
  assert.equal((await get(`${shop}/orders/order-001`)).status, "waiting");
  const id = body.payAt.split("/").at(-1);
  await post(`${emulator}/__emulator/payments/${id}/approve`);
  await becomes("order-001", "paid");
});

test("an order fails when the payer declines, and one order is one payment", async () => {
  const first = await post(`${shop}/orders`, { id: "order-002", amount: "8.50" });
  const second = await post(`${shop}/orders`, { id: "order-002", amount: "8.50" });
  assert.equal(first.body.payAt, second.body.payAt);
  await post(`${emulator}/__emulator/payments/${first.body.payAt.split("/").at(-1)}/decline`);
  await becomes("order-002", "failed");
});

test("a webhook that is not signed changes nothing", async () => {
  await post(`${shop}/orders`, { id: "order-003", amount: "5.00" });
  const forged = await post(`${shop}/webhooks`, { orderId: "order-003", status: "COMPLETED" });
  assert.equal(forged.status, 401);
  assert.equal((await get(`${shop}/orders/order-003`)).status, "waiting");
});
