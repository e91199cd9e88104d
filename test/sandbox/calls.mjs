// @ts-check
/**
 * What `npm run compare:sandbox` asks both sides, in this order. Harmless: it reads, asks for payments of £1 and £2 that nobody pays
 * and cancels them, and asks for what must be refused.
 */

/**
 * `params` fill the path; PAYMENT stands for the payment that this side made first. `as`: whose token is sent.
 * @typedef {{ does: string, operation: string, params?: Record<string, string>, query?: string, body?: unknown, key?: string,
 *   as?: "nobody" | "stranger" }} Call
 */

const nobody = "7c9e6679-7425-40de-944b-e07fc1f90ae7";
const order = { amount: 1, orderId: "compare-sandbox" };

/** @param {string} run tells the keys of one run from those of the last @returns {Call[]} */
export function callsOf(run) {
  const key = `compare-sandbox/${run}`;
  const create = "createPaymentRequest";
  const status = { operation: "getPaymentStatus", params: { id: "PAYMENT" } };
  return [
    { does: "lists stores", operation: "listStores" },
    { does: "lists banks", operation: "listInstitutions" },
    { does: "lists customers", operation: "listCustomers", query: "page=0&size=2" },
    { does: "lists transactions", operation: "listTransactions", query: "page=0&size=2", body: {} },
    { does: "lists payouts", operation: "listPayouts", query: "page=0&limit=2" },
    { does: "lists webhooks", operation: "listWebhooks" },
    { does: "lists webhook endpoints", operation: "listWebhookEndpoints" },
    { does: "asks for a page that is too large", operation: "listCustomers", query: "page=0&size=1000000" },
    { does: "asks for a page before the first", operation: "listCustomers", query: "page=-1&size=2" },

    { does: "creates a payment request", operation: create, body: order, key },
    { does: "repeats it with its key", operation: create, body: order, key },
    { does: "changes it under its key", operation: create, body: { ...order, amount: 2 }, key },
    { does: "reads its status", ...status },
    { does: "reads its status in production", ...status, query: "env=production" },
    { does: "lists its refunds", operation: "listRefunds", params: { paymentRequestId: "PAYMENT" } },
    { does: "refunds it, unpaid", operation: "createRefund", body: { paymentRequestId: "PAYMENT", amount: 1 } },
    { does: "cancels it", operation: "cancelPaymentRequest", params: { id: "PAYMENT" } },
    { does: "reads its status, cancelled", ...status },
    { does: "cancels it again", operation: "cancelPaymentRequest", params: { id: "PAYMENT" } },

    { does: "sends no amount", operation: create, body: { orderId: order.orderId } },
    { does: "sends no order", operation: create, body: { amount: 1 } },
    { does: "sends text as amount", operation: create, body: { ...order, amount: "much" } },
    { does: "sends zero as amount", operation: create, body: { ...order, amount: 0 } },
    { does: "sends a negative amount", operation: create, body: { ...order, amount: -1 } },
    { does: "sends an empty body", operation: create, body: {} },
    { does: "sends a list as body", operation: create, body: [] },

    { does: "reads the status of no id", operation: "getPaymentStatus", params: { id: "nobody" } },
    { does: "reads the status of nobody's id", operation: "getPaymentStatus", params: { id: nobody } },
    { does: "cancels nobody's payment", operation: "cancelPaymentRequest", params: { id: nobody } },
    { does: "refunds nobody's payment", operation: "createRefund", body: { paymentRequestId: nobody, amount: 1 } },
    { does: "reads nobody's customer", operation: "getCustomer", params: { id: nobody } },
    { does: "lists nobody's cards", operation: "listPaymentMethods", params: { id: nobody } },
    { does: "lists nobody's payout", operation: "listPayoutTransactions", params: { id: nobody } },
    { does: "lists nobody's bank accounts", operation: "listBankAccounts", params: { accountAuthId: nobody } },
    { does: "sends no token", operation: "listStores", as: "nobody" },
    { does: "sends a token that nobody has", operation: "listStores", as: "stranger" },
  ];
}
