import { Flags } from "@oclif/core";
import { ControlCommand } from "../../cli/control-command";
import { id } from "../../cli/flags";
import { urlFlag } from "../../cli/running-emulator";

export default class EmulatorDecline extends ControlCommand {
  static override summary = "Decline a payment in the running emulator, as a bank would";
  static override examples = [
    "<%= config.bin %> emulator decline pr_abc123",
    "<%= config.bin %> emulator decline pr_abc123 --reason 'Insufficient funds'",
  ];
  static override args = { id: id("Payment request id.") };
  static override flags = {
    ...urlFlag,
    reason: Flags.string({ summary: "Failure reason that the API reports." }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(EmulatorDecline);
    const body = flags.reason === undefined ? {} : { reason: flags.reason };
    await this.ask(flags.url, { method: "POST", path: `/payments/${encodeURIComponent(args.id)}/decline`, body });
  }
}
