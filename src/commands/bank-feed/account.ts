import { operations } from "../../api/operations";
import { id } from "../../cli/flags";
import { ResourceCommand } from "../../cli/resource-command";

export default class BankFeedAccount extends ResourceCommand {
  static override summary = "Show a linked bank account";
  static override examples = [
    "<%= config.bin %> bank-feed account acct_111",
    "<%= config.bin %> bank-feed account acct_111 --output table",
  ];
  static override args = { accountId: id("Account id, from the redirect URL after linking.") };
  protected override readonly renamed = { id: "<accountId>" };

  async run(): Promise<void> {
    const { args } = await this.parse(BankFeedAccount);
    await this.call(operations.bankFeed.account, { id: args.accountId });
  }
}
