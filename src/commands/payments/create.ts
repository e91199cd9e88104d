import { Flags } from "@oclif/core";
import { operations } from "../../api/operations";
import { paymentMethodKinds, qrTemplates } from "../../api/values";
import { idempotencyKeyFlag, json, text, toggle } from "../../cli/flags";
import { payOnPage } from "../../cli/payment-page";
import { ResourceCommand } from "../../cli/resource-command";

export default class PaymentsCreate extends ResourceCommand {
  static override summary = "Create a payment request and get the URL where your customer pays";
  static override examples = [
    "<%= config.bin %> payments create --amount 25.00 --orderId order-001 --customerId cust_123 --redirectUrl https://shop.example.com/return",
    "<%= config.bin %> payments create --amount 10.05 --orderId order-002 --paymentMethod CARD --dryRun",
    "<%= config.bin %> payments create --amount 4.50 --orderId till-17 --qr --wait",
  ];

  static override flags = {
    amount: text({ summary: "Amount in pounds, at least 1.00.", helpValue: "<pounds>", required: true }),
    orderId: text({ summary: "Your own reference for the order.", required: true }),
    redirectUrl: text({ summary: "Where to send the customer afterwards." }),
    customerId: text({ summary: "Your own reference for the customer." }),
    storeId: text({ summary: "Store the payment belongs to; default: the primary store." }),
    paymentMethod: text({
      summary: "Payment methods to offer, separated by commas.",
      values: paymentMethodKinds,
      list: true,
    }),
    savePaymentMethod: toggle({ summary: "Save the card for later charges; needs --atoaCustomerId." }),
    atoaCustomerId: text({ summary: "Customer (from `customers create`) to save the card under." }),
    autoRedirect: toggle({ summary: "Go straight to the bank's app." }),
    consumerDetails: json({ summary: "Customer details: email, firstName, phoneNumber, …" }),
    callbackParams: json({ summary: "Parameters added to the redirect URL." }),
    expiresIn: text({
      summary: "Lifetime in milliseconds; server default: 180000.",
      helpValue: "<ms>",
    }),
    notes: text({ summary: "Note stored with the payment." }),
    enableTips: toggle({ summary: "Let the customer add a tip." }),
    allowRetry: toggle({ summary: "Let the customer try again after a failure." }),
    splitBill: toggle({ summary: "Let several people split the bill." }),
    template: text({ summary: "Also create a printable QR template.", values: qrTemplates }),
    qr: Flags.boolean({ summary: "Show the payment page as a QR code in the terminal." }),
    open: Flags.boolean({ summary: "Open the payment page in the browser." }),
    wait: Flags.boolean({ summary: "Wait for the outcome and print it." }),
    ...idempotencyKeyFlag,
  };

  async run(): Promise<void> {
    const { flags, input } = await this.read(PaymentsCreate);
    const session = this.session();
    const sendWith = flags.qr || flags.open || flags.wait ? payOnPage(session, flags) : undefined;
    await session.call(operations.payments.create, input, { idempotencyKey: flags.idempotencyKey, sendWith });
  }
}
