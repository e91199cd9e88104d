import { Args } from "@oclif/core";
import { operations } from "../../api/operations";
import { text } from "../../cli/flags";
import { payoutsToRead, reconcilePayouts } from "../../cli/reconcile-payouts";
import { ResourceCommand } from "../../cli/resource-command";
import { AtoaError } from "../../errors";
import { column, idColumn, money, yesNo } from "../../terminal/columns";
import { log } from "../../terminal/terminal";

const columns = [
  column("Order", "orderId"),
  money("Amount", "signedAmount"),
  yesNo("Refund", "isRefund"),
  idColumn("Reference", "paymentIdempotencyId"),
  idColumn("Payout", "payoutId"),
];

export default class PayoutsReconcile extends ResourceCommand {
  static override summary = "Check that payouts equal the payments and refunds in them";
  static override description =
    "Exits with 0 if every payout equals the sum of its rows and every row has an order, otherwise with 1. Refunds count as negative.";
  static override examples = [
    "<%= config.bin %> payouts reconcile --from yesterday",
    "<%= config.bin %> payouts reconcile --from last-month --to last-month --output csv",
  ];
  static override args = {
    payoutId: Args.string({ description: "Payout id or reference, from `payouts list`.", ignoreStdin: true }),
  };
  static override flags = {
    from: text({ summary: "Reconcile all payouts from this date.", helpValue: "<date>", field: "fromDate" }),
    to: text({ summary: "Last day, inclusive.", helpValue: "<date>", field: "toDate" }),
  };

  async run(): Promise<void> {
    const { args, flags, input } = await this.read(PayoutsReconcile);
    const { payoutId } = args;
    const wanted = payoutsToRead(payoutId, input);
    const session = this.session();
    if (session.dryRun) return session.call(operations.payouts.list, wanted);
    const list = await session.walk(operations.payouts.list, wanted);
    const { payouts, problems } = await reconcilePayouts(await session.connect(), list, payoutId, (progress) =>
      session.progress(progress),
    );
    const rows = payouts.flatMap(({ payoutId, rows }) => rows.map((row) => ({ payoutId, ...row })));
    await session.print(flags.output === "table" || flags.output === "csv" ? rows : payouts, columns);
    for (const problem of problems) log(problem);
    if (problems.length > 0) {
      throw new AtoaError({
        kind: "failure",
        code: "NOT_RECONCILED",
        message: payouts.length === 1 ? "The payout does not reconcile" : "Not all payouts reconcile",
        hint: `see the ${problems.length === 1 ? "line" : `${problems.length} lines`} above`,
      });
    }
  }
}
