import { operations } from "../../api/operations";
import { customerFlags } from "../../cli/customer-flags";
import { text } from "../../cli/flags";
import { ResourceCommand } from "../../cli/resource-command";

export default class CustomersCreate extends ResourceCommand {
  static override summary = "Create a customer, so that you can save and charge their cards";
  static override description = "Requires an email address, a phone number or both.";
  static override examples = [
    '<%= config.bin %> customers create --fullName "Jane Doe" --email jane@example.com --type INDIVIDUAL',
    '<%= config.bin %> customers create --fullName "Mill Lane Ltd" --type BUSINESS --phoneCountryCode 44 --phoneNumber 7700900123',
  ];

  static override flags = {
    fullName: text({ summary: "Name, 2 to 30 characters.", required: true }),
    ...customerFlags,
  };

  async run(): Promise<void> {
    const { input } = await this.read(CustomersCreate);
    await this.call(operations.customers.create, input);
  }
}
