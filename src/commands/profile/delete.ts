import { Args } from "@oclif/core";
import { openVault } from "../../cli/access";
import { reportChange } from "../../cli/changes";
import { confirm } from "../../cli/confirmation";
import { dryRunFlag, yesFlag } from "../../cli/flags";
import { LocalCommand } from "../../cli/local-command";

export default class ProfileDelete extends LocalCommand {
  static override summary = "Delete a profile and its tokens from this machine";
  static override description = "Exits with 4 if there is neither a profile nor a token with that name.";
  static override examples = [
    "<%= config.bin %> profile delete old-merchant",
    "<%= config.bin %> profile delete old-merchant --yes",
  ];
  static override args = { name: Args.string({ description: "Profile name.", required: true, ignoreStdin: true }) };
  static override flags = { ...yesFlag, ...dryRunFlag };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ProfileDelete);
    const vault = openVault();
    const planned = await vault.deleteProfile(args.name, { dryRun: true });
    await confirm(`Delete profile ${args.name} and its tokens`, flags);
    const change = flags.dryRun ? planned : await vault.deleteProfile(args.name);
    await reportChange(change, `Deleted profile ${args.name}`, flags.dryRun);
  }
}
