import { operations } from "../../api/operations";
import { id } from "../../cli/flags";
import { ResourceCommand } from "../../cli/resource-command";

export default class CustomersGet extends ResourceCommand {
  static override summary = "Show a customer";
  static override examples = [
    "<%= config.bin %> customers get cust_123",
    "<%= config.bin %> customers get cust_123 --output table",
  ];
  static override args = { id: id("Customer id.") };

  async run(): Promise<void> {
    const { input } = await this.read(CustomersGet);
    await this.call(operations.customers.get, input);
  }
}
