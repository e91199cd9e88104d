import { operations } from "../../api/operations";
import { ResourceCommand } from "../../cli/resource-command";
import { column, idColumn } from "../../terminal/columns";

const columns = [idColumn("Id", "webhookId"), idColumn("Event", "event"), column("URL", "url")];

export default class WebhooksList extends ResourceCommand {
  static override summary = "List the registered webhooks";
  static override examples = ["<%= config.bin %> webhooks list", "<%= config.bin %> webhooks list --output table"];

  async run(): Promise<void> {
    await this.parse(WebhooksList);
    await this.call(operations.webhooks.list, {}, { columns });
  }
}
