import { Flags } from "@oclif/core";
import { ControlCommand } from "../../cli/control-command";
import { id } from "../../cli/flags";
import { urlFlag } from "../../cli/running-emulator";

export default class EmulatorApprove extends ControlCommand {
  static override summary = "Approve a payment in the running emulator, as the customer would";
  static override examples = [
    "<%= config.bin %> emulator approve pr_abc123",
    "<%= config.bin %> emulator approve pr_abc123 --settle later",
  ];
  static override args = { id: id("Payment request id.") };
  static override flags = {
    ...urlFlag,
    settle: Flags.option({ options: ["now", "later"] as const })({
      summary: "later keeps the payment PENDING for two minutes, like a slow bank.",
    }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(EmulatorApprove);
    const body = flags.settle === undefined ? {} : { settle: flags.settle };
    await this.ask(flags.url, { method: "POST", path: `/payments/${encodeURIComponent(args.id)}/approve`, body });
  }
}
