import { operations } from "../../api/operations";
import { id, pagingFlags } from "../../cli/flags";
import { ResourceCommand } from "../../cli/resource-command";
import { column, date, exact, money, yesNo } from "../../terminal/columns";

const columns = [
  exact("Reference", "paymentIdempotencyId"),
  money("Amount", "amount"),
  yesNo("Refund", "isRefund"),
  date("Settled", "transactionFinalizedAt"),
  column("Notes", "notes"),
  exact("Payment request", "paymentRequestId"),
  date("Created", "createdAt"),
];

export default class PayoutsTransactions extends ResourceCommand {
  static override summary = "List the transactions inside a payout";
  static override examples = [
    "<%= config.bin %> payouts transactions po_555 --pageAll",
    "<%= config.bin %> payouts transactions po_555 --output table",
  ];

  static override args = { payoutId: id("Payout id, from `payouts list`.") };
  static override flags = pagingFlags("limit");
  protected override readonly renamed = { id: "<payoutId>" };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(PayoutsTransactions);
    const { page, limit } = flags;
    await this.call(
      operations.payouts.transactions,
      { id: args.payoutId, page, limit },
      { columns, pageAll: flags.pageAll },
    );
  }
}
