import { Flags } from "@oclif/core";
import { AdminCommand } from "../cli/admin-command";
import { tell } from "../cli/changes";
import { confirm } from "../cli/confirmation";
import { dryRunFlag, yesFlag } from "../cli/flags";
import { revokeBestEffort } from "../cli/revocation";
import { openVault } from "../cli/session";

export default class Reset extends AdminCommand {
  static override summary = "Remove every profile and token from this machine";
  static override description =
    "Works also when the files are broken. With --revoke each key is ended at the server first, as well as it can.";
  static override examples = ["<%= config.bin %> reset --dryRun", "<%= config.bin %> reset --revoke --yes"];
  static override flags = {
    revoke: Flags.boolean({ summary: "Revoke each key at the server too, as well as it can." }),
    ...yesFlag,
    ...dryRunFlag,
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Reset);
    const vault = openVault();
    const keys = flags.revoke ? vault.revocable() : [];
    await confirm(`Remove ALL profiles and tokens${flags.revoke ? " and revoke their keys" : ""}`, flags);
    if (!flags.dryRun) for (const key of keys) await revokeBestEffort(vault, key);
    const change = await vault.reset({ dryRun: flags.dryRun });
    const revoked = flags.revoke ? { revoke: keys.map(({ sdkAccessId }) => sdkAccessId ?? null) } : {};
    await tell({ ...change, ...revoked }, "Removed all profiles and tokens", flags.dryRun);
  }
}
