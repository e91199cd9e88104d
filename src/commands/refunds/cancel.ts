import { operations } from "../../api/operations";
import { id } from "../../cli/flags";
import { ResourceCommand } from "../../cli/resource-command";

export default class RefundsCancel extends ResourceCommand {
  static override summary = "Cancel a refund that has not been processed yet";
  static override examples = [
    "<%= config.bin %> refunds cancel rf_xyz",
    "<%= config.bin %> refunds cancel rf_xyz --yes",
  ];
  static override args = { refundId: id("Refund id, from `refunds list`.") };

  protected override readonly ifRefused = "check its status: `atoa refunds list --paymentRequestId <id>`";

  async run(): Promise<void> {
    const { args, input } = await this.read(RefundsCancel);
    await this.call(operations.refunds.cancel, input, { confirm: `Cancel refund ${args.refundId}` });
  }
}
