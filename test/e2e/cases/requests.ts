import { type Case, sends } from "./case";

/** Every command with good input: the one request it sends, to the letter. */

const payment = { amount: 10.05, orderId: "o-1" };
const uuid = "3b241101-e2bb-4255-8caf-4136c566a962";

const payments: readonly Case[] = [
  sends("payments create --amount 10.05 --orderId o-1", "POST /api/payments/process-payment", payment),
  sends("payments create --amount=10.05 --orderId=o-1", "POST /api/payments/process-payment", payment),
  sends("payments create --amount 10.05 --order-id o-1", "POST /api/payments/process-payment", payment),
  sends("payments create --amount 1 --orderId o-1", "POST /api/payments/process-payment", { ...payment, amount: 1 }),
  sends("payments create --amount 999999999.99 --orderId o-1", "POST /api/payments/process-payment", {
    ...payment,
    amount: 999999999.99,
  }),
  sends("payments create --amount 5.1 --orderId ' padded '", "POST /api/payments/process-payment", {
    amount: 5.1,
    orderId: " padded ",
  }),
  sends(
    "payments create --amount 10.05 --orderId o-1 --redirectUrl https://shop.example.com/return --customerId cust_123",
    "POST /api/payments/process-payment",
    { ...payment, redirectUrl: "https://shop.example.com/return", customerId: "cust_123" },
  ),
  sends(
    `payments create --amount 10.05 --orderId o-1 --storeId ${uuid} --notes thanks --expiresIn 600000`,
    "POST /api/payments/process-payment",
    { ...payment, storeId: uuid, notes: "thanks", expiresIn: 600000 },
  ),
  sends(
    "payments create --amount 10.05 --orderId o-1 --paymentMethod ' card , pay_by_bank ,'",
    "POST /api/payments/process-payment",
    { ...payment, paymentMethod: ["CARD", "PAY_BY_BANK"] },
  ),
  sends(
    "payments create --amount 10.05 --orderId o-1 --paymentMethod ' , '",
    "POST /api/payments/process-payment",
    payment,
  ),
  sends(
    "payments create --amount 10.05 --orderId o-1 --payment-method CARD --savePaymentMethod --atoaCustomerId cust_123",
    "POST /api/payments/process-payment",
    { ...payment, paymentMethod: ["CARD"], savePaymentMethod: true, atoaCustomerId: "cust_123" },
  ),
  sends(
    "payments create --amount 10.05 --orderId o-1 --autoRedirect --enableTips --allowRetry --splitBill",
    "POST /api/payments/process-payment",
    { ...payment, autoRedirect: true, enableTips: true, allowRetry: true, splitBill: true },
  ),
  sends(
    "payments create --amount 10.05 --orderId o-1 --no-autoRedirect --no-enable-tips --no-allowRetry --no-splitBill --no-savePaymentMethod",
    "POST /api/payments/process-payment",
    {
      ...payment,
      autoRedirect: false,
      enableTips: false,
      allowRetry: false,
      splitBill: false,
      savePaymentMethod: false,
    },
  ),
  sends("payments create --amount 10.05 --orderId o-1 --template receipt_png", "POST /api/payments/process-payment", {
    ...payment,
    template: "RECEIPT_PNG",
  }),
  sends(
    `payments create --amount 10.05 --orderId o-1 --consumerDetails '{"email":"ada@example.com"}' --callbackParams '{"basket":"42"}'`,
    "POST /api/payments/process-payment",
    { ...payment, consumerDetails: { email: "ada@example.com" }, callbackParams: { basket: "42" } },
  ),
  sends(
    "payments create --amount 10.05 --orderId o-1 --consumerDetails @consumer.json",
    "POST /api/payments/process-payment",
    { ...payment, consumerDetails: { email: "ada@example.com", firstName: "Ada" } },
  ),
  sends(
    "payments create --amount 10.05 --orderId o-1 --consumerDetails -",
    "POST /api/payments/process-payment",
    { ...payment, consumerDetails: { lastName: "Byron" } },
    { stdin: ' {"lastName":"Byron"}\n' },
  ),
  sends(
    "payments create --amount 10.05 --orderId o-1 --idempotencyKey ci-payment/42",
    "POST /api/payments/process-payment",
    payment,
  ),
  sends("payments create --amount 10.05 --orderId 'Zoë £ 🧾'", "POST /api/payments/process-payment", {
    amount: 10.05,
    orderId: "Zoë £ 🧾",
  }),
  sends("payments create --amount 10.05 --orderId=--torn", "POST /api/payments/process-payment", {
    amount: 10.05,
    orderId: "--torn",
  }),
  {
    line: "payments create --amount 10.05 --orderId o-1 --env production",
    sends: [{ request: "POST /api/payments/process-payment", body: payment, with: "production" }],
  },
  {
    line: "--env prod payments create --amount 10.05 --orderId o-1",
    sends: [{ request: "POST /api/payments/process-payment", body: payment, with: "production" }],
  },
  {
    line: "--env=PRODUCTION payments create --amount 10.05 --orderId o-1",
    sends: [{ request: "POST /api/payments/process-payment", body: payment, with: "production" }],
  },
  sends("payments status pr_abc123", "GET /api/payments/v1/payment-status/pr_abc123?env=sandbox"),
  sends("payments status -- pr_abc123", "GET /api/payments/v1/payment-status/pr_abc123?env=sandbox"),
  sends("payments --yes status --verbose pr_abc123", "GET /api/payments/v1/payment-status/pr_abc123?env=sandbox"),
  sends("payments status pr_abc123 --poll", "GET /api/payments/v1/payment-status/pr_abc123?env=sandbox"),
  {
    line: "payments status pr_abc123 --env production",
    sends: [{ request: "GET /api/payments/v1/payment-status/pr_abc123?env=production", with: "production" }],
  },
  sends("payments cancel pr_abc123 --yes", "POST /api/payment-request/cancel/pr_abc123", undefined, {
    given: { pr_abc123: "AWAITING_AUTHORIZATION" },
  }),
  sends("--yes payments cancel pr_abc123", "POST /api/payment-request/cancel/pr_abc123", undefined, {
    given: { pr_abc123: "PAYMENT_NOT_INITIATED" },
  }),
  sends("payments transactions", "POST /api/payments/transactions?page=0&size=20", {}),
  sends("payments transactions --page 2 --size 5", "POST /api/payments/transactions?page=2&size=5", {}),
  sends(
    "payments transactions --from 2026-01-01 --to 2026-01-31 --status COMPLETED",
    "POST /api/payments/transactions?page=0&size=20",
    { fromDate: "2026-01-01", toDate: "2026-01-31", status: ["COMPLETED"] },
  ),
  sends(
    "payments transactions --status 'completed, failed' --paymentMethod card",
    "POST /api/payments/transactions?page=0&size=20",
    { status: ["COMPLETED", "FAILED"], paymentMethod: ["CARD"] },
  ),
  sends("payments transactions --status ,", "POST /api/payments/transactions?page=0&size=20", {}),
  sends(
    `payments transactions --atoaCustomerIds ${uuid},cust_123 --storeIds ${uuid} --search jane`,
    "POST /api/payments/transactions?page=0&size=20",
    { atoaCustomerIds: [uuid, "cust_123"], storeIds: [uuid], search: "jane" },
  ),
  sends("payments transactions --store-ids=a,b", "POST /api/payments/transactions?page=0&size=20", {
    storeIds: ["a", "b"],
  }),
];

