import { operations } from "../../api/operations";
import { id } from "../../cli/flags";
import { ResourceCommand } from "../../cli/resource-command";

export default class CardOnFileCapture extends ResourceCommand {
  static override summary = "Capture an authorised card payment in full";
  static override examples = [
    "<%= config.bin %> card-on-file capture pr_abc123",
    "<%= config.bin %> card-on-file capture pr_abc123 --yes",
  ];
  static override args = { id: id("Payment request id of the charge.") };

  protected override readonly ifRefused = "check its status: `atoa payments status <id>`";

  async run(): Promise<void> {
    const { args, input } = await this.read(CardOnFileCapture);
    await this.call(operations.cardOnFile.capture, input, { confirm: `Capture card payment ${args.id}` });
  }
}
