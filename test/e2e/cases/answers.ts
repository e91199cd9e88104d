import type { Case } from "./case";

const doubt = "the request may have happened all the same";
const again = "run the same command again with --idempotencyKey night/1, so that it happens only once";
const noTls =
  "NODE_TLS_REJECT_UNAUTHORIZED=0 disables certificate validation and is not permitted — unset it; for a CA of your own set NODE_EXTRA_CA_CERTS=/path/to/ca.pem";
const wrongInput = "correct the input, or look at the state of what it acts on; --dryRun shows the request";
const wrongId = "check the id, and that it belongs to this environment (--env)";
const wrongPath = "check the path, and that the ids in it belong to this environment (--env)";

/** What becomes of each answer of the server: exit code, words, requests. */

const refund = "refunds create --paymentRequestId pr_abc123 --amount 5 --yes";
const refundSent = { request: "POST /api/refund", body: { paymentRequestId: "pr_abc123", amount: 5 } };
const stores = { request: "GET /api/payments/stores" };
const storesFault = (fault: string) => `GET /api/payments/stores ${fault}`;

/** The README's table of exit codes, and every status that is not in it. */
const statuses: readonly Case[] = [
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

const write: readonly Case[] = [400, 401, 403, 404, 409, 422, 429, 500, 502, 503, 504].map((status) => ({
  line: `${refund} --idempotencyKey night/1`,
  faults: [`POST /api/refund status=${status}`],
  code: { 400: 3, 401: 2, 403: 2, 404: 4, 422: 3, 429: 5 }[status] ?? 1,
  ...(status < 500 ? {} : { error: `fault: status ${status}; ${doubt} — ${again}` }),
  sends: [refundSent],
}));

/** The server's own words, made safe: body of a 409 → error line. */
const bodies: readonly Case[] = [
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
  error: `${message} — look at the current state before you try again`,
  sends: [stores],
}));

const transport: readonly Case[] = [
  {
    line: "stores list",
    faults: [storesFault("reset-before-commit")],
    stderr: "broke off before the answer was complete — check",
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
    stderr: `${doubt} — check whether it did before you run it again`,
    sends: [{ request: "DELETE /api/customers/cust_123" }],
  },
  {
    line: "stores list",
    faults: [storesFault("broken-json")],
    code: 1,
    error:
      "the server's answer claims to be JSON but is not — check that ATOA_BASE_URL and the proxy lead to the Atoa API, and tell Atoa support if they do",
    sends: [stores],
  },
  { line: "stores list", faults: [storesFault("latency=300")], sends: [stores] },
  { line: "stores list", faults: [storesFault("slow-drip 1")], env: { ATOA_TIMEOUT: "20" }, sends: [stores] },
];

