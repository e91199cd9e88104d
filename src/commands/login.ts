import { Flags } from "@oclif/core";
import { AdminCommand } from "../cli/admin-command";
import { globalFlags } from "../cli/flags";
import { logIn } from "../cli/log-in";

export default class Login extends AdminCommand {
  static override summary = "Pair this machine with your Atoa account";
  static override description =
    "Checks an API token with the server and stores it in the system keychain, or in a file that only you can read.\n\nThe token is typed at a prompt that hides it, or piped in with --stdin; it never stands on the command line.";
  static override examples = [
    "<%= config.bin %> login --env sandbox",
    'echo "$ATOA_SANDBOX_TOKEN" | <%= config.bin %> login --stdin --env sandbox --profile ci',
  ];

  static override flags = {
    env: { ...globalFlags.env, summary: "Environment the token must belong to; default: its own." },
    profile: Flags.string({ summary: "Name of the profile; default: made from the name of the business." }),
    stdin: Flags.boolean({ summary: "Read the token from stdin." }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Login);
    await logIn(flags);
  }
}
