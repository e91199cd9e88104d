import { Args } from "@oclif/core";
import { ControlCommand } from "../../cli/control-command";
import { urlFlag } from "../../cli/running-emulator";

export default class EmulatorAdvance extends ControlCommand {
  static override summary = "Move the running emulator's clock forward";
  static override description =
    "Payments expire, refunds complete, payouts are made and webhooks are retried along the way.";
  static override examples = ["<%= config.bin %> emulator advance 30m", "<%= config.bin %> emulator advance 1d"];
  static override args = {
    time: Args.string({ description: "Duration, such as 30m, 1h30m or 2d.", required: true }),
  };
  static override flags = urlFlag;

  async run(): Promise<void> {
    const { args, flags } = await this.parse(EmulatorAdvance);
    await this.ask(flags.url, { method: "POST", path: "/clock/advance", body: { by: args.time } });
  }
}
