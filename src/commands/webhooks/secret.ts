import { Flags } from "@oclif/core";
import { ResourceCommand } from "../../cli/resource-command";
import { keepSigningSecret } from "../../cli/webhooks/signing-secret";

export default class WebhooksSecret extends ResourceCommand {
  static override summary = "Store the secret that signs your deliveries (v2)";
  static override description =
    "Create the secret in the Atoa dashboard, which shows it once. It is stored with the profile's tokens and used by verify, listen, trigger and check.";
  static override examples = [
    'echo "$WEBHOOK_SECRET" | <%= config.bin %> webhooks secret --stdin',
    "<%= config.bin %> webhooks secret",
  ];

  static override flags = { stdin: Flags.boolean({ summary: "Read the secret from stdin." }) };

  async run(): Promise<void> {
    const { flags } = await this.parse(WebhooksSecret);
    await keepSigningSecret(flags);
  }
}
