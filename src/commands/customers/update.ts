import { operations } from "../../api/operations";
import { customerFlags } from "../../cli/customer-flags";
import { id, text } from "../../cli/flags";
import { ResourceCommand } from "../../cli/resource-command";

export default class CustomersUpdate extends ResourceCommand {
  static override summary = "Update a customer; fields you leave out keep their values";
  static override examples = [
    "<%= config.bin %> customers update cust_123 --vatNumber GB123456789",
    "<%= config.bin %> customers update cust_123 --city York --postcode 'YO1 7HH'",
  ];

  static override args = { id: id("Customer id.") };
  static override flags = { fullName: text({ summary: "Name, 2 to 30 characters." }), ...customerFlags };

  async run(): Promise<void> {
    const { input } = await this.read(CustomersUpdate);
    await this.call(operations.customers.update, input);
  }
}
