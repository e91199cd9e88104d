import { id } from "../../cli/flags";
import { ResourceCommand } from "../../cli/resource-command";

export default class RefundsCancel extends ResourceCommand {
  static override summary = "Cancel a refund that has not been processed yet";
  static override examples = [
    "<%= config.bin %> refunds cancel rf_xyz",
    "<%= config.bin %> refunds cancel rf_xyz --yes",
  ];
  static override args = { refundId: id("Refund id, from `refunds list`.") };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(RefundsCancel);
    const session = await this.session(flags, { question: `Cancel refund ${args.refundId}` });
    await session.print(session.client.refunds.cancel({ refundId: args.refundId }));
  }
}
