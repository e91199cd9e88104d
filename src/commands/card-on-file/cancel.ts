import { operations } from "../../api/operations";
import { cancelReasonCodes } from "../../api/values";
import { id, text } from "../../cli/flags";
import { ResourceCommand } from "../../cli/resource-command";

export default class CardOnFileCancel extends ResourceCommand {
  static override summary = "Release an authorised card payment that has not been captured";
  static override examples = [
    "<%= config.bin %> card-on-file cancel pr_abc123 --yes",
    '<%= config.bin %> card-on-file cancel pr_abc123 --reasonCode Other --reasonDescription "stock ran out" --yes',
  ];

  static override args = { id: id("Payment request id of the charge.") };
  static override flags = {
    reasonCode: text({
      summary: "Reason; Other requires --reasonDescription.",
      field: "cancelledReasonCode",
      values: cancelReasonCodes,
    }),
    reasonDescription: text({
      summary: "Free-text reason, at most 60 characters.",
      field: "cancelledReasonDescription",
    }),
  };

  protected override readonly ifRefused = "check its status: `atoa payments status <id>`";

  async run(): Promise<void> {
    const { args, input } = await this.read(CardOnFileCancel);
    await this.call(operations.cardOnFile.cancel, input, { confirm: `Cancel card payment ${args.id}` });
  }
}
