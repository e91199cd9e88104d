import { openVault } from "../../cli/access";
import { outputFlag } from "../../cli/flags";
import { LocalCommand } from "../../cli/local-command";
import { column } from "../../terminal/columns";
import { printValue } from "../../terminal/output";

const columns = [
  { title: "Active", text: (row: Readonly<Record<string, unknown>>) => (row.active === true ? "*" : "") },
  column("Profile", "name"),
  column("Business", "displayName"),
  column("Default env", "defaultEnv"),
  { title: "Tokens", text: (row: Readonly<Record<string, unknown>>) => tokens(row.envs) },
];

export default class ProfileList extends LocalCommand {
  static override summary = "List profiles and their environments";
  static override examples = ["<%= config.bin %> profile list", "<%= config.bin %> profile list --output table"];
  static override flags = outputFlag;

  async run(): Promise<void> {
    const { flags } = await this.parse(ProfileList);
    await printValue(await openVault().listProfiles(), { format: flags.output, columns });
  }
}

/** "sandbox, production (missing)" */
function tokens(envs: unknown): string {
  if (!Array.isArray(envs)) return "";
  return envs
    .map(({ env, token }: { env: string; token: string }) =>
      token === "missing" || token === "unreadable" ? `${env} (${token})` : env,
    )
    .join(", ");
}
