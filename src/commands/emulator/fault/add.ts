import { Args } from "@oclif/core";
import { ControlCommand } from "../../../cli/control-command";
import { flagText } from "../../../cli/flag-text";
import { urlFlag } from "../../../cli/running-emulator";

export default class EmulatorFaultAdd extends ControlCommand {
  static override summary = "Make requests to the running emulator fail";
  static override examples = [
    "<%= config.bin %> emulator fault add 'POST /api/refund reset-after-commit 1'",
    "<%= config.bin %> emulator fault add @faults.txt",
  ];
  static override args = {
    fault: Args.string({
      description: "METHOD PATH KIND [name=value …] [times], or @file with one per line.",
      required: true,
    }),
  };
  static override flags = urlFlag;

  async run(): Promise<void> {
    const { args, flags } = await this.parse(EmulatorFaultAdd);
    const body = await flagText(args.fault, "fault");
    await this.ask(flags.url, { method: "POST", path: "/faults", body });
  }
}
