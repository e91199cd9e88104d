import { operations } from "../../api/operations";
import { id, pagingFlags } from "../../cli/flags";
import { ResourceCommand } from "../../cli/resource-command";
import { column, date, idColumn, money, yesNo } from "../../terminal/columns";

const columns = [
  idColumn("Reference", "paymentIdempotencyId"),
  money("Amount", "amount"),
  yesNo("Refund", "isRefund"),
  date("Settled", "transactionFinalizedAt"),
  column("Notes", "notes"),
  idColumn("Payment request", "paymentRequestId"),
  date("Created", "createdAt"),
];

export default class PayoutsTransactions extends ResourceCommand {
  static override summary = "List the transactions in a payout";
  static override examples = [
    "<%= config.bin %> payouts transactions po_555 --pageAll",
    "<%= config.bin %> payouts transactions po_555 --output table",
  ];

  static override args = { payoutId: id("Payout id, from `payouts list`.", "id") };
  static override flags = pagingFlags("limit");

  async run(): Promise<void> {
    const { flags, input } = await this.read(PayoutsTransactions);
    await this.call(operations.payouts.transactions, input, { columns, pageAll: flags.pageAll });
  }
}
