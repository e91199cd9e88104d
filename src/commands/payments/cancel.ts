import { operations } from "../../api/operations";
import { id } from "../../cli/flags";
import { ResourceCommand } from "../../cli/resource-command";

export default class PaymentsCancel extends ResourceCommand {
  static override summary = "Cancel a payment request that has not been authorised yet";
  static override examples = [
    "<%= config.bin %> payments cancel pr_abc123",
    "<%= config.bin %> payments cancel pr_abc123 --yes",
  ];
  static override args = { id: id("Payment request id.") };

  protected override readonly ifRefused = "check its status: `atoa payments status <id>`";

  async run(): Promise<void> {
    const { args, input } = await this.read(PaymentsCancel);
    await this.call(operations.payments.cancel, input, { confirm: `Cancel payment ${args.id}` });
  }
}
