import { type ReadmeLine, refund, sent, yes } from "./line";

/** Lines that work with the API, one section after the other. */
export const workflowLines: readonly ReadmeLine[] = [
  // Idempotency
  {
    line: "atoa refunds create --paymentRequestId pr_abc --amount 5.00",
    terminal: yes,
    ...sent("POST /api/refund", refund),
  },
  {
    line: `atoa refunds create \\
--paymentRequestId pr_abc \\
--amount 5.00 \\
--idempotencyKey "atoa-cli/refund/\${RUN_ID}/\${PAYMENT_ID}"`,
    terminal: yes,
    ...sent("POST /api/refund", refund),
    key: "atoa-cli/refund/run-7/pay-9",
  },
  // Payments
  {
    line: "atoa payments create --amount 25.00 --orderId order-001 --customerId cust_123 --redirectUrl https://shop.example.com/return",
    ...sent("POST /api/payments/process-payment", {
      amount: 25,
      orderId: "order-001",
      customerId: "cust_123",
      redirectUrl: "https://shop.example.com/return",
    }),
  },
  {
    line: "atoa payments status pr_abc123 --poll",
    ...sent("GET /api/payments/v1/payment-status/pr_abc123?env=sandbox"),
    stdout: { status: "COMPLETED" },
  },
  {
    line: "atoa payments cancel pr_abc123 --yes",
    given: { pr_abc123: "AWAITING_AUTHORIZATION" },
    ...sent("POST /api/payment-request/cancel/pr_abc123"),
  },
  {
    line: "atoa payments transactions --from 2026-01-01 --to 2026-01-31 --status COMPLETED",
    ...sent("POST /api/payments/transactions?page=0&size=20", {
      fromDate: "2026-01-01",
      toDate: "2026-01-31",
      status: ["COMPLETED"],
    }),
  },
  {
    line: "atoa payments transactions --pageAll --output json # walk every page",
    walks: "POST /api/payments/transactions",
  },
  // Customers and saved cards
  {
    line: 'atoa customers create --fullName "Jane Doe" --email jane@example.com --type INDIVIDUAL',
    ...sent("POST /api/customers", { fullName: "Jane Doe", email: "jane@example.com", type: "INDIVIDUAL" }),
    stdout: { fullName: "Jane Doe" },
  },
  {
    line: "atoa customers list --search jane",
    ...sent("GET /api/customers?page=0&size=20&search=jane"),
    stdout: "Jane Doe",
  },
  { line: "atoa customers get cust_123", ...sent("GET /api/customers/cust_123"), stdout: { fullName: "Jane Doe" } },
  {
    line: "atoa customers update cust_123 --vatNumber GB123456789",
    ...sent("PUT /api/customers/cust_123", { vatNumber: "GB123456789" }),
    stdout: { vatNumber: "GB123456789", fullName: "Jane Doe" },
  },
  { line: "atoa customers delete cust_123 --yes", ...sent("DELETE /api/customers/cust_123") },
  {
    line: "atoa payment-methods list --customer cust_123",
    ...sent("GET /api/customers/cust_123/cards"),
    stdout: "4242",
  },
  {
    line: "atoa payment-methods get card_456 --customer cust_123",
    ...sent("GET /api/customers/cust_123/cards/card_456"),
    stdout: { lastFourDigits: "4242" },
  },
  {
    line: "atoa payment-methods delete card_456 --customer cust_123 --yes",
    ...sent("DELETE /api/customers/cust_123/cards/card_456"),
  },
  // Card on file
  {
    line: "atoa card-on-file charge --customerId cust_123 --paymentMethodId card_456 --amount 10.50 --orderId order-007",
    ...sent("POST /api/payments/card/process-payment", charge("AUTO_CAPTURE")),
    stdout: { status: "PENDING" },
  },
  {
    line: "atoa card-on-file charge --customerId cust_123 --paymentMethodId card_456 --amount 10.50 --orderId order-007 --captureType MANUAL_CAPTURE",
    ...sent("POST /api/payments/card/process-payment", charge("MANUAL_CAPTURE")),
    stdout: { status: "PENDING" },
  },
  {
    line: "atoa card-on-file capture pr_abc123 --yes",
    given: { pr_abc123: "AUTHORIZED" },
    ...sent("POST /api/payments/card/payment-request/pr_abc123/capture"),
  },
  {
    line: "atoa card-on-file cancel pr_abc123 --yes",
    given: { pr_abc123: "AUTHORIZED" },
    ...sent("POST /api/payments/card/payment-request/pr_abc123/cancel"),
  },
  // Refunds
  {
    line: 'atoa refunds create --paymentRequestId pr_abc123 --amount 5.00 --currency GBP --notes "duplicate charge" --yes',
    ...sent("POST /api/refund", {
      paymentRequestId: "pr_abc123",
      amount: 5,
      currency: "GBP",
      refundNotes: "duplicate charge",
    }),
    stdout: "refundId",
  },
  { line: "atoa refunds list --paymentRequestId pr_abc123", ...sent("GET /api/refund/pr_abc123"), stdout: "refundId" },
  { line: "atoa refunds cancel rf_xyz --yes", ...sent("DELETE /api/refund/rf_xyz/cancel") },
  // Webhooks
  {
    line: "atoa webhooks create --url https://your-app.com/webhooks --event PAYMENTS_STATUS",
    ...sent("POST /api/webhook/merchant", { url: "https://your-app.com/webhooks", event: "PAYMENTS_STATUS" }),
    stdout: { event: "PAYMENTS_STATUS" },
  },
  {
    line: `atoa webhooks create --url https://your-app.com/webhooks --event PAYMENTS_STATUS \\
--authentication @./auth.json # OAuth/Basic secret from file (NOT inline — see below)`,
    ...sent("POST /api/webhook/merchant", {
      url: "https://your-app.com/webhooks",
      event: "PAYMENTS_STATUS",
      authentication: { username: "hook", password: "not-a-real-password" },
    }),
  },
  { line: "atoa webhooks list", ...sent("GET /api/webhook/merchant"), stdout: "webhookId" },
  { line: "atoa webhooks delete wh_123 --yes", ...sent("DELETE /api/webhook/wh_123/merchant") },
  // Test events
  ...[
    ["PAYMENTS_STATUS", {}],
    ["PAYMENTS_STATUS --paymentMethod CARD --status AUTHORIZED", { paymentMethod: "CARD", status: "AUTHORIZED" }],
    ["PAYMENTS_STATUS --orderId order-001 --amount 25.00", { orderId: "order-001", amount: 25 }],
    ["REFUND_STATUS --status FAILED", { status: "FAILED" }],
    ["POS_PAYMENT_STATUS --type PAYMENTS_STATUS", { type: "PAYMENTS_STATUS" }],
    ["POS_PAYMENT_STATUS --type REFUND_STATUS --status COMPLETED", { type: "REFUND_STATUS", status: "COMPLETED" }],
    ["POS_PAYMENT_STATUS --type EXPIRED_STATUS", { type: "EXPIRED_STATUS" }],
    [
      `POS_PAYMENT_STATUS --type PAYMENTS_STATUS \\
--customFields '[{"value":"CUST_001","fieldName":"Customer ID"}]'`,
      { type: "PAYMENTS_STATUS", customFields: [{ value: "CUST_001", fieldName: "Customer ID" }] },
    ],
  ].map(([words, fields]) => ({
    line: `atoa webhooks trigger ${words as string}`,
    webhook: String(words).split(" ")[0] ?? "",
    ...sent("POST /api/webhook/test", { eventType: String(words).split(" ")[0], ...(fields as object) }),
  })),
  // Bank feed
  {
    line: "atoa bank-feed initiate --redirectUrl https://example.com/bank/return",
    ...sent("POST /api/bank/auth/initiate", { redirectUrl: "https://example.com/bank/return" }),
    stdout: "accountAuthId",
  },
  { line: "atoa bank-feed accounts auth_999", ...sent("GET /api/bank/auth_999/accounts"), stdout: "sortCode" },
  { line: "atoa bank-feed account acct_111", ...sent("GET /api/bank/accounts/acct_111"), stdout: "accountNumber" },
  { line: "atoa bank-feed balance acct_111", ...sent("GET /api/bank/accounts/acct_111/balance") },
  {
    line: "atoa bank-feed transactions acct_111 --from 2026-01-01 --before 2026-02-01",
    ...sent("GET /api/bank/accounts/acct_111/transactions?page=0&itemsPerPage=20&from=2026-01-01&before=2026-02-01"),
  },
  {
    line: "atoa bank-feed revoke --accountAuthId auth_999 --yes",
    ...sent("POST /api/bank/auth/revoke", { accountAuthId: "auth_999" }),
  },
  // Stores, institutions, payouts
  { line: "atoa institutions list", ...sent("GET /api/institutions"), stdout: "modelo-sandbox" },
  {
    line: "atoa payouts list --fromDate 2026-01-01 --status COMPLETED",
    ...sent("GET /api/payouts?page=0&limit=20&fromDate=2026-01-01&status=COMPLETED"),
  },
  { line: "atoa payouts transactions po_555 --pageAll", walks: "GET /api/payouts/po_555/transactions" },
  // Any path
  { line: "atoa get /api/payments/stores", ...sent("GET /api/payments/stores"), stdout: "Market Street" },
  { line: "atoa get /api/customers -d page=0 -d size=20 --pageAll", walks: "GET /api/customers" },
  {
    line: "atoa post /api/something --data @body.json",
    faults: ['POST /api/something status=200 body={"ok":true}'],
    ...sent("POST /api/something", { fullName: "Mill Lane Ltd", email: "mill@example.com" }),
    stdout: { ok: true },
  },
  {
    line: `atoa post /api/something --data @body.json --idempotencyKey "ci-\${RUN_ID}"`,
    faults: ['POST /api/something status=200 body={"ok":true}'],
    ...sent("POST /api/something", { fullName: "Mill Lane Ltd", email: "mill@example.com" }),
    key: "ci-run-7",
  },
  { line: "atoa delete /api/customers/cust_123 --yes", ...sent("DELETE /api/customers/cust_123") },
];

function charge(captureType: string) {
  return { customerId: "cust_123", paymentMethodId: "card_456", captureType, amount: 10.5, orderId: "order-007" };
}