const refundsAndCards: readonly Case[] = [
  sends("refunds create --paymentRequestId pr_abc123 --amount 5.00 --yes", "POST /api/refund", {
    paymentRequestId: "pr_abc123",
    amount: 5,
  }),
  sends(
    "refunds create --paymentRequestId pr_abc123 --amount 5.00 --currency GBP --notes 'duplicate charge' --yes",
    "POST /api/refund",
    { paymentRequestId: "pr_abc123", amount: 5, currency: "GBP", refundNotes: "duplicate charge" },
  ),
  sends("refunds create --payment-request-id pr_abc --amount 1 --reason -torn- --yes", "POST /api/refund", {
    paymentRequestId: "pr_abc",
    amount: 1,
    refundNotes: "-torn-",
  }),
  sends("refunds create --paymentRequestId pr_abc --amount 1.5 --idempotencyKey night/1 --yes", "POST /api/refund", {
    paymentRequestId: "pr_abc",
    amount: 1.5,
  }),
  sends("refunds list --paymentRequestId pr_abc123", "GET /api/refund/pr_abc123"),
  sends("refunds cancel rf_xyz --yes", "DELETE /api/refund/rf_xyz/cancel"),
  sends(
    "card-on-file charge --customerId cust_123 --paymentMethodId card_456 --amount 10.50 --orderId order-007",
    "POST /api/payments/card/process-payment",
    {
      customerId: "cust_123",
      paymentMethodId: "card_456",
      captureType: "AUTO_CAPTURE",
      amount: 10.5,
      orderId: "order-007",
    },
  ),
  sends(
    "card-on-file charge --customerId cust_123 --paymentMethodId card_456 --amount 10.50 --orderId order-007 --capture-type manual_capture",
    "POST /api/payments/card/process-payment",
    {
      customerId: "cust_123",
      paymentMethodId: "card_456",
      captureType: "MANUAL_CAPTURE",
      amount: 10.5,
      orderId: "order-007",
    },
  ),
  sends(
    "card-on-file charge --customerId cust_123 --paymentMethodId card_456 --amount 10.50 --orderId order-007 --no-capture",
    "POST /api/payments/card/process-payment",
    {
      customerId: "cust_123",
      paymentMethodId: "card_456",
      captureType: "MANUAL_CAPTURE",
      amount: 10.5,
      orderId: "order-007",
    },
  ),
  sends(
    "card-on-file charge --customerId cust_123 --paymentMethodId card_456 --amount 10.50 --orderId order-007 --no-capture --captureType capture_before_expiry",
    "POST /api/payments/card/process-payment",
    {
      customerId: "cust_123",
      paymentMethodId: "card_456",
      captureType: "CAPTURE_BEFORE_EXPIRY",
      amount: 10.5,
      orderId: "order-007",
    },
  ),
  sends(
    `card-on-file charge --customerId cust_123 --paymentMethodId card_456 --amount 10.50 --orderId order-007 --capture --storeId ${uuid} --notes 'June, table 4'`,
    "POST /api/payments/card/process-payment",
    {
      customerId: "cust_123",
      paymentMethodId: "card_456",
      captureType: "AUTO_CAPTURE",
      amount: 10.5,
      orderId: "order-007",
      storeId: uuid,
      notes: "June, table 4",
    },
  ),
  sends(
    "card-on-file capture pr_abc123 --yes",
    "POST /api/payments/card/payment-request/pr_abc123/capture",
    undefined,
    { given: { pr_abc123: "AUTHORIZED" } },
  ),
  sends("card-on-file cancel pr_abc123 --yes", "POST /api/payments/card/payment-request/pr_abc123/cancel", undefined, {
    given: { pr_abc123: "AUTHORIZED" },
  }),
  sends(
    "card-on-file cancel pr_abc123 --reasonCode other --reasonDescription 'stock ran out' --yes",
    "POST /api/payments/card/payment-request/pr_abc123/cancel",
    { cancelledReasonCode: "Other", cancelledReasonDescription: "stock ran out" },
    { given: { pr_abc123: "AUTHORIZED" } },
  ),
];

