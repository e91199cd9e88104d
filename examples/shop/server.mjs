// @ts-check
/**
 * A shop in sixty lines: it asks Atoa for a payment page, and believes a payment only when a signed webhook says so.
 *
 *   POST /orders {"id": "order-001", "amount": "25.00"}   → {"payAt": "https://…"}
 *   GET  /orders/order-001                                → {"status": "waiting" | "paid" | "failed"}
 *   POST /webhooks                                        ← Atoa
 *
 * Needs ATOA_URL (https://api.atoa.me), ATOA_API_TOKEN, and the signing secret from the dashboard in WEBHOOK_SECRET.
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";

const { ATOA_URL = "https://api.atoa.me", ATOA_API_TOKEN = "", WEBHOOK_SECRET = "" } = process.env;
if (ATOA_API_TOKEN === "" || WEBHOOK_SECRET === "") throw new Error("set ATOA_API_TOKEN and WEBHOOK_SECRET");
const largest = 1024 * 1024;
/** @type {Map<string, "waiting" | "paid" | "failed">} */
const orders = new Map();

/** @param {string} id @param {string} amount pounds, as text */
async function askForPayment(id, amount) {
  const response = await fetch(`${ATOA_URL}/api/payments/process-payment`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${ATOA_API_TOKEN}`,
      "content-type": "application/json",
      // The order is the key: asking twice for one order is one payment.
      "idempotency-key": `shop/${id}`,
    },
    body: JSON.stringify({ orderId: id, amount: Number(amount), redirectUrl: "https://shop.example.com/thanks" }),
  });
  if (!response.ok) throw new Error(`Atoa answered ${response.status}`);
  const { paymentUrl } = /** @type {{ paymentUrl: string }} */ (await response.json());
  if (!orders.has(id)) orders.set(id, "waiting");
  return paymentUrl;
}

/** Whether the body is from Atoa: compared in constant time, before it is read. @param {Buffer} body @param {unknown} header */
function isSigned(body, header) {
  const key = Buffer.from(WEBHOOK_SECRET.replace(/^whsec_/, ""), "base64");
  const expected = Buffer.from(`v1=${createHmac("sha256", key).update(body).digest("hex")}`);
  const given = Buffer.from(String(header));
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/** The bytes as they came: the signature is over them. @param {import("node:http").IncomingMessage} request */
async function bodyOf(request) {
  const parts = [];
  let size = 0;
  for await (const part of request) {
    size += part.length;
    if (size > largest) throw new Error("too large");
    parts.push(part);
  }
  return Buffer.concat(parts);
}

export const server = createServer(async (request, response) => {
  /** @param {number} status @param {unknown} [body] */
  const answer = (status, body) => response.writeHead(status).end(body === undefined ? "" : JSON.stringify(body));
  try {
    const body = await bodyOf(request);
    if (request.url === "/orders" && request.method === "POST") {
      const { id, amount } = JSON.parse(body.toString());
      return answer(201, { payAt: await askForPayment(String(id), String(amount)) });
    }
    if (request.url === "/webhooks" && request.method === "POST") {
      if (!isSigned(body, request.headers["x-atoa-signature"])) return answer(401);
      const { orderId, status } = JSON.parse(body.toString());
      if (!orders.has(orderId)) return answer(200); // Not ours: received, and nothing to do.
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
