import { Flags } from "@oclif/core";
import { emulatorFlags, serverFlags } from "../../cli/emulator-flags";
import { portNumber } from "../../cli/flags";
import { LocalCommand } from "../../cli/local-command";
import { serveEmulator } from "../../cli/serve-emulator";

export default class EmulatorStart extends LocalCommand {
  static override summary = "Run a local, stateful Atoa API until you press Ctrl-C";
  static override description = "It is ready once its address is printed.";
  static override examples = [
    "<%= config.bin %> emulator start",
    "<%= config.bin %> emulator start --port 0 --dataFile state.json --output json",
    "<%= config.bin %> emulator start --webhook http://localhost:3000/hooks",
    "<%= config.bin %> emulator start --fault 'POST /api/refund status=503 retry-after=2 1'",
  ];

  static override flags = {
    port: portNumber({ summary: "Port; 0 picks a free one.", default: 4010 }),
    host: Flags.string({ summary: "Address to listen on.", default: "127.0.0.1" }),
    ...emulatorFlags,
    ...serverFlags,
    output: Flags.option({ options: ["json"] as const })({
      summary: "Print address and tokens to stdout.",
    }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(EmulatorStart);
    await serveEmulator(flags);
  }
}
