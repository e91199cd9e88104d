// @ts-check
// WEBHOOK_SECRET=… node receiver.mjs 3000    whsec_… checks v2 deliveries, an API token v1
import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";

const secret = process.env.WEBHOOK_SECRET ?? "";
// With an empty key, anyone could sign.
if (secret === "") throw new Error("set WEBHOOK_SECRET");

/** @param {string} text @param {unknown} given */
const same = (text, given) => {
  const [a, b] = [Buffer.from(text), Buffer.from(String(given))];
  return a.length === b.length && timingSafeEqual(a, b);
};

/** @param {Buffer} body the bytes as they came in @param {unknown} header X-Atoa-Signature @param {any} event */
function isGenuine(body, header, event) {
  if (secret.startsWith("whsec_")) {
    const key = Buffer.from(secret.slice("whsec_".length), "base64");
    return same(`v1=${createHmac("sha256", key).update(body).digest("hex")}`, header);
  }
  const ids = `${event?.orderId}|${event?.refundId ?? event?.paymentRequestId}`;
  return same(createHmac("sha256", secret).update(ids).digest("hex"), event?.signatureHash);
}

/** @param {Buffer} body */
function parse(body) {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return undefined;
  }
}

createServer(async (request, response) => {
  try {
    const parts = [];
    let size = 0;
    for await (const part of request) {
      size += part.length;
      if (size > 1024 * 1024) return response.writeHead(413, { connection: "close" }).end();
      parts.push(part);
    }
    const body = Buffer.concat(parts);
    const event = parse(body);
    if (!isGenuine(body, request.headers["x-atoa-signature"], event)) return response.writeHead(401).end();
    // Genuine. Save it here and act on it later: deliveries may be repeated or arrive out of order.
    process.stdout.write(`${event?.orderId} ${event?.status}\n`);
    return response.writeHead(200).end();
  } catch {
    return response.destroy(); // The sender closed the connection.
  }
}).listen(Number(process.argv[2] ?? 3000), "127.0.0.1", () => process.stdout.write("ready\n"));
