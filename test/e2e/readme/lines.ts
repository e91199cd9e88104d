import type { Case, Sent } from "../cases/case";
import { enter, type Step } from "../terminal/terminal";

/**
 * Every command line of the public README of version 0.1.1, in its order, as a shell sees it. Lines that need an answer are
 * typed at a terminal; the shop is that of the emulator, where the README's ids exist.
 */
export interface ReadmeLine extends Omit<Case, "line"> {
  readonly line: string;
  /** What the person at the terminal answers; without it there is no terminal. */
  readonly terminal?: readonly Step[];
  /** Only when the line may be run against more than the emulator: what it leaves in the config. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** Profiles that are paired before: acme with both environments, unless said otherwise. */
  /** Event for which a URL is registered before. */
  readonly webhook?: string;
  /** The Idempotency-Key that must have been sent. */
  readonly key?: string;
  /** A list that is walked to its end: every request is this one. */
  readonly walks?: string;
  readonly profiles?: Readonly<Record<string, readonly ("sandbox" | "production")[]>>;
}

/** Variables that the README's scripts use. */
export const variables = { RUN_ID: "run-7", PAYMENT_ID: "pay-9", PR: "pr_abc123" } as const;

const yes: readonly Step[] = [["\\(y/N\\)", `y${enter}`]];
const first: Step = ["Which environment", enter];
const token = (env: "sandbox" | "production"): readonly Step[] => [["API token", `{{${env}}}${enter}`]];

const sent = (request: string, body?: unknown, env?: Sent["with"]): Pick<Case, "sends"> => ({
  sends: [{ request, ...(body === undefined ? {} : { body }), ...(env === undefined ? {} : { with: env }) }],
});

const identity = sent("GET /api/cli/identity");
const none: Pick<ReadmeLine, "profiles"> = { profiles: {} };
const acme = { acme: ["sandbox", "production"] } as const;
const withCi: Pick<ReadmeLine, "profiles"> = { profiles: { ...acme, ci: ["sandbox"] } };
const refund = { paymentRequestId: "pr_abc", amount: 5 };

