import { operations } from "../../api/operations";
import { id } from "../../cli/flags";
import { ResourceCommand } from "../../cli/resource-command";

export default class CustomersDelete extends ResourceCommand {
  static override summary = "Delete a customer and their saved cards";
  static override examples = [
    "<%= config.bin %> customers delete cust_123",
    "<%= config.bin %> customers delete cust_123 --yes",
  ];
  static override args = { id: id("Customer id.") };

  async run(): Promise<void> {
    const { args, input } = await this.read(CustomersDelete);
    await this.call(operations.customers.delete, input, { confirm: `Delete customer ${args.id}` });
  }
}
