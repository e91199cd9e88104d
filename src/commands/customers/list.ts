import { operations } from "../../api/operations";
import { customerColumns } from "../../cli/customer-flags";
import { pagingFlags, text } from "../../cli/flags";
import { ResourceCommand } from "../../cli/resource-command";

export default class CustomersList extends ResourceCommand {
  static override summary = "List customers, or search them by name, email or phone number";
  static override examples = [
    "<%= config.bin %> customers list --search jane",
    "<%= config.bin %> customers list --pageAll --output table",
  ];

  static override flags = {
    ...pagingFlags("size"),
    search: text({ summary: "Part of a name, email address or phone number." }),
  };

  async run(): Promise<void> {
    const { flags, input } = await this.read(CustomersList);
    await this.call(operations.customers.list, input, { columns: customerColumns, pageAll: flags.pageAll });
  }
}
