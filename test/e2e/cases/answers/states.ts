import type { Case } from "../case";

// Refusals by the state of things, and empty answers.

const wrongId = "check the id and the environment (--env)";
const wrongPath = "check the path, the ids in it and the environment (--env)";
const seeStatus = "check its status: `atoa payments status <id>`";
const wrongInput = "check the request with --dryRun and correct it";

export const states: readonly Case[] = [
  {
    line: "payments cancel pr_abc123 --yes",
    code: 3,
    error: `A payment that is COMPLETED cannot be cancelled — ${seeStatus}`,
    sends: [{ request: "POST /api/payment-request/cancel/pr_abc123" }],
  },
  {
    line: "card-on-file capture pr_abc123 --yes",
    code: 3,
    error: `Only a card charge with delayed capture can be captured — ${seeStatus}`,
    sends: [{ request: "POST /api/payments/card/payment-request/pr_abc123/capture" }],
  },
  {
    line: "refunds create --paymentRequestId pr_abc123 --amount 9999 --yes",
    code: 3,
    error: `The refund exceeds the 20.00 GBP left on the payment — check what has been refunded: \`atoa refunds list --paymentRequestId <id>\``,
    sends: [{ request: "POST /api/refund", body: { paymentRequestId: "pr_abc123", amount: 9999 } }],
  },
  {
    line: "payments status pr_abc123 --until EXPIRED,failed",
    code: 1,
    error:
      "The payment is COMPLETED, which is final, but not EXPIRED or FAILED — create a new payment if the customer wants to try again",
    stdout: { status: "COMPLETED" },
    sends: [{ request: "GET /api/payments/v1/payment-status/pr_abc123?env=sandbox" }],
  },
  {
    line: "payments status pr_abc123 --timeout 3",
    given: { pr_abc123: "PENDING" },
    code: 1,
    error:
      "The payment is still PENDING after 3 seconds — run the command again to keep waiting, or listen for the PAYMENTS_STATUS webhook",
    stdout: { status: "PENDING" },
    sends: [
      { request: "GET /api/payments/v1/payment-status/pr_abc123?env=sandbox" },
      { request: "GET /api/payments/v1/payment-status/pr_abc123?env=sandbox" },
    ],
  },
  {
    line: "payments status pr_nope",
    code: 4,
    error: `Payment request not found — ${wrongId}`,
    sends: [{ request: "GET /api/payments/v1/payment-status/pr_nope?env=sandbox" }],
  },
  {
    line: "bank-feed accounts auth_nope",
    code: 4,
    error:
      "Consent not found — a consent is found once its holder has agreed, on the page of `bank-feed initiate`; otherwise check the id and --env",
    sends: [{ request: "GET /api/bank/auth_nope/accounts" }],
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
    error: `No such route: GET /api/nowhere — ${wrongPath}`,
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
    error: `A JSON body is required — ${wrongInput}`,
    sends: [{ request: "POST /api/customers" }],
  },
];

export const empty: readonly Case[] = [
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
