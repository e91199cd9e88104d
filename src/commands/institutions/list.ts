import { operations } from "../../api/operations";
import { ResourceCommand } from "../../cli/resource-command";
import { column, idColumn, money, yesNo } from "../../terminal/columns";

const columns = [
  idColumn("Id", "id"),
  column("Name", "fullName", "name"),
  yesNo("Enabled", "enabled"),
  money("Limit", "transactionAmountLimit"),
  yesNo("Popular", "popularBank"),
  yesNo("Business", "businessBank"),
];

export default class InstitutionsList extends ResourceCommand {
  static override summary = "List the banks a customer can pay from";
  static override examples = [
    "<%= config.bin %> institutions list",
    "<%= config.bin %> institutions list --env production --output table",
  ];

  async run(): Promise<void> {
    await this.parse(InstitutionsList);
    await this.call(operations.institutions.list, {}, { columns });
  }
}
