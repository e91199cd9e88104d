/**
 * The commands of the contract as data: arguments, flags and the one operation of the API that each calls.
 *
 * Arguments: <required> or [optional]. Flags: `*` required, `±` also as --no-x. Short for several: G the globals,
 * key --idempotencyKey, pages --pageAll, admin --yes and --dryRun, customer the fields of a customer.
 * asks: confirms before it acts.
 */
export interface Promised {
  readonly args?: string;
  readonly flags: string;
  readonly operation?: string;
  readonly asks?: true;
}

const customer = "email type phoneCountryCode phoneNumber address city postcode vatNumber";
const asks = true;

export const shorthand: Readonly<Record<string, string>> = {
  G: "env output verbose dryRun yes profile columns query out errors",
  key: "idempotencyKey",
  pages: "pageAll",
  admin: "yes dryRun",
  customer,
};

export const contract: Readonly<Record<string, Promised>> = {
  login: { flags: "env profile stdin" },
  logout: { flags: "env profile revoke admin", asks },
  reset: { flags: "revoke admin", asks },
  whoami: { flags: "G", operation: "getCliIdentity" },
  "profile list": { flags: "output" },
  "profile show": { args: "[name]", flags: "output" },
  "profile use": { args: "<name>", flags: "dryRun" },
  "profile set": { args: "<setting>", flags: "profile admin", asks },
  "profile rename": { args: "<old> <new>", flags: "admin", asks },
  "profile delete": { args: "<name>", flags: "admin", asks },
  "keys revoke": { args: "[sdkAccessId]", flags: "G", operation: "revokeApiAccess", asks },
  "keys regenerate": { args: "[sdkAccessId]", flags: "G", operation: "regenerateApiAccess", asks },
  "payments create": {
    flags:
      "G key amount* orderId* redirectUrl customerId storeId paymentMethod savePaymentMethod± atoaCustomerId autoRedirect± consumerDetails callbackParams expiresIn notes enableTips± allowRetry± splitBill± template qr open wait",
    operation: "createPaymentRequest",
  },
  "payments status": { args: "<id>", flags: "G poll until timeout", operation: "getPaymentStatus" },
  "payments cancel": { args: "<id>", flags: "G", operation: "cancelPaymentRequest", asks },
  "payments transactions": {
    flags: "G pages page size from to status paymentMethod atoaCustomerIds storeIds search",
    operation: "listTransactions",
  },
  "customers create": { flags: "G fullName* customer", operation: "createCustomer" },
  "customers list": { flags: "G pages page size search", operation: "listCustomers" },
  "customers get": { args: "<id>", flags: "G", operation: "getCustomer" },
  "customers update": { args: "<id>", flags: "G fullName customer", operation: "updateCustomer" },
  "customers delete": { args: "<id>", flags: "G", operation: "deleteCustomer", asks },
  "payment-methods list": { flags: "G customer*", operation: "listPaymentMethods" },
  "payment-methods get": { args: "<id>", flags: "G customer*", operation: "getPaymentMethod" },
  "payment-methods delete": { args: "<id>", flags: "G customer*", operation: "deletePaymentMethod", asks },
  "card-on-file charge": {
    flags: "G key customerId* paymentMethodId* amount* orderId* captureType capture± storeId notes",
    operation: "chargeSavedCard",
  },
  "card-on-file capture": { args: "<id>", flags: "G", operation: "captureCardPayment", asks },
  "card-on-file cancel": {
    args: "<id>",
    flags: "G reasonCode reasonDescription",
    operation: "cancelCardPayment",
    asks,
  },
  "refunds create": { flags: "G key paymentRequestId* amount* currency notes", operation: "createRefund", asks },
  "refunds list": { flags: "G paymentRequestId*", operation: "listRefunds" },
  "refunds cancel": { args: "<refundId>", flags: "G", operation: "cancelRefund", asks },
  "webhooks create": { flags: "G url* event* authentication", operation: "createWebhook" },
  "webhooks list": { flags: "G", operation: "listWebhooks" },
  "webhooks delete": { args: "<id>", flags: "G", operation: "deleteWebhook", asks },
  "webhooks verify": { flags: "G body signature delivery orderId computed secret confirm" },
  "webhooks listen": { flags: "G forward event port publicUrl count timeout onlyGenuine journal" },
  "webhooks replay": { args: "[id]", flags: "G last since body signature to times shuffle journal anywhere" },
  "webhooks secret": { flags: "G stdin" },
  "webhooks check": { flags: "G to* scheme secret orderId only anywhere" },
  "webhooks trigger": {
    args: "<event>",
    flags: "G orderId amount paymentMethod status type customFields to set scheme secret print anywhere",
    operation: "triggerTestWebhook",
  },
  "bank-feed initiate": { flags: "G redirectUrl* callbackParams", operation: "initiateBankAuth" },
  "bank-feed accounts": { args: "<accountAuthId>", flags: "G", operation: "listBankAccounts" },
  "bank-feed account": { args: "<accountId>", flags: "G", operation: "getBankAccount" },
  "bank-feed balance": { args: "<accountId>", flags: "G", operation: "getBankBalance" },
  "bank-feed transactions": {
    args: "<accountId>",
    flags: "G pages from* before to page itemsPerPage",
    operation: "listBankTransactions",
  },
  "bank-feed revoke": { flags: "G accountAuthId", operation: "revokeBankAuth", asks },
  "stores list": { flags: "G", operation: "listStores" },
  "institutions list": { flags: "G", operation: "listInstitutions" },
  "payouts list": { flags: "G pages page limit fromDate toDate orderBy status search", operation: "listPayouts" },
  "payouts reconcile": { args: "[payoutId]", flags: "G from to" },
  "payouts transactions": { args: "<payoutId>", flags: "G pages page limit", operation: "listPayoutTransactions" },
  get: { args: "<path>", flags: "G pages data" },
  post: { args: "<path>", flags: "G key field data" },
  delete: { args: "<path>", flags: "G", asks },
  completion: { args: "[shell]", flags: "install uninstall admin" },
  "emulator start": {
    flags:
      "port host dataFile seed fault webhook signingSecret fixtures clock freeze ids strict allowHost controlToken exitWithParent quiet output",
  },
  "emulator approve": { args: "<id>", flags: "url settle" },
  "emulator decline": { args: "<id>", flags: "url reason" },
  "emulator cancel": { args: "<id>", flags: "url" },
  "emulator advance": { args: "<time>", flags: "url" },
  "emulator deliveries": { flags: "url watch" },
  "emulator resend": { args: "<id>", flags: "url" },
  "emulator reset": { flags: "url merchantId" },
  "emulator fault add": { args: "<fault>", flags: "url" },
  "emulator fault list": { flags: "url" },
  "emulator fault clear": { flags: "url" },
  "emulator exec": { flags: "dataFile seed fault operations" },
};
