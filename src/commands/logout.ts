import { Flags } from "@oclif/core";
import { describeTarget, openVault } from "../cli/access";
import { reportChange } from "../cli/changes";
import { confirm } from "../cli/confirmation";
import { currentKey } from "../cli/current-key";
import { dryRunFlag, globalFlags, yesFlag } from "../cli/flags";
import { LocalCommand } from "../cli/local-command";
import { afterRevocation, Revocations } from "../cli/revocation";

export default class Logout extends LocalCommand {
  static override summary = "Remove a stored token; --revoke also revokes its key on the server";
  static override examples = [
    "<%= config.bin %> logout --env sandbox",
    "<%= config.bin %> logout --profile ci --revoke --yes",
  ];
  static override flags = {
    env: { ...globalFlags.env, summary: "Environment to log out of; required if there are two." },
    profile: globalFlags.profile,
    revoke: Flags.boolean({ summary: "Also revoke the key on the server (best effort)." }),
    ...yesFlag,
    ...dryRunFlag,
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Logout);
    const vault = openVault();
    const { profile, env, key } = await currentKey(vault, flags);
    await confirm(`Log out${flags.revoke ? " and revoke the key" : ""} (${describeTarget(profile, env)})`, flags);
    const done = `Logged out of ${profile}/${env}`;
    if (flags.dryRun) {
      const change = await vault.forget({ profile, env }, { dryRun: true });
      return reportChange({ ...change, ...(flags.revoke && { revoke: key.sdkAccessId ?? null }) }, done, true);
    }
    const revocations = new Revocations(vault);
    if (flags.revoke) await revocations.revoke({ profile, kind: env });
    const forget = () => vault.forget({ profile, env });
    const change = await (revocations.succeeded > 0 ? afterRevocation(forget) : forget());
    await reportChange(change, done, false);
    revocations.assertAll(done);
  }
}
