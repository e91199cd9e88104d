// Answers every request with a page of transactions, some milliseconds later. Says its origin when it listens.
// argv: pages, items a page, milliseconds, and "counted" to give a totalCount or "uncounted" for a bare array.
import { createServer } from "node:http";
import { setTimeout as delay } from "node:timers/promises";

const [pages = 1, items = 100, latency = 0, counted = "counted"] = process.argv.slice(2);
const item = (/** @type {number} */ index) => ({
  paymentRequestId: `00000000-0000-4000-8000-${String(index).padStart(12, "0")}`,
  status: "COMPLETED",
  paidAmount: 10.05,
  currency: "GBP",
  orderId: `RM-${index}`,
  consumerName: "Ada Abara",
  createdAt: "2026-03-01T10:00:00.000Z",
});

const server = createServer(async (request, response) => {
  const page = Number(new URL(request.url ?? "/", "http://127.0.0.1").searchParams.get("page"));
  const here = page < Number(pages) ? Number(items) : 0;
  const data = Array.from({ length: here }, (_, index) => item(page * Number(items) + index));
  const body = counted === "counted" ? { data, totalCount: Number(pages) * Number(items), page } : data;
  await delay(Number(latency));
  response.setHeader("content-type", "application/json").end(JSON.stringify(body));
});
server.listen(0, "127.0.0.1", () => {
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  process.stdout.write(`http://127.0.0.1:${port}\n`);
});
