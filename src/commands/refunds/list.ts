import { Flags } from "@oclif/core";
import { operations } from "../../api/operations";
import { ResourceCommand } from "../../cli/resource-command";
import { column, date, exact, money } from "../../terminal/columns";

const columns = [
  exact("Refund", "refundId"),
  exact("Status", "status"),
  money("Amount", "refundAmount"),
  { ...column("Reason", "refundNotes"), least: 8 },
  date("Created", "createdAt"),
  exact("Order", "orderId"),
  money("Paid", "paidAmount"),
  column("Kind", "refundType"),
];

export default class RefundsList extends ResourceCommand {
  static override summary = "List the refunds of a payment";
  static override examples = [
    "<%= config.bin %> refunds list --paymentRequestId pr_abc123",
    "<%= config.bin %> refunds list --paymentRequestId pr_abc123 --output table",
  ];

  static override flags = {
    paymentRequestId: Flags.string({ summary: "Payment whose refunds to list.", required: true }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(RefundsList);
    await this.call(operations.refunds.list, { paymentRequestId: flags.paymentRequestId }, { columns });
  }
}
