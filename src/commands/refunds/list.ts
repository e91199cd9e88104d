import { operations } from "../../api/operations";
import { text } from "../../cli/flags";
import { ResourceCommand } from "../../cli/resource-command";
import { column, date, idColumn, money } from "../../terminal/columns";

const columns = [
  idColumn("Order", "orderId"),
  idColumn("Status", "status"),
  money("Amount", "refundAmount"),
  idColumn("Refund", "refundId"),
  { ...column("Reason", "refundNotes"), minWidth: 8 },
  date("Created", "createdAt"),
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
    paymentRequestId: text({ summary: "Payment whose refunds to list.", required: true }),
  };

  async run(): Promise<void> {
    const { input } = await this.read(RefundsList);
    await this.call(operations.refunds.list, input, { columns });
  }
}
