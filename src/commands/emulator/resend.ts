import { ControlCommand } from "../../cli/control-command";
import { id } from "../../cli/flags";
import { urlFlag } from "../../cli/running-emulator";

export default class EmulatorResend extends ControlCommand {
  static override summary = "Resend a webhook delivery of the running emulator, byte for byte";
  static override examples = [
    "<%= config.bin %> emulator resend 4b1f0c52-8f0e-4c0e-9d5e-2b1f6f1c9a11",
    "<%= config.bin %> emulator resend 4b1f0c52-8f0e-4c0e-9d5e-2b1f6f1c9a11 --url http://127.0.0.1:4011",
  ];
  static override args = { id: id("Delivery id, from `emulator deliveries`.") };
  static override flags = urlFlag;

  async run(): Promise<void> {
    const { args, flags } = await this.parse(EmulatorResend);
    await this.ask(flags.url, { method: "POST", path: `/deliveries/${encodeURIComponent(args.id)}/resend` });
  }
}
