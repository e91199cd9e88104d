import { Flags } from "@oclif/core";
import { operations } from "../../api/operations";
import { webhookEvents } from "../../api/values";
import { jsonObject } from "../../cli/flags";
import { ResourceCommand } from "../../cli/resource-command";
import { say } from "../../terminal/terminal";

export default class WebhooksCreate extends ResourceCommand {
  static override summary = "Register a URL for one kind of event";
  static override description = "The endpoint has to answer with status 200 exactly; anything else is retried.";
  static override examples = [
    "<%= config.bin %> webhooks create --url https://your-app.com/webhooks --event PAYMENTS_STATUS",
    "<%= config.bin %> webhooks create --url https://your-app.com/webhooks --event PAYMENTS_STATUS --authentication @./auth.json",
  ];

  static override flags = {
    url: Flags.string({ summary: "HTTPS address that receives the events.", required: true }),
    event: Flags.option({ options: webhookEvents })({ summary: "Kind of event.", required: true }),
    authentication: jsonObject({
      summary: "How Atoa signs in at the URL: {username, password} or {clientId, clientSecret, authUrl}.",
    }),
  };

  async run(): Promise<void> {
    const { flags, raw } = await this.parse(WebhooksCreate);
    const typed = raw.find((token) => token.type === "flag" && token.flag === "authentication")?.input;
    if (typed !== undefined && typed !== "-" && !typed.startsWith("@")) {
      say(
        "warning: inline --authentication is visible in the process list, the shell history and logs — use @file or -",
      );
    }
    const { url, event, authentication } = flags;
    await this.call(operations.webhooks.create, { url, event, authentication });
  }
}
