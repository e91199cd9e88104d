import { Flags } from "@oclif/core";
import { operations } from "../../api/operations";
import { captureTypes } from "../../api/values";
import { idempotencyKeyFlag, pounds } from "../../cli/flags";
import { ResourceCommand } from "../../cli/resource-command";
import { usageError } from "../../errors";
import { sum } from "../../terminal/columns";

type CaptureType = (typeof captureTypes)[number];

export default class CardOnFileCharge extends ResourceCommand {
  static override summary = "Charge a saved card without the customer present";
  static override description =
    "The first answer is always PENDING. Follow it with `payments status`, or listen to the PAYMENTS_STATUS webhook.";
  static override examples = [
    "<%= config.bin %> card-on-file charge --customerId cust_123 --paymentMethodId card_456 --amount 10.50 --orderId order-007",
    "<%= config.bin %> card-on-file charge --customerId cust_123 --paymentMethodId card_456 --amount 10.50 --orderId order-007 --captureType MANUAL_CAPTURE",
  ];

  static override flags = {
    customerId: Flags.string({ summary: "Customer to charge.", required: true }),
    paymentMethodId: Flags.string({ summary: "Saved card, from `payment-methods list`.", required: true }),
    amount: pounds({ summary: "Amount in pounds, at least 1.00.", min: 1 })({ required: true }),
    orderId: Flags.string({ summary: "Your own reference, 1 to 50 characters.", required: true }),
    captureType: Flags.option({ options: captureTypes })({
      summary: "When the money is taken; default: AUTO_CAPTURE, at once.",
    }),
    capture: Flags.boolean({ summary: "AUTO_CAPTURE; --no-capture: MANUAL_CAPTURE.", allowNo: true }),
    storeId: Flags.string({ summary: "Store; default: the primary one." }),
    notes: Flags.string({ summary: "Short text, at most 30 characters." }),
    ...idempotencyKeyFlag,
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(CardOnFileCharge);
    const { customerId, paymentMethodId, amount, orderId, notes, storeId, idempotencyKey } = flags;
    const captureType = chosenCapture(flags.captureType, flags.capture);
    const charge = { customerId, paymentMethodId, captureType, amount, orderId, notes, storeId };
    const confirmInProduction = `Charge ${sum(amount)} to card ${paymentMethodId} of customer ${customerId}`;
    await this.call(operations.cardOnFile.charge, charge, { idempotencyKey, confirmInProduction });
  }
}

function chosenCapture(named: CaptureType | undefined, capture: boolean | undefined): CaptureType {
  const short = capture === undefined ? undefined : capture ? "AUTO_CAPTURE" : "MANUAL_CAPTURE";
  const agree = short === undefined || named === undefined || (short === "AUTO_CAPTURE") === (named === "AUTO_CAPTURE");
  if (agree) return named ?? short ?? "AUTO_CAPTURE";
  throw usageError(
    `--${capture ? "" : "no-"}capture and --captureType ${named} contradict each other`,
    "give one of the two",
  );
}
