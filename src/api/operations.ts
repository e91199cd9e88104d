/**
 * Every operation of the Atoa API as data: the one table from which the typed client, the dry run and the tests are
 * made. A test checks that it and spec/atoa-openapi.yaml match one to one.
 *
 * The input of an operation is ONE flat object. Fields named in {braces} go into the path, those listed in `query`
 * into the query string, and all others into the JSON body. No field name occurs twice in any operation.
 */
import type * as z from "zod/mini";
import type { Calendar } from "../dates";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** The query fields that page through a list. Pages count from 0. */
interface Paging {
  page: "page";
  size: "size" | "limit" | "itemsPerPage";
}

/** Schema of an operation's input; `Fields` is what a caller writes. */
type InputSchema<Fields> = z.ZodMiniType<unknown, Fields>;

export interface Operation<Fields = unknown> {
  /** operationId of the OpenAPI file. */
  readonly id: string;
  readonly method: Method;
  /** Path below the origin, with {braces} around input fields. */
  readonly path: string;
  /** Input fields that go into the query string. */
  readonly query: readonly string[];
  /**
   * Loads the schema of the input, and the validation library with it; left out where there is no input.
   * @param calendar what "today" means to its dates
   */
  readonly input?: (calendar: Calendar) => Promise<InputSchema<Fields>>;
  /** "always" sends {} when there is no body field, "present" sends a body only when there is one. */
  readonly body: "none" | "present" | "always";
  /** Set for lists that can be walked page by page. */
  readonly paging?: Paging;
  /** True where the command has --idempotencyKey. The header itself is sent with every POST, PUT and PATCH. */
  readonly idempotencyFlag: boolean;
  /** False for a POST that only reads: nothing can "have happened" when its response is lost. */
  readonly writes: boolean;
}

export interface PagedOperation<Fields = unknown> extends Operation<Fields> {
  readonly paging: Paging;
}

type Facts<Fields> = Partial<Omit<Operation<Fields>, "id" | "method" | "path">>;

function operation<Fields = Record<string, never>>(
  id: string,
  method: Method,
  path: string,
  facts: Facts<Fields> = {},
): Operation<Fields> {
  return {
    id,
    method,
    path,
    query: [],
    body: "none",
    idempotencyFlag: false,
    writes: method !== "GET",
    ...facts,
  };
}

function list<Fields>(
  id: string,
  method: Method,
  path: string,
  size: Paging["size"],
  facts: Facts<Fields>,
): PagedOperation<Fields> {
  const paging = { page: "page", size } as const;
  const query = [paging.page, size, ...(facts.query ?? [])];
  return { ...operation(id, method, path, facts), query, writes: false, paging };
}

const payments = () => import("./schemas/payments");
const refunds = () => import("./schemas/refunds");
const customers = () => import("./schemas/customers");
const paymentMethods = () => import("./schemas/payment-methods");
const cardOnFile = () => import("./schemas/card-on-file");
const webhooks = () => import("./schemas/webhooks");
const bankFeed = () => import("./schemas/bank-feed");
const payouts = () => import("./schemas/payouts");
const keys = () => import("./schemas/keys");

