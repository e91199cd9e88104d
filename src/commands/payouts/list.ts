import { operations } from "../../api/operations";
import { payoutStatuses } from "../../api/values";
import { firstDay, lastDay, pagingFlags, text } from "../../cli/flags";
import { ResourceCommand } from "../../cli/resource-command";
import { date, idColumn, money } from "../../terminal/columns";

// The id stays on a narrow terminal: it is what `payouts transactions` takes.
const columns = [
  date("Created", "createdAt"),
  idColumn("Status", "status"),
  money("Amount", "amount"),
  idColumn("Id", "id"),
  idColumn("Reference", "payoutReferenceId"),
];

export default class PayoutsList extends ResourceCommand {
  static override summary = "List payouts to your business";
  static override examples = [
    "<%= config.bin %> payouts list --fromDate 2026-01-01 --status COMPLETED",
    "<%= config.bin %> payouts list --pageAll --output table",
  ];

  static override flags = {
    ...pagingFlags("limit"),
    fromDate: text({ summary: firstDay, helpValue: "<day>", aliases: ["from"] }),
    toDate: text({ summary: lastDay, helpValue: "<day>", aliases: ["to"] }),
    orderBy: text({ summary: "Field to sort by." }),
    status: text({ summary: "Status, for example COMPLETED.", known: payoutStatuses }),
    search: text({ summary: "Free text." }),
  };

  async run(): Promise<void> {
    const { flags, input } = await this.read(PayoutsList);
    await this.call(operations.payouts.list, input, { columns, pageAll: flags.pageAll });
  }
}
