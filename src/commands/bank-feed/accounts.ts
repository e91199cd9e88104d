import { operations } from "../../api/operations";
import { id } from "../../cli/flags";
import { ResourceCommand } from "../../cli/resource-command";
import { column, idColumn } from "../../terminal/columns";
import { log } from "../../terminal/terminal";

const columns = [column("Bank", "bankName"), idColumn("Sort code", "sortCode"), idColumn("Number", "accountNumber")];

export default class BankFeedAccounts extends ResourceCommand {
  static override summary = "List the accounts linked by a bank consent";
  static override examples = [
    "<%= config.bin %> bank-feed accounts auth_999",
    "<%= config.bin %> bank-feed accounts auth_999 --output table",
  ];
  static override args = { accountAuthId: id("Consent id, from `bank-feed initiate` or the redirect URL.") };

  protected override readonly ifNotFound =
    "a consent is found once its holder has agreed, on the page of `bank-feed initiate`; otherwise check the id and --env";

  async run(): Promise<void> {
    const { flags, input } = await this.read(BankFeedAccounts);
    await this.call(operations.bankFeed.accounts, input, { columns });
    if (flags.output !== "table" || flags.dryRun) return;
    log("Account ids come back on the consent's redirect URL, not in this list.");
  }
}
