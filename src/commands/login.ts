import { Flags } from "@oclif/core";
import { globalFlags } from "../cli/flags";
import { LocalCommand } from "../cli/local-command";
import { logIn } from "../cli/log-in";

export default class Login extends LocalCommand {
  static override summary = "Pair this device with your Atoa account";
  static override description =
    "Validates an API token with the server and stores it in the system keychain, or in a file only you can read.\n\nPaste the token at the hidden prompt, or pipe it in with --stdin; tokens are not accepted on the command line.";
  static override examples = [
    "<%= config.bin %> login --env sandbox",
    'echo "$ATOA_SANDBOX_TOKEN" | <%= config.bin %> login --stdin --env sandbox --profile ci',
  ];

  static override flags = {
    env: { ...globalFlags.env, summary: "Environment of the token; default: detected." },
    profile: Flags.string({ summary: "Profile name; default: derived from the business name." }),
    stdin: Flags.boolean({ summary: "Read the token from stdin." }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Login);
    await logIn(flags);
  }
}
