import { Flags } from "@oclif/core";
import { operations } from "../../api/operations";
import { exclusiveEnd } from "../../cli/bank-days";
import { firstDay, id, pagingFlags, text } from "../../cli/flags";
import { ResourceCommand } from "../../cli/resource-command";
import { column, date, idColumn, money } from "../../terminal/columns";

const columns = [
  idColumn("Id", "id"),
  date("Date", "date"),
  money("Amount", "amount"),
  idColumn("Type", "type"),
  column("Description", "description", "merchantName"),
  idColumn("Status", "status"),
  idColumn("Reference", "reference"),
];

export default class BankFeedTransactions extends ResourceCommand {
  static override summary = "List the transactions of a linked bank account";
  static override examples = [
    "<%= config.bin %> bank-feed transactions acct_111 --from 2026-01-01 --before 2026-02-01",
    "<%= config.bin %> bank-feed transactions acct_111 --from 2026-01-01 --before 2026-02-01 --pageAll",
  ];

  static override usage = "bank-feed transactions <accountId> --from <day> --before <day> [flags]";
  static override args = { accountId: id("Account id, from the redirect URL after linking.", "id") };
  static override flags = {
    from: text({ summary: firstDay, helpValue: "<day>", required: true }),
    before: text({ summary: "Day after the last one, in the same formats; required.", helpValue: "<day>" }),
    to: Flags.string({ summary: "Last day, instead of --before.", hidden: true }),
    ...pagingFlags("itemsPerPage"),
  };

  async run(): Promise<void> {
    const { flags, input } = await this.read(BankFeedTransactions);
    const before = exclusiveEnd(flags);
    await this.call(operations.bankFeed.transactions, { ...input, before }, { columns, pageAll: flags.pageAll });
  }
}
