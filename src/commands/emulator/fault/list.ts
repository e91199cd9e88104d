import { ControlCommand } from "../../../cli/control-command";
import { urlFlag } from "../../../cli/running-emulator";

export default class EmulatorFaultList extends ControlCommand {
  static override summary = "List the running emulator's faults and how often each was hit";
  static override examples = [
    "<%= config.bin %> emulator fault list",
    "<%= config.bin %> emulator fault list --url http://127.0.0.1:4011",
  ];
  static override flags = urlFlag;

  async run(): Promise<void> {
    const { flags } = await this.parse(EmulatorFaultList);
    await this.ask(flags.url, { method: "GET", path: "/faults" });
  }
}
