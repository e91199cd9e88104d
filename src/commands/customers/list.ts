import { Flags } from "@oclif/core";
import { operations } from "../../api/operations";
import { customerColumns } from "../../cli/customer-flags";
import { pagingFlags } from "../../cli/flags";
import { ResourceCommand } from "../../cli/resource-command";

export default class CustomersList extends ResourceCommand {
  static override summary = "List customers, or search them by name, e-mail or phone number";
  static override examples = [
    "<%= config.bin %> customers list --search jane",
    "<%= config.bin %> customers list --pageAll --output table",
  ];

  static override flags = {
    ...pagingFlags("size"),
    search: Flags.string({ summary: "Part of a name, e-mail address or phone number." }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(CustomersList);
    const { page, size, search } = flags;
    await this.call(
      operations.customers.list,
      { page, size, search },
      { columns: customerColumns, pageAll: flags.pageAll },
    );
  }
}