export const operations = {
  payments: {
    create: operation("createPaymentRequest", "POST", "/api/payments/process-payment", {
      input: async () => (await payments()).create,
      body: "always",
      idempotencyFlag: true,
    }),
    status: operation("getPaymentStatus", "GET", "/api/payments/v1/payment-status/{id}", {
      input: async () => (await payments()).status,
      query: ["env"],
    }),
    cancel: operation("cancelPaymentRequest", "POST", "/api/payment-request/cancel/{id}", {
      input: async () => (await payments()).cancel,
    }),
    transactions: list("listTransactions", "POST", "/api/payments/transactions", "size", {
      input: async (calendar) => (await payments()).transactions(calendar),
      body: "always",
    }),
  },
  refunds: {
    create: operation("createRefund", "POST", "/api/refund", {
      input: async () => (await refunds()).create,
      body: "always",
      idempotencyFlag: true,
    }),
    list: operation("listRefunds", "GET", "/api/refund/{paymentRequestId}", {
      input: async () => (await refunds()).list,
    }),
    cancel: operation("cancelRefund", "DELETE", "/api/refund/{refundId}/cancel", {
      input: async () => (await refunds()).cancel,
    }),
  },
  customers: {
    create: operation("createCustomer", "POST", "/api/customers", {
      input: async () => (await customers()).create,
      body: "always",
    }),
    list: list("listCustomers", "GET", "/api/customers", "size", {
      input: async () => (await customers()).list,
      query: ["search"],
    }),
    get: operation("getCustomer", "GET", "/api/customers/{id}", { input: async () => (await customers()).get }),
    update: operation("updateCustomer", "PUT", "/api/customers/{id}", {
      input: async () => (await customers()).update,
      body: "always",
    }),
    delete: operation("deleteCustomer", "DELETE", "/api/customers/{id}", {
      input: async () => (await customers()).get,
    }),
  },
  paymentMethods: {
    list: operation("listPaymentMethods", "GET", "/api/customers/{id}/cards", {
      input: async () => (await paymentMethods()).list,
    }),
    get: operation("getPaymentMethod", "GET", "/api/customers/{id}/cards/{cardId}", {
      input: async () => (await paymentMethods()).get,
    }),
    delete: operation("deletePaymentMethod", "DELETE", "/api/customers/{id}/cards/{cardId}", {
      input: async () => (await paymentMethods()).get,
    }),
  },
  cardOnFile: {
    charge: operation("chargeSavedCard", "POST", "/api/payments/card/process-payment", {
      input: async () => (await cardOnFile()).charge,
      body: "always",
      idempotencyFlag: true,
    }),
    capture: operation("captureCardPayment", "POST", "/api/payments/card/payment-request/{id}/capture", {
      input: async () => (await cardOnFile()).capture,
    }),
    cancel: operation("cancelCardPayment", "POST", "/api/payments/card/payment-request/{id}/cancel", {
      input: async () => (await cardOnFile()).cancel,
      body: "present",
    }),
  },
  webhooks: {
    create: operation("createWebhook", "POST", "/api/webhook/merchant", {
      input: async () => (await webhooks()).create,
      body: "always",
    }),
    list: operation("listWebhooks", "GET", "/api/webhook/merchant"),
    delete: operation("deleteWebhook", "DELETE", "/api/webhook/{webhookId}/merchant", {
      input: async () => (await webhooks()).remove,
    }),
    trigger: operation("triggerTestWebhook", "POST", "/api/webhook/test", {
      input: async () => (await webhooks()).trigger,
      body: "always",
    }),
  },
  bankFeed: {
    initiate: operation("initiateBankAuth", "POST", "/api/bank/auth/initiate", {
      input: async () => (await bankFeed()).initiate,
      body: "always",
    }),
    accounts: operation("listBankAccounts", "GET", "/api/bank/{accountAuthId}/accounts", {
      input: async () => (await bankFeed()).accounts,
    }),
    account: operation("getBankAccount", "GET", "/api/bank/accounts/{id}", {
      input: async () => (await bankFeed()).account,
    }),
    balance: operation("getBankBalance", "GET", "/api/bank/accounts/{id}/balance", {
      input: async () => (await bankFeed()).account,
    }),
    transactions: list("listBankTransactions", "GET", "/api/bank/accounts/{id}/transactions", "itemsPerPage", {
      input: async (calendar) => (await bankFeed()).transactions(calendar),
      query: ["from", "before"],
    }),
    revoke: operation("revokeBankAuth", "POST", "/api/bank/auth/revoke", {
      input: async () => (await bankFeed()).revoke,
      body: "present",
    }),
  },
  stores: {
    list: operation("listStores", "GET", "/api/payments/stores"),
  },
  institutions: {
    list: operation("listInstitutions", "GET", "/api/institutions"),
  },
  payouts: {
    list: list("listPayouts", "GET", "/api/payouts", "limit", {
      input: async (calendar) => (await payouts()).list(calendar),
      query: ["fromDate", "toDate", "orderBy", "status", "search"],
    }),
    transactions: list("listPayoutTransactions", "GET", "/api/payouts/{id}/transactions", "limit", {
      input: async () => (await payouts()).transactions,
    }),
  },
  keys: {
    revoke: operation("revokeApiAccess", "DELETE", "/api/cli/api-access/{sdkAccessId}", {
      input: async () => (await keys()).key,
    }),
    regenerate: operation("regenerateApiAccess", "POST", "/api/cli/api-access/{sdkAccessId}/regenerate", {
      input: async () => (await keys()).key,
    }),
  },
  identity: {
    get: operation("getCliIdentity", "GET", "/api/cli/identity"),
  },
};

/** Every operation of the table in one list. */
export function allOperations(): Operation[] {
  return Object.values(operations).flatMap((resource) => Object.values<Operation>(resource));
}
