import { Flags } from "@oclif/core";
import { operations } from "../../api/operations";
import { qrTemplates } from "../../api/values";
import { idempotencyKeyFlag, jsonObject, nonEmpty, paymentMethods, pounds, wholeNumber } from "../../cli/flags";
import { ResourceCommand } from "../../cli/resource-command";

export default class PaymentsCreate extends ResourceCommand {
  static override summary = "Create a payment request: a hosted page where the payer finishes";
  static override examples = [
    "<%= config.bin %> payments create --amount 25.00 --orderId order-001 --customerId cust_123 --redirectUrl https://shop.example.com/return",
    "<%= config.bin %> payments create --amount 10.05 --orderId order-002 --paymentMethod CARD --dryRun",
  ];

  static override flags = {
    amount: pounds({ summary: "Amount in pounds, at least 1.00.", min: 1 })({ required: true }),
    orderId: Flags.string({ summary: "Your own reference of the order.", required: true }),
    redirectUrl: Flags.string({ summary: "Where the payer lands afterwards." }),
    customerId: Flags.string({ summary: "Your own reference of the payer." }),
    storeId: Flags.string({ summary: "Store to book the payment under; default: the primary one." }),
    paymentMethod: paymentMethods({ summary: "Ways to pay that are offered, separated by commas." }),
    savePaymentMethod: Flags.boolean({
      summary: "Save the card for later charges; needs --atoaCustomerId.",
      allowNo: true,
    }),
    atoaCustomerId: Flags.string({ summary: "Customer (from `customers create`) to save the card under." }),
    autoRedirect: Flags.boolean({ summary: "Go straight to the bank's app.", allowNo: true }),
    consumerDetails: jsonObject({ summary: "What is known of the payer: email, firstName, phoneNumber, …" }),
    callbackParams: jsonObject({ summary: "Parameters added to the redirect URL." }),
    expiresIn: wholeNumber({
      summary: "Lifetime in milliseconds; the server's default is 180000.",
      min: 1,
      helpValue: "<ms>",
    }),
    notes: Flags.string({ summary: "Text kept with the payment." }),
    enableTips: Flags.boolean({ summary: "Let the payer add a tip.", allowNo: true }),
    allowRetry: Flags.boolean({ summary: "Let the payer try again after a failure.", allowNo: true }),
    splitBill: Flags.boolean({ summary: "Let several payers share the bill.", allowNo: true }),
    template: Flags.option({ options: qrTemplates })({ summary: "Also make a printable QR template." }),
    ...idempotencyKeyFlag,
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(PaymentsCreate);
    const { amount, orderId, redirectUrl, customerId, storeId, savePaymentMethod, atoaCustomerId, autoRedirect } =
      flags;
    const { consumerDetails, callbackParams, expiresIn, notes, enableTips, allowRetry, splitBill, template } = flags;
    const payment = {
      ...{ amount, orderId, redirectUrl, customerId, storeId, paymentMethod: nonEmpty(flags.paymentMethod) },
      ...{ savePaymentMethod, atoaCustomerId, autoRedirect, consumerDetails, callbackParams, expiresIn },
      ...{ notes, enableTips, allowRetry, splitBill, template },
    };
    await this.call(operations.payments.create, payment, { idempotencyKey: flags.idempotencyKey });
  }
}
