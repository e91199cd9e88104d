import type { Case } from "../case";

// Connections that break, and what is tried again.

const doubt = "the request may still have been processed";
const again = "run the same command again with --idempotencyKey night/1, so that it takes effect only once";
const refund = "refunds create --paymentRequestId pr_abc123 --amount 5 --yes";
const refundSent = { request: "POST /api/refund", body: { paymentRequestId: "pr_abc123", amount: 5 } };
const stores = { request: "GET /api/payments/stores" };
const storesFault = (fault: string) => `GET /api/payments/stores ${fault}`;

export const transport: readonly Case[] = [
  {
    line: "stores list",
    faults: [storesFault("reset-before-commit")],
    stderr: "was lost before the response was complete — check",
    code: 6,
    sends: [stores],
  },
  {
    line: refund,
    faults: ["POST /api/refund reset-before-commit"],
    stderr: `${doubt} — run the same command again with --idempotencyKey `,
    code: 6,
    sends: [refundSent],
  },
  {
    line: `${refund} --idempotencyKey night/1`,
    faults: ["POST /api/refund reset-after-commit"],
    code: 6,
    stderr: `${doubt} — ${again}`,
    sends: [refundSent],
  },
  {
    line: "stores list",
    faults: [storesFault("hang")],
    env: { ATOA_TIMEOUT: "1" },
    code: 6,
    stderr: "within 1 s — run the command again",
    sends: [stores],
  },
  {
    line: refund,
    faults: ["POST /api/refund hang-after-commit"],
    env: { ATOA_TIMEOUT: "1" },
    code: 6,
    sends: [refundSent],
  },
  {
    line: "customers delete cust_123 --yes",
    faults: ["DELETE /api/customers/* reset-after-commit"],
    code: 6,
    stderr: `${doubt} — check whether it was processed before you run it again`,
    sends: [{ request: "DELETE /api/customers/cust_123" }],
  },
  {
    line: "stores list",
    faults: [storesFault("broken-json")],
    code: 1,
    error:
      "The server's response claims to be JSON but is not — check that ATOA_BASE_URL and the proxy lead to the Atoa API, and tell Atoa support if they do",
    sends: [stores],
  },
  { line: "stores list", faults: [storesFault("latency=300")], sends: [stores] },
  { line: "stores list", faults: [storesFault("slow-drip 1")], env: { ATOA_TIMEOUT: "20" }, sends: [stores] },
];

export const retries: readonly Case[] = [
  {
    line: "stores list",
    env: { ATOA_MAX_RETRIES: "2" },
    faults: [storesFault("status=503 1")],
    sends: [stores, stores],
  },
  {
    line: "stores list",
    env: { ATOA_MAX_RETRIES: "2" },
    faults: [storesFault("status=429 retry-after=1 1")],
    sends: [stores, stores],
  },
  {
    line: "stores list",
    env: { ATOA_MAX_RETRIES: "2" },
    faults: [storesFault("reset-before-commit 2")],
    sends: [stores, stores, stores],
  },
  {
    line: "stores list",
    env: { ATOA_MAX_RETRIES: "1" },
    faults: [storesFault("status=503")],
    code: 1,
    sends: [stores, stores],
  },
  {
    line: "stores list",
    env: { ATOA_MAX_RETRIES: "2" },
    faults: [storesFault("status=500")],
    code: 1,
    sends: [stores],
  },
  {
    line: "stores list",
    env: { ATOA_MAX_RETRIES: "2" },
    faults: [storesFault("status=503 retry-after=31")],
    code: 5,
    error: "fault: status 503 — run the command again in 31 s",
    sends: [stores],
  },
  {
    line: "stores list",
    env: { ATOA_MAX_RETRIES: "x" },
    code: 3,
    error: "ATOA_MAX_RETRIES must be a whole number from 0 to 10 — set it to a number such as 2, or unset it",
  },
  {
    line: "stores list",
    env: { ATOA_TIMEOUT: "0" },
    code: 3,
    error:
      "ATOA_TIMEOUT must be a number of seconds, above 0 and at most 3600 — set it to a number such as 30, or unset it",
  },
  {
    line: refund,
    env: { ATOA_MAX_RETRIES: "2" },
    faults: ["POST /api/refund reset-after-commit 1"],
    sends: [refundSent, refundSent],
  },
  {
    line: "refunds cancel rf_xyz --yes",
    env: { ATOA_MAX_RETRIES: "2" },
    faults: ["DELETE /api/refund/** reset-before-commit"],
    code: 6,
    sends: [{ request: "DELETE /api/refund/rf_xyz/cancel" }],
  },
  {
    line: "stores list --verbose",
    env: { ATOA_MAX_RETRIES: "2" },
    faults: [storesFault("status=503 1")],
    stderr: "* HTTP 503; attempt 2 in ",
    sends: [stores, stores],
  },
];