const customers: readonly Case[] = [
  sends("customers create --fullName 'Jane Doe' --email jane@example.com --type individual", "POST /api/customers", {
    fullName: "Jane Doe",
    email: "jane@example.com",
    type: "INDIVIDUAL",
  }),
  sends(
    "customers create --full-name 'Mill Lane Ltd' --type BUSINESS --phoneCountryCode 44 --phoneNumber 7700900123 --address '3 Mill Lane' --city Leeds --postcode 'LS1 4AP' --vatNumber GB123456789",
    "POST /api/customers",
    {
      fullName: "Mill Lane Ltd",
      type: "BUSINESS",
      phoneCountryCode: "44",
      phoneNumber: "7700900123",
      address: "3 Mill Lane",
      city: "Leeds",
      postcode: "LS1 4AP",
      vatNumber: "GB123456789",
    },
  ),
  sends("customers list", "GET /api/customers?page=0&size=20"),
  sends(
    "customers list --search 'jane & co' --page 1 --size 50",
    "GET /api/customers?page=1&size=50&search=jane %26 co",
  ),
  sends("customers get cust_123", "GET /api/customers/cust_123"),
  sends("customers update cust_123 --vatNumber GB123456789", "PUT /api/customers/cust_123", {
    vatNumber: "GB123456789",
  }),
  sends("customers update cust_123 --fullName 'Jane Dow' --city York", "PUT /api/customers/cust_123", {
    fullName: "Jane Dow",
    city: "York",
  }),
  sends("customers delete cust_123 --yes", "DELETE /api/customers/cust_123"),
  sends("payment-methods list --customer cust_123", "GET /api/customers/cust_123/cards"),
  sends("payment-methods get card_456 --customer cust_123", "GET /api/customers/cust_123/cards/card_456"),
  sends("payment-methods delete card_456 --customer cust_123 --yes", "DELETE /api/customers/cust_123/cards/card_456"),
];

