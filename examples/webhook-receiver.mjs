// @ts-check
/**
 * A webhook receiver in one file: checks the signature, says what came, answers 200.
 *
 *   ATOA_TOKEN=… node examples/webhook-receiver.mjs [port]
 *
 * Atoa takes exactly 200 for received and sends everything else again, so an event can come twice and out of order.
 * The signature covers the ids, not the status or the amount: before you ship, ask `payments status` what is true.
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";

const token = process.env.ATOA_TOKEN ?? "";
if (token === "") throw new Error("set ATOA_TOKEN: without it everybody could sign");
const port = Number(process.argv[2] ?? 3000);
const largest = 1024 * 1024;

/** signatureHash = hex HMAC-SHA256, key: the API token, text: orderId|paymentRequestId, or orderId|refundId of a refund.
 * @param {Record<string, unknown>} event */
function isGenuine(event) {
  const text = `${event.orderId}|${event.refundId ?? event.paymentRequestId}`;
  const expected = createHmac("sha256", token).update(text).digest();
  const given = Buffer.from(String(event.signatureHash), "hex");
  return given.length === expected.length && timingSafeEqual(given, expected);
}

const server = createServer(async (request, response) => {
  /** @type {Record<string, unknown>} */
  let event;
  try {
    const parts = [];
    let size = 0;
    for await (const part of request) {
      size += part.length;
      if (size > largest) throw new Error("too large");
      parts.push(part);
    }
    event = JSON.parse(Buffer.concat(parts).toString("utf8"));
    if (typeof event !== "object" || event === null) throw new Error("not an event");
  } catch {
    response.writeHead(400, { connection: "close" }).end();
    return;
  }
  const genuine = isGenuine(event);
  process.stdout.write(
    genuine ? `${event.status} order ${event.orderId}, £${event.paidAmount}\n` : "refused: wrong signature\n",
  );
  response.writeHead(genuine ? 200 : 401).end();
});

server.listen(port, "127.0.0.1", () => {
  const address = server.address();
  const actual = typeof address === "object" && address !== null ? address.port : port;
  process.stdout.write(`waiting for webhooks on http://127.0.0.1:${actual}\n`);
});
