import type { Case } from "../case";

// Each HTTP status, and what the body says.

const doubt = "the request may still have been processed";
const again = "run the same command again with --idempotencyKey night/1, so that it takes effect only once";
const refund = "refunds create --paymentRequestId pr_abc123 --amount 5 --yes";
const refundSent = { request: "POST /api/refund", body: { paymentRequestId: "pr_abc123", amount: 5 } };
const stores = { request: "GET /api/payments/stores" };
const storesFault = (fault: string) => `GET /api/payments/stores ${fault}`;

/** The README's table of exit codes, and every status that is not in it. */
export const statuses: readonly Case[] = [
  [400, 3],
  [401, 2],
  [402, 1],
  [403, 2],
  [404, 4],
  [405, 1],
  [406, 1],
  [409, 1],
  [410, 1],
  [413, 1],
  [415, 1],
  [418, 1],
  [422, 3],
  [429, 5],
  [451, 1],
  [500, 1],
  [501, 1],
  [502, 1],
  [503, 1],
  [504, 1],
  [507, 1],
  [301, 1],
  [302, 1],
  [304, 1],
  [307, 1],
  [308, 1],
].map(([status = 0, code = 0]) => ({
  line: "stores list",
  faults: [storesFault(`status=${status}`)],
  code,
  stderr: `  status: ${status}\n`,
  sends: [stores],
}));

export const write: readonly Case[] = [400, 401, 403, 404, 409, 422, 429, 500, 502, 503, 504].map((status) => ({
  line: `${refund} --idempotencyKey night/1`,
  faults: [`POST /api/refund status=${status}`],
  code: { 400: 3, 401: 2, 403: 2, 404: 4, 422: 3, 429: 5 }[status] ?? 1,
  ...(status < 500 ? {} : { error: `fault: status ${status}; ${doubt} — ${again}` }),
  sends: [refundSent],
}));

/** The server's own words, made safe: body of a 409 → error line. */
export const bodies: readonly Case[] = [
  ['{"message":"No such store","errorCode":"STORE_GONE"}', "No such store"],
  ['{"message":["first","second"],"name":"BadRequestException"}', "first; second"],
  ['{"message":{"text":"odd"}}', "HTTP 409"],
  ['{"error":"Only this"}', "Only this"],
  ["<html>502 Bad Gateway</html>", "HTTP 409"],
  ["", "HTTP 409"],
  ["[1,2]", "HTTP 409"],
  ['{"message":"\\u001b[31mred\\u001b[0m\\nsecond line","errorCode":"X\\u0007Y"}', "red second line"],
  [`{"message":"${"long ".repeat(100)}"}`, `${"long ".repeat(39)}long…`],
].map(([body, message]) => ({
  line: "stores list",
  faults: [storesFault(`status=409 body=${body}`)],
  code: 1,
  error: `${message} — check the current status before you try again`,
  sends: [stores],
}));
