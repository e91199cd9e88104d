import { ControlCommand } from "../../cli/control-command";
import { id } from "../../cli/flags";
import { urlFlag } from "../../cli/running-emulator";

export default class EmulatorCancel extends ControlCommand {
  static override summary = "Cancel a payment in the running emulator, as a customer would";
  static override examples = [
    "<%= config.bin %> emulator cancel pr_abc123",
    "<%= config.bin %> emulator cancel pr_abc123 --url http://127.0.0.1:4011",
  ];
  static override args = { id: id("Payment request id.") };
  static override flags = urlFlag;

  async run(): Promise<void> {
    const { args, flags } = await this.parse(EmulatorCancel);
    await this.ask(flags.url, { method: "POST", path: `/payments/${encodeURIComponent(args.id)}/cancel` });
  }
}
