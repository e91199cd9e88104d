import { Args } from "@oclif/core";
import { openVault } from "../../cli/access";
import { dryRunFlag } from "../../cli/flags";
import { LocalCommand } from "../../cli/local-command";
import { log } from "../../terminal/terminal";

export default class ProfileUse extends LocalCommand {
  static override summary = "Set the active profile";
  static override examples = ["<%= config.bin %> profile use acme", "<%= config.bin %> profile use acme --dryRun"];
  static override args = { name: Args.string({ description: "Profile name.", required: true, ignoreStdin: true }) };
  static override flags = dryRunFlag;

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ProfileUse);
    const { activeProfile } = await openVault().useProfile(args.name, { dryRun: flags.dryRun });
    log(flags.dryRun ? `Would make ${activeProfile} the active profile.` : `✓ ${activeProfile} is the active profile`);
  }
}
