import { Flags } from "@oclif/core";
import { ControlCommand } from "../../cli/control-command";
import { urlFlag } from "../../cli/running-emulator";

export default class EmulatorReset extends ControlCommand {
  static override summary = "Reset the running emulator to its initial state";
  static override examples = [
    "<%= config.bin %> emulator reset",
    "<%= config.bin %> emulator reset --merchantId 0d2f5a7e-3c1b-4f6d-9a58-7b1e2c4d6f80",
  ];
  static override flags = {
    ...urlFlag,
    merchantId: Flags.string({ summary: "Reset only this business.", helpValue: "<id>" }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(EmulatorReset);
    const body = flags.merchantId === undefined ? {} : { merchantId: flags.merchantId };
    await this.ask(flags.url, { method: "POST", path: "/reset", body });
  }
}
