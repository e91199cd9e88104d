import { ResourceCommand } from "../../command/resource-command";
import { column, exact } from "../../terminal/columns";

const columns = [
  exact("Id", "id"),
  column("Name", "locationName"),
  column("Address", "addressLine1"),
  column("City", "cityOrTown"),
  exact("Postcode", "addressPostalCode"),
  column("Primary", "primary"),
  column("Enabled", "enabled"),
];

export default class StoresList extends ResourceCommand {
  static override summary = "List the stores of the business";
  static override examples = ["<%= config.bin %> stores list", "<%= config.bin %> stores list --output table"];

  async run(): Promise<void> {
    const { flags } = await this.parse(StoresList);
    const session = await this.session(flags, { columns });
    await session.print(session.client.stores.list());
  }
}
