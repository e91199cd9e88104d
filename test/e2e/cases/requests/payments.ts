import { type Case, sends } from "../case";

/** Good lines: payments create, status, cancel and transactions. */
const payment = { amount: 10.05, orderId: "o-1" };
const uuid = "3b241101-e2bb-4255-8caf-4136c566a962";

export const payments: readonly Case[] = [
  sends("payments create --amount 10.05 --orderId o-1", "POST /api/payments/process-payment", payment),
  sends("payment create --amount=10.05 --orderId=o-1 -o JSON", "POST /api/payments/process-payment", payment),
  sends("payments get pr_abc123", "GET /api/payments/v1/payment-status/pr_abc123?env=sandbox"),
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
  sends(
    "payments status pr_abc123 --until failed,completed",
    "GET /api/payments/v1/payment-status/pr_abc123?env=sandbox",
  ),
  sends("payments status pr_abc123 --timeout 30s", "GET /api/payments/v1/payment-status/pr_abc123?env=sandbox"),
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
  sends("payments transactions --limit 5", "POST /api/payments/transactions?page=0&size=5", {}),
  sends("payments transactions --status Completed", "POST /api/payments/transactions?page=0&size=20", {
    status: ["COMPLETED"],
  }),
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
