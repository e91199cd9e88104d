import { Flags } from "@oclif/core";
import { operations } from "../../api/operations";
import { idempotencyKeyFlag, pounds } from "../../cli/flags";
import { ResourceCommand } from "../../cli/resource-command";
import { sum } from "../../terminal/columns";

export default class RefundsCreate extends ResourceCommand {
  static override summary = "Refund a completed payment, whole or in part";
  static override examples = [
    '<%= config.bin %> refunds create --paymentRequestId pr_abc123 --amount 5.00 --notes "duplicate charge" --yes',
    "<%= config.bin %> refunds create --paymentRequestId pr_abc123 --amount 5.00 --idempotencyKey refund-42 --yes",
  ];

  static override flags = {
    paymentRequestId: Flags.string({ summary: "Payment to refund.", required: true }),
    amount: pounds({ summary: "Amount in pounds, at least 1.00, at most what was paid.", min: 1 })({ required: true }),
    currency: Flags.string({ summary: "Currency; default: that of the payment." }),
    notes: Flags.string({ summary: "Reason, for your own records.", aliases: ["reason"] }),
    ...idempotencyKeyFlag,
  };

  protected override readonly renamed = { refundNotes: "notes" };

  async run(): Promise<void> {
    const { flags } = await this.parse(RefundsCreate);
    const { paymentRequestId, amount, currency, notes, idempotencyKey } = flags;
    const question = `Refund ${sum(amount, currency)} of payment ${paymentRequestId}`;
    const refund = { paymentRequestId, amount, currency, refundNotes: notes };
    await this.call(operations.refunds.create, refund, { confirm: question, idempotencyKey });
  }
}
