import { Args } from "@oclif/core";
import { openVault } from "../../cli/access";
import { reportChange } from "../../cli/changes";
import { confirm } from "../../cli/confirmation";
import { dryRunFlag, yesFlag } from "../../cli/flags";
import { LocalCommand } from "../../cli/local-command";

export default class ProfileRename extends LocalCommand {
  static override summary = "Rename a profile; its tokens are kept";
  static override examples = [
    "<%= config.bin %> profile rename acme acme-uk",
    "<%= config.bin %> profile rename acme acme-uk --yes",
  ];
  static override args = {
    old: Args.string({ description: "Current name.", required: true, ignoreStdin: true }),
    new: Args.string({
      description: "New name: lowercase letters, digits and single hyphens.",
      required: true,
      ignoreStdin: true,
    }),
  };
  static override flags = { ...yesFlag, ...dryRunFlag };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ProfileRename);
    const vault = openVault();
    const planned = await vault.renameProfile(args.old, args.new, { dryRun: true });
    await confirm(`Rename profile ${args.old} to ${args.new}`, flags);
    const change = flags.dryRun ? planned : await vault.renameProfile(args.old, args.new);
    await reportChange(change, `Renamed ${args.old} to ${args.new}`, flags.dryRun);
  }
}
