import { Args } from "@oclif/core";
import { describeTarget, openVault } from "../../cli/access";
import { reportChange } from "../../cli/changes";
import { confirm } from "../../cli/confirmation";
import { dryRunFlag, globalFlags, yesFlag } from "../../cli/flags";
import { LocalCommand } from "../../cli/local-command";
import { type Env, readEnv } from "../../environments";
import { usageError } from "../../errors";
import { resolveProfile } from "../../profiles/resolution";
import { quoted } from "../../text";

export default class ProfileSet extends LocalCommand {
  static override summary = "Change a profile setting: env, its default environment";
  static override examples = [
    "<%= config.bin %> profile set env=production",
    "<%= config.bin %> profile set env=sandbox --profile acme --yes",
  ];
  static override args = {
    setting: Args.string({
      description: "Setting to change, such as env=production.",
      required: true,
      ignoreStdin: true,
    }),
  };
  static override flags = { profile: globalFlags.profile, ...yesFlag, ...dryRunFlag };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ProfileSet);
    const env = environmentIn(args.setting);
    const vault = openVault();
    const { value: profile } = resolveProfile(vault.config(), flags.profile, process.env);
    const planned = await vault.setDefaultEnv(profile, env, { dryRun: true });
    await confirm(`Make ${env} the default environment (${describeTarget(profile, env)})`, flags);
    const change = flags.dryRun ? planned : await vault.setDefaultEnv(profile, env);
    await reportChange(change, `${profile} uses ${env} by default`, flags.dryRun);
  }
}

function environmentIn(setting: string): Env {
  const [key = "", value] = setting.split(/=(.*)/s);
  if (key !== "env")
    throw usageError(`${quoted(key)} is not a setting`, "the only setting is env: `atoa profile set env=sandbox`");
  if (value === undefined) throw usageError("The setting env needs a value", "use env=sandbox or env=production");
  const env = readEnv(value);
  if (env !== undefined) return env;
  throw usageError(`${quoted(value)} is not an environment`, "use env=sandbox or env=production");
}
