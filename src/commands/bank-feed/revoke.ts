import { operations } from "../../api/operations";
import { text } from "../../cli/flags";
import { ResourceCommand } from "../../cli/resource-command";

export default class BankFeedRevoke extends ResourceCommand {
  static override summary = "Revoke a bank consent, or ALL of them";
  static override description = "Without --accountAuthId, every consent of your business is revoked.";
  static override examples = [
    "<%= config.bin %> bank-feed revoke --accountAuthId auth_999 --yes",
    "<%= config.bin %> bank-feed revoke --dryRun",
  ];

  static override flags = { accountAuthId: text({ summary: "Consent to revoke; default: ALL." }) };

  async run(): Promise<void> {
    const { input } = await this.read(BankFeedRevoke);
    const { accountAuthId } = input;
    const confirm = accountAuthId === undefined ? "Revoke ALL bank consents" : `Revoke bank consent ${accountAuthId}`;
    await this.call(operations.bankFeed.revoke, input, { confirm });
  }
}