const retries: readonly Case[] = [
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
    error: "ATOA_TIMEOUT must be seconds, above 0 and at most 3600 — set it to a number such as 30, or unset it",
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

const states: readonly Case[] = [
  {
    line: "payments cancel pr_abc123 --yes",
    code: 3,
    error: `a payment that is COMPLETED cannot be cancelled — ${wrongInput}`,
    sends: [{ request: "POST /api/payment-request/cancel/pr_abc123" }],
  },
  {
    line: "card-on-file capture pr_abc123 --yes",
    code: 3,
    error: `only a card charge with a delayed capture can be captured — ${wrongInput}`,
    sends: [{ request: "POST /api/payments/card/payment-request/pr_abc123/capture" }],
  },
  {
    line: "refunds create --paymentRequestId pr_abc123 --amount 9999 --yes",
    code: 3,
    error: `the refund is more than the 20.00 GBP left of the payment — ${wrongInput}`,
    sends: [{ request: "POST /api/refund", body: { paymentRequestId: "pr_abc123", amount: 9999 } }],
  },
  {
    line: "payments status pr_nope",
    code: 4,
    error: `Payment request not found — ${wrongId}`,
    sends: [{ request: "GET /api/payments/v1/payment-status/pr_nope?env=sandbox" }],
  },
  {
    line: "customers get cust_nope",
    code: 4,
    error: `Customer not found — ${wrongId}`,
    sends: [{ request: "GET /api/customers/cust_nope" }],
  },
  {
    line: "webhooks trigger PAYMENTS_STATUS",
    code: 4,
    error:
      "Webhook for PAYMENTS_STATUS not found — register a sandbox URL for this event first, with `atoa webhooks create`",
    sends: [{ request: "POST /api/webhook/test", body: { eventType: "PAYMENTS_STATUS" } }],
  },
  {
    line: "get /api/nowhere",
    code: 4,
    error: `there is no GET /api/nowhere — ${wrongPath}`,
    sends: [{ request: "GET /api/nowhere" }],
  },
  {
    line: "keys revoke sda_nope --yes",
    code: 4,
    error: `API access not found — ${wrongId}`,
    sends: [{ request: "DELETE /api/cli/api-access/sda_nope" }],
  },
  {
    line: "post /api/customers",
    code: 3,
    error: `a JSON body is required — ${wrongInput}`,
    sends: [{ request: "POST /api/customers" }],
  },
];

const empty: readonly Case[] = [
  { line: "post /api/x", faults: ["POST /api/x status=204 body="], stdout: "", sends: [{ request: "POST /api/x" }] },
  {
    line: "post /api/x --output table",
    faults: ["POST /api/x status=200 body="],
    stdout: "",
    sends: [{ request: "POST /api/x" }],
  },
  {
    line: "get /api/x --output yaml",
    faults: ["GET /api/x status=200 body="],
    stdout: "",
    sends: [{ request: "GET /api/x" }],
  },
  { line: "get /api/x", faults: ["GET /api/x status=200 body=[]"], stdout: [], sends: [{ request: "GET /api/x" }] },
  {
    line: "get /api/x --output table",
    faults: ["GET /api/x status=200 body=[]"],
    stderr: "no items",
    sends: [{ request: "GET /api/x" }],
  },
  {
    line: "get /api/x --output table",
    faults: ['GET /api/x status=200 body={"data":[]}'],
    stderr: "no items",
    sends: [{ request: "GET /api/x" }],
  },
  {
    line: "get /api/x --output yaml",
    faults: ['GET /api/x status=200 body={"a":[1,{"b":null}]}'],
    stdout: "a:\n  - 1\n  - b: null\n",
    sends: [{ request: "GET /api/x" }],
  },
];

const profiles: readonly Case[] = [
  { line: "whoami --profile nope", code: 4, error: 'No profile named "nope" (from --profile) — choose one of: acme' },
  {
    line: "whoami",
    env: { ATOA_PROFILE: "nope" },
    code: 4,
    error: 'No profile named "nope" (from ATOA_PROFILE) — choose one of: acme',
  },
  { line: "whoami --profile acme", env: { ATOA_PROFILE: "nope" }, sends: [{ request: "GET /api/cli/identity" }] },
  { line: "whoami", env: { ATOA_PROFILE: "acme" }, sends: [{ request: "GET /api/cli/identity" }] },
  {
    line: "stores list",
    env: { ATOA_BASE_URL: "http://localhost:9" },
    code: 3,
    stderr:
      "and this command would go to http://localhost:9 (from ATOA_BASE_URL) — set ATOA_BASE_URL=http://127.0.0.1:",
  },
  {
    line: "stores list --dryRun",
    env: { ATOA_BASE_URL: "http://localhost:9" },
    code: 3,
    stderr:
      "and this command would go to http://localhost:9 (from ATOA_BASE_URL) — set ATOA_BASE_URL=http://127.0.0.1:",
  },
  { line: "stores list", env: { ATOA_BASE_URL: "" }, code: 3 },
  {
    line: "stores list",
    env: { ATOA_BASE_URL: "http://api.example.com" },
    code: 3,
    error:
      "ATOA_BASE_URL must use https: plain http is for this machine only — set it to an origin such as https://api.atoa.me, or unset it",
  },
  {
    line: "stores list",
    env: { ATOA_BASE_URL: "nonsense" },
    code: 3,
    error: "ATOA_BASE_URL is not an http or https URL — set it to an origin such as https://api.atoa.me, or unset it",
  },
  {
    line: "stores list",
    env: { ATOA_BASE_URL: "https://user:pass@api.example.com" },
    code: 3,
    error:
      "ATOA_BASE_URL must not contain a user name or password — set it to an origin such as https://api.atoa.me, or unset it",
  },
  { line: "stores list", env: { NODE_TLS_REJECT_UNAUTHORIZED: "0" }, code: 1, error: noTls },
  { line: "--version", env: { NODE_TLS_REJECT_UNAUTHORIZED: "0" }, code: 1, error: noTls },
  { line: "profile list", env: { ATOA_HOME: "/nonexistent-home" }, stdout: [] },
  { line: "whoami", env: { ATOA_HOME: "/nonexistent-home" }, code: 2 },
  { line: "profile show nope", code: 4 },
  { line: "profile use nope", code: 4 },
  { line: "profile delete nope --yes", code: 4 },
  { line: "profile rename nope other --yes", code: 4 },
  { line: "logout --profile nope --yes", code: 4 },
  {
    line: "login --stdin",
    stdin: "not-a-known-token",
    code: 2,
    sends: [{ request: "GET /api/cli/identity", with: null }],
  },
  { line: "login --stdin", stdin: "has a blank", code: 3 },
  { line: "login --stdin", stdin: "tökën", code: 3 },
  { line: "login --stdin", stdin: "x".repeat(8193), code: 3 },
];

export const answers: readonly Case[] = [
  ...statuses,
  ...write,
  ...bodies,
  ...transport,
  ...retries,
  ...states,
  ...empty,
  ...profiles,
];
