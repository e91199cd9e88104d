import { operations } from "../../api/operations";
import { ResourceCommand } from "../../cli/resource-command";
import { column, idColumn, yesNo } from "../../terminal/columns";

const columns = [
  idColumn("Id", "id"),
  column("Name", "locationName"),
  column("City", "cityOrTown"),
  idColumn("Postcode", "addressPostalCode"),
  yesNo("Primary", "primary"),
  yesNo("Enabled", "enabled"),
  column("Address", "addressLine1"),
];

export default class StoresList extends ResourceCommand {
  static override summary = "List your stores";
  static override examples = ["<%= config.bin %> stores list", "<%= config.bin %> stores list --output table"];

  async run(): Promise<void> {
    await this.parse(StoresList);
    await this.call(operations.stores.list, {}, { columns });
  }
}
