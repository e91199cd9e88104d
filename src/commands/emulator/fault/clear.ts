import { ControlCommand } from "../../../cli/control-command";
import { urlFlag } from "../../../cli/running-emulator";

export default class EmulatorFaultClear extends ControlCommand {
  static override summary = "Remove all faults from the running emulator";
  static override examples = [
    "<%= config.bin %> emulator fault clear",
    "<%= config.bin %> emulator fault clear --url http://127.0.0.1:4011",
  ];
  static override flags = urlFlag;

  async run(): Promise<void> {
    const { flags } = await this.parse(EmulatorFaultClear);
    await this.ask(flags.url, { method: "DELETE", path: "/faults" });
  }
}
