import { operations } from "../../api/operations";
import { webhookEvents } from "../../api/values";
import { json, text } from "../../cli/flags";
import { ResourceCommand } from "../../cli/resource-command";
import { log } from "../../terminal/terminal";

export default class WebhooksCreate extends ResourceCommand {
  static override summary = "Register a URL for one kind of event";
  static override description = "The endpoint must respond with exactly HTTP 200; anything else is retried.";
  static override examples = [
    "<%= config.bin %> webhooks create --url https://your-app.com/webhooks --event PAYMENTS_STATUS",
    "<%= config.bin %> webhooks create --url https://your-app.com/webhooks --event PAYMENTS_STATUS --authentication @./auth.json",
  ];

  static override flags = {
    url: text({ summary: "HTTPS URL that receives the events.", required: true }),
    event: text({ summary: "Kind of event.", values: webhookEvents, required: true }),
    authentication: json({
      summary: "How Atoa authenticates to the URL: {username, password} or {clientId, clientSecret, authUrl}.",
    }),
  };

  async run(): Promise<void> {
    const { flags, input } = await this.read(WebhooksCreate);
    const { authentication } = flags;
    if (authentication !== undefined && authentication !== "-" && !authentication.startsWith("@")) {
      log(
        "warning: inline --authentication is visible in the process list, the shell history and logs — use @file or -",
      );
    }
    await this.call(operations.webhooks.create, input);
  }
}
