import { operations } from "../../api/operations";
import { id } from "../../cli/flags";
import { ResourceCommand } from "../../cli/resource-command";

export default class WebhooksDelete extends ResourceCommand {
  static override summary = "Remove a webhook";
  static override examples = [
    "<%= config.bin %> webhooks delete wh_123",
    "<%= config.bin %> webhooks delete wh_123 --yes",
  ];
  static override args = { id: id("Webhook id, from `webhooks list`.", "webhookId") };

  async run(): Promise<void> {
    const { args, input } = await this.read(WebhooksDelete);
    await this.call(operations.webhooks.delete, input, { confirm: `Delete webhook ${args.id}` });
  }
}
