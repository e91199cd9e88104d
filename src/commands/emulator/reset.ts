import { ControlCommand } from "../../cli/control-command";
import { urlFlag } from "../../cli/running-emulator";

export default class EmulatorReset extends ControlCommand {
  static override summary = "Reset the running emulator to its initial state";
  static override examples = [
    "<%= config.bin %> emulator reset",
    "<%= config.bin %> emulator reset --url http://127.0.0.1:4011",
  ];
  static override flags = urlFlag;

  async run(): Promise<void> {
    const { flags } = await this.parse(EmulatorReset);
    await this.ask(flags.url, { method: "POST", path: "/reset" });
  }
}
