import { operations } from "../../api/operations";
import { id } from "../../cli/flags";
import { ResourceCommand } from "../../cli/resource-command";

export default class BankFeedAccount extends ResourceCommand {
  static override summary = "Show a linked bank account";
  static override examples = [
    "<%= config.bin %> bank-feed account acct_111",
    "<%= config.bin %> bank-feed account acct_111 --output table",
  ];
  static override args = { accountId: id("Account id, from the redirect URL after linking.", "id") };

  async run(): Promise<void> {
    const { input } = await this.read(BankFeedAccount);
    await this.call(operations.bankFeed.account, input);
  }
}
