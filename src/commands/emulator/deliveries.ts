import { Flags } from "@oclif/core";
import { ControlCommand } from "../../cli/control-command";
import { askEmulator, urlFlag } from "../../cli/running-emulator";
import { watchDeliveries } from "../../cli/watch-deliveries";

export default class EmulatorDeliveries extends ControlCommand {
  static override summary = "List the webhook deliveries of the running emulator";
  static override examples = ["<%= config.bin %> emulator deliveries", "<%= config.bin %> emulator deliveries --watch"];
  static override flags = {
    ...urlFlag,
    watch: Flags.boolean({ summary: "Keep watching: print a line of JSON per attempt, until Ctrl-C." }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(EmulatorDeliveries);
    const request = { method: "GET", path: "/deliveries" } as const;
    if (flags.watch) await watchDeliveries(() => askEmulator(flags.url, request));
    else await this.ask(flags.url, request);
  }
}
