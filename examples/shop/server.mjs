// @ts-check
/**
 * A shop in sixty lines: it asks Atoa for a payment page, and believes a payment only when a signed webhook says so.
 *
 *   POST /orders {"id": "order-001", "amount": "25.00"}   → {"payAt": "https://…"}
 *   GET  /orders/order-001                                → {"status": "waiting" | "paid" | "failed"}
 *   POST /webhooks                                        ← Atoa
 *
 * Needs `atoa` on the PATH, logged in, and the signing secret from the dashboard in WEBHOOK_SECRET.
 */
import { execFile } from "node:child_process";
import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";
import { promisify } from "node:util";

const run = promisify(execFile);
/** @type {Map<string, "waiting" | "paid" | "failed">} */
const orders = new Map();

/** @param {string} id @param {string} amount pounds, as text */
async function askForPayment(id, amount) {
  const order = ["--orderId", id, "--amount", amount, "--redirectUrl", "https://shop.example.com/thanks"];
  // The order is the key: asking twice for one order is one payment.
  const { stdout } = await run("atoa", ["payments", "create", ...order, "--idempotencyKey", `shop/${id}`]);
  orders.set(id, "waiting");
  return JSON.parse(stdout).paymentUrl;
}

/** Whether the body is from Atoa: compared in constant time, before it is read. @param {Buffer} body @param {unknown} header */
function isSigned(body, header) {
  const key = Buffer.from((process.env.WEBHOOK_SECRET ?? "").replace(/^whsec_/, ""), "base64");
  const expected = Buffer.from(`v1=${createHmac("sha256", key).update(body).digest("hex")}`);
  const given = Buffer.from(String(header));
  return given.length === expected.length && timingSafeEqual(given, expected);
}

export const server = createServer(async (request, response) => {
  /** @param {number} status @param {unknown} [body] */
  const answer = (status, body) => response.writeHead(status).end(body === undefined ? "" : JSON.stringify(body));
  const parts = [];
  for await (const part of request) parts.push(part);
  const body = Buffer.concat(parts);
  try {
    if (request.url === "/orders" && request.method === "POST") {
      const { id, amount } = JSON.parse(body.toString());
      return answer(201, { payAt: await askForPayment(String(id), String(amount)) });
    }
    if (request.url === "/webhooks" && request.method === "POST") {
      if (!isSigned(body, request.headers["x-atoa-signature"])) return answer(401);
      const { orderId, status } = JSON.parse(body.toString());
      if (status === "COMPLETED") orders.set(orderId, "paid");
      else if (status === "FAILED" && orders.get(orderId) === "waiting") orders.set(orderId, "failed");
      return answer(200); // Exactly 200: anything else is delivered again.
    }
    const status = orders.get(request.url?.replace("/orders/", "") ?? "");
    return status === undefined ? answer(404) : answer(200, { status });
  } catch (error) {
    return answer(500, { message: error instanceof Error ? error.message.split("\n")[0] : "failed" });
  }
});
