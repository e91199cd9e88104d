import { Flags } from "@oclif/core";
import { operations } from "../../api/operations";
import { ResourceCommand } from "../../cli/resource-command";

export default class BankFeedInitiate extends ResourceCommand {
  static override summary = "Start linking a bank: get the URL to send the account holder to";
  static override examples = [
    "<%= config.bin %> bank-feed initiate --redirectUrl https://example.com/bank/return",
    "<%= config.bin %> bank-feed initiate --redirectUrl https://example.com/bank/return --callbackParams ref=42",
  ];

  static override flags = {
    redirectUrl: Flags.string({ summary: "Where the account holder lands afterwards.", required: true }),
    callbackParams: Flags.string({ summary: "Text passed back on the redirect URL." }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(BankFeedInitiate);
    const { redirectUrl, callbackParams } = flags;
    await this.call(operations.bankFeed.initiate, { redirectUrl, callbackParams });
  }
}
