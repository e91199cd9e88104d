import { Flags } from "@oclif/core";
import { operations } from "../../api/operations";
import { cancelReasonCodes } from "../../api/values";
import { id } from "../../cli/flags";
import { ResourceCommand } from "../../cli/resource-command";

export default class CardOnFileCancel extends ResourceCommand {
  static override summary = "Release an authorised card payment that has not been captured";
  static override examples = [
    "<%= config.bin %> card-on-file cancel pr_abc123 --yes",
    '<%= config.bin %> card-on-file cancel pr_abc123 --reasonCode Other --reasonDescription "stock ran out" --yes',
  ];

  static override args = { id: id("Payment request id of the charge.") };
  static override flags = {
    reasonCode: Flags.option({ options: cancelReasonCodes })({ summary: "Why; Other needs --reasonDescription." }),
    reasonDescription: Flags.string({ summary: "Why, in words: at most 60 characters." }),
  };

  protected override readonly renamed = {
    cancelledReasonCode: "reasonCode",
    cancelledReasonDescription: "reasonDescription",
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(CardOnFileCancel);
    const reason = { cancelledReasonCode: flags.reasonCode, cancelledReasonDescription: flags.reasonDescription };
    await this.call(
      operations.cardOnFile.cancel,
      { id: args.id, ...reason },
      { confirm: `Cancel card payment ${args.id}` },
    );
  }
}
