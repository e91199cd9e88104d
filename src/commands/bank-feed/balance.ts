import { operations } from "../../api/operations";
import { id } from "../../cli/flags";
import { ResourceCommand } from "../../cli/resource-command";

export default class BankFeedBalance extends ResourceCommand {
  static override summary = "Show the balance of a linked bank account";
  static override examples = [
    "<%= config.bin %> bank-feed balance acct_111",
    "<%= config.bin %> bank-feed balance acct_111 --output table",
  ];
  static override args = { accountId: id("Account id, from the redirect URL after linking.") };
  protected override readonly renamed = { id: "<accountId>" };

  async run(): Promise<void> {
    const { args } = await this.parse(BankFeedBalance);
    await this.call(operations.bankFeed.balance, { id: args.accountId });
  }
}
