import { Flags } from "@oclif/core";
import { operations } from "../../api/operations";
import { id, pagingFlags } from "../../cli/flags";
import { ResourceCommand } from "../../cli/resource-command";
import { column, date, exact, money } from "../../terminal/columns";

const columns = [
  exact("Id", "id"),
  date("Date", "date"),
  money("Amount", "amount"),
  exact("Type", "type"),
  column("Description", "description", "merchantName"),
  exact("Status", "status"),
  exact("Reference", "reference"),
];

export default class BankFeedTransactions extends ResourceCommand {
  static override summary = "List the transactions of a linked bank account";
  static override examples = [
    "<%= config.bin %> bank-feed transactions acct_111 --from 2026-01-01 --before 2026-02-01",
    "<%= config.bin %> bank-feed transactions acct_111 --from 2026-01-01 --before 2026-02-01 --pageAll",
  ];

  static override args = { accountId: id("Account id, from the redirect URL after linking.") };
  static override flags = {
    from: Flags.string({ summary: "Start of the range, ISO 8601.", required: true }),
    before: Flags.string({ summary: "End of the range, itself not included.", required: true }),
    ...pagingFlags("itemsPerPage"),
  };

  protected override readonly renamed = { id: "<accountId>" };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(BankFeedTransactions);
    const { from, before, page, itemsPerPage } = flags;
    const input = { id: args.accountId, from, before, page, itemsPerPage };
    await this.call(operations.bankFeed.transactions, input, { columns, pageAll: flags.pageAll });
  }
}
