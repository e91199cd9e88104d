import { operations } from "../../api/operations";
import { idempotencyKeyFlag, text } from "../../cli/flags";
import { ResourceCommand } from "../../cli/resource-command";
import { formatMoney } from "../../text";

export default class RefundsCreate extends ResourceCommand {
  static override summary = "Refund a completed payment, in full or in part";
  static override examples = [
    '<%= config.bin %> refunds create --paymentRequestId pr_abc123 --amount 5.00 --notes "duplicate charge" --yes',
    "<%= config.bin %> refunds create --paymentRequestId pr_abc123 --amount 5.00 --idempotencyKey refund-42 --yes",
  ];

  static override flags = {
    paymentRequestId: text({ summary: "Payment to refund.", required: true }),
    amount: text({
      summary: "Amount in pounds: at least 1.00, at most the amount paid.",
      helpValue: "<pounds>",
      required: true,
    }),
    currency: text({ summary: "Currency; default: the payment's." }),
    notes: text({
      summary: "Reason, for your own records; alias: --reason.",
      field: "refundNotes",
      aliases: ["reason"],
    }),
    ...idempotencyKeyFlag,
  };

  protected override readonly ifRefused = "check what has been refunded: `atoa refunds list --paymentRequestId <id>`";

  async run(): Promise<void> {
    const { flags, input } = await this.read(RefundsCreate);
    const { paymentRequestId, amount, currency, idempotencyKey } = flags;
    const confirm = `Refund ${formatMoney(Number(amount), currency)} of payment ${paymentRequestId}`;
    await this.call(operations.refunds.create, input, { confirm, idempotencyKey });
  }
}
