import { operations } from "../../api/operations";
import { text } from "../../cli/flags";
import { ResourceCommand } from "../../cli/resource-command";

export default class BankFeedInitiate extends ResourceCommand {
  static override summary = "Start linking a bank: get the URL to send the account holder to";
  static override examples = [
    "<%= config.bin %> bank-feed initiate --redirectUrl https://example.com/bank/return",
    "<%= config.bin %> bank-feed initiate --redirectUrl https://example.com/bank/return --callbackParams ref=42",
  ];

  static override flags = {
    redirectUrl: text({ summary: "Where to send the account holder afterwards.", required: true }),
    callbackParams: text({ summary: "Text passed back on the redirect URL." }),
  };

  async run(): Promise<void> {
    const { input } = await this.read(BankFeedInitiate);
    await this.call(operations.bankFeed.initiate, input);
  }
}
