import { Flags } from "@oclif/core";
import { openVault } from "../cli/access";
import { reportChange } from "../cli/changes";
import { confirm } from "../cli/confirmation";
import { dryRunFlag, yesFlag } from "../cli/flags";
import { LocalCommand } from "../cli/local-command";
import { Revocations } from "../cli/revocation";

export default class Reset extends LocalCommand {
  static override summary = "Remove every profile and token from this machine";
  static override description =
    "Also works when the files are damaged. With --revoke, each key is revoked on the server first (best effort); exits with 1 if any could not be.";
  static override examples = ["<%= config.bin %> reset --dryRun", "<%= config.bin %> reset --revoke --yes"];
  static override flags = {
    revoke: Flags.boolean({ summary: "Also revoke each key on the server (best effort)." }),
    ...yesFlag,
    ...dryRunFlag,
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Reset);
    const vault = openVault();
    const revocations = new Revocations(vault);
    const keys = flags.revoke ? revocations.candidates() : [];
    await confirm(`Remove ALL profiles and tokens${flags.revoke ? " and revoke their keys" : ""}`, flags);
    if (!flags.dryRun) for (const key of keys) await revocations.revoke(key);
    const change = await vault.reset({ dryRun: flags.dryRun });
    const revoked = flags.revoke ? { revoke: keys.map(({ profile, kind }) => `${profile}/${kind}`) } : {};
    const done = "Removed all profiles and tokens";
    await reportChange({ ...change, ...revoked }, done, flags.dryRun);
    revocations.assertAll(done);
  }
}
