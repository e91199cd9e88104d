import { Flags } from "@oclif/core";
import { operations } from "../../api/operations";
import { pagingFlags } from "../../cli/flags";
import { ResourceCommand } from "../../cli/resource-command";
import { date, exact, money } from "../../terminal/columns";

const columns = [
  exact("Id", "id"),
  exact("Status", "status"),
  money("Amount", "amount"),
  date("Created", "createdAt"),
  exact("Reference", "payoutReferenceId"),
];

export default class PayoutsList extends ResourceCommand {
  static override summary = "List payouts to the business";
  static override examples = [
    "<%= config.bin %> payouts list --fromDate 2026-01-01 --status COMPLETED",
    "<%= config.bin %> payouts list --pageAll --output table",
  ];

  static override flags = {
    ...pagingFlags("limit"),
    fromDate: Flags.string({ summary: "Start date, ISO 8601." }),
    toDate: Flags.string({ summary: "End date, ISO 8601." }),
    orderBy: Flags.string({ summary: "Field to sort by." }),
    status: Flags.string({ summary: "Status, for example COMPLETED." }),
    search: Flags.string({ summary: "Free text." }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(PayoutsList);
    const { page, limit, fromDate, toDate, orderBy, status, search } = flags;
    const filter = { page, limit, fromDate, toDate, orderBy, status, search };
    await this.call(operations.payouts.list, filter, { columns, pageAll: flags.pageAll });
  }
}
