import { Args } from "@oclif/core";
import { openVault } from "../../cli/access";
import { outputFlag } from "../../cli/flags";
import { LocalCommand } from "../../cli/local-command";
import { profileNamed, resolveProfile } from "../../profiles/resolution";
import { printValue } from "../../terminal/output";

export default class ProfileShow extends LocalCommand {
  static override summary = "Show a profile: business, environments and keys; default: the one in use";
  static override examples = ["<%= config.bin %> profile show", "<%= config.bin %> profile show acme --output table"];
  static override args = { name: Args.string({ description: "Profile name.", ignoreStdin: true }) };
  static override flags = outputFlag;

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ProfileShow);
    const vault = openVault();
    const config = vault.config();
    if (args.name !== undefined) profileNamed(config, args.name);
    const { value: name, source } = resolveProfile(config, args.name, process.env);
    const listing = (await vault.listProfiles()).find((profile) => profile.name === name);
    await printValue({ ...listing, ...(args.name === undefined ? { source } : {}) }, { format: flags.output });
  }
}
