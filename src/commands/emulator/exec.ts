import { Flags } from "@oclif/core";
import { emulatorFlags } from "../../cli/emulator-flags";
import { LocalCommand } from "../../cli/local-command";
import { runUnderEmulator } from "../../cli/run-under-emulator";
import { usageError } from "../../errors";

export default class EmulatorExec extends LocalCommand {
  static override summary = "Run a command against a fresh emulator, then clean up";
  static override description =
    "Starts an emulator on a free port, pairs a throwaway profile in a temporary ATOA_HOME, sets ATOA_BASE_URL and runs the command. Exits with the command's own exit code.";
  static override usage =
    "emulator exec [--dataFile <file>] [--seed <text>] [--fault <fault>…] [--operations] -- <command> [argument…]";
  static override examples = [
    "<%= config.bin %> emulator exec -- atoa payments create --amount 10.05 --orderId order-001",
    "<%= config.bin %> emulator exec --operations -- npm test",
    "<%= config.bin %> emulator exec --fault 'POST /api/refund reset-after-commit 1' -- ./night-refunds.sh",
  ];

  static override flags = {
    ...emulatorFlags,
    operations: Flags.boolean({ summary: "Report which API operations were called." }),
  };
  static override strict = false;

  async run(): Promise<void> {
    const { flags, argv } = await this.parse(EmulatorExec);
    const [command, ...rest] = argv.map(String);
    if (command === undefined) {
      throw usageError("Missing the command to run", "put it behind --: `atoa emulator exec -- npm test`");
    }
    process.exitCode = await runUnderEmulator([command, ...rest], flags);
  }
}
