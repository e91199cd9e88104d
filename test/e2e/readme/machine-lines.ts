import { acme, first, identity, none, type ReadmeLine, sent, token, withCi, yes } from "./line";

/** Lines about this machine: logging in, profiles, keys, completion, scripts, trouble, reset. */
export const machineLines: readonly ReadmeLine[] = [
  { line: "atoa login", ...none, terminal: token("sandbox"), ...identity, stderr: "Logged in to" },
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
    stderr: "it is shown only once",
  },
  {
    line: "atoa keys regenerate --env production --yes",
    ...sent("POST /api/cli/api-access/{{production key}}/regenerate", undefined, "production"),
  },
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
  {
    line: "atoa whoami",
    ...none,
    code: 2,
    stderr:
      "error: No profile is configured. Run `atoa login` to pair this device. — to start in the sandbox: `atoa login --env sandbox`\n",
  },
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
  { line: "atoa --help", stdout: "GET STARTED" },
  { line: "atoa payments --help", stdout: "payments create" },
  { line: "atoa payments create --help", stdout: "--amount" },
];
