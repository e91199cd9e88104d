import { Flags } from "@oclif/core";
import { AdminCommand } from "../cli/admin-command";
import { tell } from "../cli/changes";
import { confirm, describeTarget } from "../cli/confirmation";
import { dryRunFlag, globalFlags, yesFlag } from "../cli/flags";
import { ownKey } from "../cli/own-key";
import { revokeBestEffort } from "../cli/revocation";
import { openVault, originInUse } from "../cli/session";
import { assertOrigin } from "../profiles/resolution";

export default class Logout extends AdminCommand {
  static override summary = "Forget the token of one environment, and with --revoke end it at the server";
  static override examples = [
    "<%= config.bin %> logout --env sandbox",
    "<%= config.bin %> logout --profile ci --revoke --yes",
  ];
  static override flags = {
    env: { ...globalFlags.env, summary: "Environment to log out of; needed where there are two." },
    profile: globalFlags.profile,
    revoke: Flags.boolean({ summary: "Revoke the key at the server too, as well as it can." }),
    ...yesFlag,
    ...dryRunFlag,
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Logout);
    const vault = openVault();
    const { profile, env, key } = await ownKey(vault, flags);
    if (flags.revoke) assertOrigin(profile, env, key, originInUse());
    await confirm(`Log out${flags.revoke ? " and revoke the key" : ""} (${describeTarget(profile, env)})`, flags);
    if (flags.revoke && !flags.dryRun) await revokeBestEffort(vault, { profile, env, sdkAccessId: key.sdkAccessId });
    const change = await vault.forget({ profile, env }, { dryRun: flags.dryRun });
    const revoked = flags.revoke ? { revoke: key.sdkAccessId ?? null } : {};
    await tell({ ...change, ...revoked }, `Logged out of ${profile}/${env}`, flags.dryRun);
  }
}