const local = "http://127.0.0.1:9/hook";

const webhooks: readonly Case[] = [
  sends(`webhooks create --url ${local} --event payments_status`, "POST /api/webhook/merchant", {
    url: local,
    event: "PAYMENTS_STATUS",
  }),
  sends(
    `webhooks create --url ${local} --event REFUND_STATUS --authentication @auth.json`,
    "POST /api/webhook/merchant",
    {
      url: local,
      event: "REFUND_STATUS",
      authentication: { username: "hook", password: "not-a-real-password" },
    },
  ),
  sends(
    `webhooks create --url ${local} --event REFUND_STATUS --authentication -`,
    "POST /api/webhook/merchant",
    { url: local, event: "REFUND_STATUS", authentication: { username: "hook", password: "piped" } },
    { stdin: '{"username":"hook","password":"piped"}' },
  ),
  sends(
    `webhooks create --url ${local} --event REFUND_STATUS --authentication '{"username":"a","password":"b"}'`,
    "POST /api/webhook/merchant",
    { url: local, event: "REFUND_STATUS", authentication: { username: "a", password: "b" } },
    { stderr: "warning: inline --authentication is visible" },
  ),
  sends("webhooks list", "GET /api/webhook/merchant"),
  sends("webhooks delete wh_123 --yes", "DELETE /api/webhook/wh_123/merchant"),
  sends("webhooks trigger EXPIRED_STATUS", "POST /api/webhook/test", { eventType: "EXPIRED_STATUS" }),
  sends("webhooks trigger expired_status --orderId o-1 --amount 0", "POST /api/webhook/test", {
    eventType: "EXPIRED_STATUS",
    orderId: "o-1",
    amount: 0,
  }),
  sends(
    "webhooks trigger EXPIRED_STATUS --env production",
    "POST /api/webhook/test",
    { eventType: "EXPIRED_STATUS" },
    {
      stderr: "note: test events exist in the sandbox only; the sandbox key is used",
    },
  ),
  sends(
    "webhooks trigger PAYMENTS_STATUS --paymentMethod card --status authorized --amount 25.00",
    "POST /api/webhook/test",
    { eventType: "PAYMENTS_STATUS", paymentMethod: "CARD", status: "AUTHORIZED", amount: 25 },
    { faults: ['POST /api/webhook/test status=200 body={"message":"queued"}'] },
  ),
  sends(
    `webhooks trigger POS_PAYMENT_STATUS --type refund_status --status COMPLETED --customFields '[{"value":"CUST_001","fieldName":"Customer ID"}]'`,
    "POST /api/webhook/test",
    {
      eventType: "POS_PAYMENT_STATUS",
      type: "REFUND_STATUS",
      status: "COMPLETED",
      customFields: [{ value: "CUST_001", fieldName: "Customer ID" }],
    },
    { faults: ['POST /api/webhook/test status=200 body={"message":"queued"}'] },
  ),
];

const money: readonly Case[] = [
  sends("bank-feed initiate --redirectUrl https://example.com/bank/return", "POST /api/bank/auth/initiate", {
    redirectUrl: "https://example.com/bank/return",
  }),
  sends("bank-feed initiate --redirectUrl shop://return --callbackParams ref=42", "POST /api/bank/auth/initiate", {
    redirectUrl: "shop://return",
    callbackParams: "ref=42",
  }),
  sends("bank-feed accounts auth_999", "GET /api/bank/auth_999/accounts"),
  sends("bank-feed account acct_111", "GET /api/bank/accounts/acct_111"),
  sends("bank-feed balance acct_111", "GET /api/bank/accounts/acct_111/balance"),
  sends(
    "bank-feed transactions acct_111 --from 2026-01-01 --before 2026-02-01",
    "GET /api/bank/accounts/acct_111/transactions?page=0&itemsPerPage=20&from=2026-01-01&before=2026-02-01",
  ),
  sends(
    "bank-feed transactions acct_111 --from 2026-01-01 --before 2026-02-01 --page 1 --items-per-page 3",
    "GET /api/bank/accounts/acct_111/transactions?page=1&itemsPerPage=3&from=2026-01-01&before=2026-02-01",
  ),
  sends("bank-feed revoke --accountAuthId auth_999 --yes", "POST /api/bank/auth/revoke", { accountAuthId: "auth_999" }),
  sends("bank-feed revoke --yes", "POST /api/bank/auth/revoke"),
  sends("stores list", "GET /api/payments/stores"),
  sends("institutions list", "GET /api/institutions"),
  sends("payouts list", "GET /api/payouts?page=0&limit=20"),
  sends(
    "payouts list --page 0 --limit 5 --fromDate 2026-01-01 --toDate 2026-12-31 --orderBy createdAt --status COMPLETED --search APY",
    "GET /api/payouts?page=0&limit=5&fromDate=2026-01-01&toDate=2026-12-31&orderBy=createdAt&status=COMPLETED&search=APY",
  ),
  sends("payouts list --status whatever", "GET /api/payouts?page=0&limit=20&status=whatever"),
  sends("payouts transactions po_555", "GET /api/payouts/po_555/transactions?page=0&limit=20"),
  sends("payouts transactions po_555 --page 0 --limit 2", "GET /api/payouts/po_555/transactions?page=0&limit=2"),
];