export const readmeLines: readonly ReadmeLine[] = [
  { line: "atoa login", ...none, terminal: token("sandbox"), ...identity, stderr: "✓ Logged in to" },
  {
    line: "atoa payments create --amount 10.05 --orderId order-001 --customerId cust_123",
    ...sent("POST /api/payments/process-payment", { amount: 10.05, orderId: "order-001", customerId: "cust_123" }),
    stdout: "paymentUrl",
  },
  {
    line: "atoa webhooks trigger PAYMENTS_STATUS",
    webhook: "PAYMENTS_STATUS",
    ...sent("POST /api/webhook/test", { eventType: "PAYMENTS_STATUS" }),
  },
  { line: "atoa --version", stdout: "atoa-cli/0.1.1" },
  // Quick start
  { line: "atoa login --env sandbox", ...none, terminal: token("sandbox"), ...identity },
  { line: "atoa whoami", ...identity, stdout: { key: { env: "SANDBOX" } } },
  { line: "atoa stores list", ...sent("GET /api/payments/stores"), stdout: "Market Street" },
  {
    line: "atoa payments create --amount 10.05 --orderId test-001 --customerId cust_123 --redirectUrl https://example.com",
    ...sent("POST /api/payments/process-payment", {
      amount: 10.05,
      orderId: "test-001",
      customerId: "cust_123",
      redirectUrl: "https://example.com",
    }),
  },
  // Profiles and environments
  { line: "atoa profile list", stdout: '"name": "acme"' },
  { line: "atoa profile show", stdout: { name: "acme", active: true } },
  { line: "atoa profile use acme", stderr: "✓ acme is the active profile", config: { activeProfile: "acme" } },
  {
    line: "atoa profile set env=production",
    terminal: yes,
    stderr: "PRODUCTION",
    config: { profiles: { acme: { defaultEnv: "production" } } },
  },
  {
    line: "atoa profile rename acme acme-uk",
    terminal: yes,
    config: { activeProfile: "acme-uk", profiles: { "acme-uk": { envs: { sandbox: {}, production: {} } } } },
  },
  {
    line: "atoa profile delete old-merchant",
    profiles: { ...acme, "old-merchant": ["sandbox", "production"] },
    terminal: yes,
    config: { activeProfile: "acme" },
  },
  { line: "atoa whoami --env production", ...sent("GET /api/cli/identity", undefined, "production") },
  {
    line: "atoa login --env production",
    profiles: { acme: ["sandbox"] },
    terminal: token("production"),
    ...sent("GET /api/cli/identity", undefined, "production"),
    config: { profiles: { acme: { envs: { sandbox: {}, production: {} } } } },
  },
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
  // Keys
  {
    line: "atoa keys revoke # interactive: picks env if profile has both",
    terminal: [first, ...yes],
    ...sent("DELETE /api/cli/api-access/{{sandbox key}}"),
    config: { profiles: { acme: { envs: { production: {} } } } },
  },
  {
    line: "atoa keys revoke --env sandbox --yes",
    ...sent("DELETE /api/cli/api-access/{{sandbox key}}"),
    config: { profiles: { acme: { envs: { production: {} } } } },
  },
  {
    line: "atoa keys revoke sda_other --yes",
    faults: ["DELETE /api/cli/api-access/sda_other status=204 body="],
    ...sent("DELETE /api/cli/api-access/sda_other"),
    config: { profiles: { acme: { envs: { sandbox: {}, production: {} } } } },
  },
  {
    line: "atoa keys regenerate # rotate active env's key — new bearer shown ONCE",
    terminal: [first, ...yes],
    ...sent("POST /api/cli/api-access/{{sandbox key}}/regenerate"),
    stderr: "it is shown this once",
  },
  {
    line: "atoa keys regenerate --env production --yes",
    ...sent("POST /api/cli/api-access/{{production key}}/regenerate", undefined, "production"),
  },
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
  // Output, completion
  { line: "atoa payments transactions --output json", ...sent("POST /api/payments/transactions?page=0&size=20", {}) },
  { line: "atoa profile list --output table # human-readable", stdout: "PROFILE" },
  { line: "atoa whoami --output yaml", ...identity, stdout: "businessName: " },
  { line: "atoa completion bash", stdout: "atoa" },
  { line: "atoa completion zsh", stdout: "atoa" },
  { line: "atoa completion pwsh", stdout: "atoa" },
  { line: 'atoa --complete-bash "atoa profile use "', stdout: "acme\n" },
  // CI
  {
    line: 'atoa refunds create --paymentRequestId "$PR" --amount 5.00 --idempotencyKey "$RUN_ID" --yes',
    ...sent("POST /api/refund", { paymentRequestId: "pr_abc123", amount: 5 }),
    key: "run-7",
  },
  {
    line: "atoa login --stdin --env sandbox --profile ci",
    ...none,
    stdin: "{{sandbox}}\n",
    ...identity,
    config: { profiles: { ci: { envs: { sandbox: {} } } } },
  },
  {
    line: `atoa --profile ci payments create \\
--amount 10.00 --orderId "$RUN_ID" --customerId cust_123 --redirectUrl https://x \\
--idempotencyKey "ci-payment/$RUN_ID" --dryRun`,
    ...withCi,
    stdout: {
      method: "POST",
      body: { amount: 10, orderId: "run-7", customerId: "cust_123", redirectUrl: "https://x" },
      idempotencyKey: "ci-payment/run-7",
    },
  },
  {
    line: "atoa --profile ci payments transactions --output json --status COMPLETED",
    ...withCi,
    ...sent("POST /api/payments/transactions?page=0&size=20", { status: ["COMPLETED"] }),
  },
  {
    line: "atoa logout --profile ci --revoke --yes",
    ...withCi,
    ...sent("DELETE /api/cli/api-access/{{sandbox key}}"),
    config: { activeProfile: "acme", profiles: { acme: {} } },
  },
  // Troubleshooting
  { line: "atoa whoami --env sandbox", ...identity },
  {
    line: "atoa login --env sandbox",
    profiles: {},
    terminal: token("production"),
    code: 3,
    ...sent("GET /api/cli/identity", undefined, "production"),
    stderr: "this token belongs to production but you picked sandbox",
  },
  { line: "atoa whoami", ...none, code: 2, stderr: "No profile is configured. Run `atoa login` to pair this device." },
  {
    line: "atoa whoami",
    profiles: { a: ["sandbox"], b: ["sandbox"], c: ["sandbox"] },
    code: 3,
    stderr: "Multiple profiles are configured (a, b, c). Run `atoa profile use <name>`",
  },
  // Reset
  { line: "atoa reset --yes", config: {}, stderr: "✓ Removed all profiles and tokens" },
  {
    line: "atoa reset --revoke --yes",
    sends: [
      { request: "DELETE /api/cli/api-access/{{sandbox key}}" },
      { request: "DELETE /api/cli/api-access/{{production key}}", with: "production" },
    ],
    config: {},
  },
  { line: "atoa reset --dryRun", config: { activeProfile: "acme" }, stdout: "acme" },
  { line: "atoa --help", stdout: "USAGE" },
  { line: "atoa payments --help", stdout: "payments create" },
  { line: "atoa payments create --help", stdout: "--amount" },
];

function charge(captureType: string) {
  return { customerId: "cust_123", paymentMethodId: "card_456", captureType, amount: 10.5, orderId: "order-007" };
}
