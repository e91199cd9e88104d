import { operations } from "../../api/operations";
import { id } from "../../cli/flags";
import { ResourceCommand } from "../../cli/resource-command";

export default class WebhooksDelete extends ResourceCommand {
  static override summary = "Remove a webhook";
  static override examples = [
    "<%= config.bin %> webhooks delete wh_123",
    "<%= config.bin %> webhooks delete wh_123 --yes",
  ];
  static override args = { id: id("Webhook id, from `webhooks list`.") };
  protected override readonly renamed = { webhookId: "<id>" };

  async run(): Promise<void> {
    const { args } = await this.parse(WebhooksDelete);
    await this.call(operations.webhooks.delete, { webhookId: args.id }, { confirm: `Delete webhook ${args.id}` });
  }
}