const rest: readonly Case[] = [
  sends("whoami", "GET /api/cli/identity", undefined, { stdout: { context: { profile: { value: "acme" } } } }),
  {
    line: "whoami --env production",
    sends: [{ request: "GET /api/cli/identity", with: "production" }],
    stdout: { key: { env: "PRODUCTION" } },
  },
  sends("--profile acme whoami", "GET /api/cli/identity"),
  sends("whoami --profile=acme --env sandbox", "GET /api/cli/identity"),
  sends("get /api/payments/stores", "GET /api/payments/stores"),
  sends("get /api/customers -d page=0 -d size=20", "GET /api/customers?page=0&size=20"),
  sends("get /api/customers --data page=0 -dsize=5", "GET /api/customers?page=0&size=5"),
  sends("get /api/customers/:id -d id=cust_123", "GET /api/customers/cust_123"),
  sends("get '/api/customers?page=1&size=2'", "GET /api/customers?page=1&size=2"),
  sends("get /api/customers -d 'search=a=b&c'", "GET /api/customers?search=a%3Db%26c"),
  sends("get -- /api/payments/stores", "GET /api/payments/stores"),
  sends("post /api/customers --data @body.json", "POST /api/customers", {
    fullName: "Mill Lane Ltd",
    email: "mill@example.com",
  }),
  sends("post /api/customers --data @bom.json", "POST /api/customers", {
    fullName: "Mill Lane Ltd",
    email: "mill@example.com",
  }),
  sends(
    "post /api/customers --data -",
    "POST /api/customers",
    { fullName: "Piped Ltd", email: "piped@example.com" },
    { stdin: '{"fullName":"Piped Ltd","email":"piped@example.com"}' },
  ),
  sends("post /api/refund -d paymentRequestId=pr_abc123 -d amount=1.50 --idempotencyKey ci-42", "POST /api/refund", {
    paymentRequestId: "pr_abc123",
    amount: 1.5,
  }),
  sends(
    "post /api/x/:id/y -d id=a/b -d n=-1.5 -d t=true -d f=false -d z=null -d s=007 -d e=1e3 -d empty=",
    "POST /api/x/a%2Fb/y",
    { n: -1.5, t: true, f: false, z: null, s: "007", e: "1e3", empty: "" },
    { faults: ['POST /api/x/** status=200 body={"ok":true}'], stdout: { ok: true } },
  ),
  sends("delete /api/customers/cust_123 --yes", "DELETE /api/customers/cust_123"),
  sends("keys revoke sda_other --yes", "DELETE /api/cli/api-access/sda_other", undefined, {
    faults: ["DELETE /api/cli/api-access/* status=204 body="],
  }),
  sends("keys regenerate sda_other --yes", "POST /api/cli/api-access/sda_other/regenerate", undefined, {
    faults: ['POST /api/cli/api-access/*/regenerate status=200 body={"apiSecret":"brand-new"}'],
    stdout: "brand-new",
  }),
  sends("customers get a/b?c#d%e", "GET /api/customers/a%2Fb%3Fc%23d%25e", undefined, {
    faults: ['GET /api/customers/* status=200 body={"id":"odd"}'],
  }),
];

export const requests: readonly Case[] = [
  ...payments,
  ...refundsAndCards,
  ...customers,
  ...webhooks,
  ...money,
  ...rest,
];
