import { Flags } from "@oclif/core";
import { AdminCommand } from "../../cli/admin-command";
import { emulatorFlags, serverFlags } from "../../cli/emulator-flags";
import { portNumber } from "../../cli/flags";
import { serveEmulator } from "../../cli/serve-emulator";

export default class EmulatorStart extends AdminCommand {
  static override summary = "Run a local, stateful Atoa API until you press Ctrl-C";
  static override description =
    "It is ready once its address is printed. With --output json, the address and tokens are also printed to stdout as one line of JSON.";
  static override examples = [
    "<%= config.bin %> emulator start",
    "<%= config.bin %> emulator start --port 0 --dataFile state.json --output json",
    "<%= config.bin %> emulator start --webhook http://localhost:3000/hooks",
    "<%= config.bin %> emulator start --fault 'POST /api/refund status=503 retry-after=2 1'",
  ];

  static override flags = {
    port: portNumber({ summary: "Port to listen on; 0 picks a free one.", default: 4010 }),
    host: Flags.string({
      summary: "Address to listen on; by default only this machine can connect.",
      default: "127.0.0.1",
    }),
    ...emulatorFlags,
    ...serverFlags,
    output: Flags.option({ options: ["json"] as const })({
      summary: "Also print the address and tokens to stdout as JSON.",
    }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(EmulatorStart);
    await serveEmulator(flags);
  }
}
