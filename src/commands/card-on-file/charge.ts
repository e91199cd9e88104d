import { Flags } from "@oclif/core";
import { operations } from "../../api/operations";
import { captureTypes } from "../../api/values";
import { idempotencyKeyFlag, text } from "../../cli/flags";
import { ResourceCommand } from "../../cli/resource-command";
import { usageError } from "../../errors";
import { formatMoney } from "../../text";

export default class CardOnFileCharge extends ResourceCommand {
  static override summary = "Charge a saved card without the customer present";
  static override description =
    "The first response is always PENDING. Follow up with `payments status`, or listen for the PAYMENTS_STATUS webhook.";
  static override examples = [
    "<%= config.bin %> card-on-file charge --customerId cust_123 --paymentMethodId card_456 --amount 10.50 --orderId order-007",
    "<%= config.bin %> card-on-file charge --customerId cust_123 --paymentMethodId card_456 --amount 10.50 --orderId order-007 --captureType MANUAL_CAPTURE",
  ];

  static override flags = {
    customerId: text({ summary: "Customer to charge.", required: true }),
    paymentMethodId: text({ summary: "Saved card, from `payment-methods list`.", required: true }),
    amount: text({ summary: "Amount in pounds, at least 1.00.", helpValue: "<pounds>", required: true }),
    orderId: text({ summary: "Your own reference, 1 to 50 characters.", required: true }),
    captureType: text({
      summary: "When to capture the money; default: AUTO_CAPTURE (at once).",
      values: captureTypes,
    }),
    capture: Flags.boolean({ summary: "AUTO_CAPTURE; --no-capture: MANUAL_CAPTURE.", allowNo: true }),
    storeId: text({ summary: "Store; default: the primary store." }),
    notes: text({ summary: "Note, at most 30 characters." }),
    ...idempotencyKeyFlag,
  };

  async run(): Promise<void> {
    const { flags, input } = await this.read(CardOnFileCharge);
    const { amount, paymentMethodId, customerId, capture, idempotencyKey } = flags;
    const captureType = chosenCapture(input.captureType, capture);
    const confirmInProduction = `Charge ${formatMoney(Number(amount))} to card ${paymentMethodId} of customer ${customerId}`;
    await this.call(operations.cardOnFile.charge, { ...input, captureType }, { idempotencyKey, confirmInProduction });
  }
}

/** @param named as typed; the schema says whether it is one of the three */
function chosenCapture(named: string | undefined, capture: boolean | undefined): string {
  const short = capture === undefined ? undefined : capture ? "AUTO_CAPTURE" : "MANUAL_CAPTURE";
  const agree =
    short === undefined || named === undefined || (short === "AUTO_CAPTURE") === /^auto_capture$/i.test(named);
  if (agree) return named ?? short ?? "AUTO_CAPTURE";
  throw usageError(
    `--${capture ? "" : "no-"}capture and --captureType ${named} contradict each other`,
    "use one of the two",
    "--captureType",
  );
}
