import { pathAdvice, pathArg } from "../cli/flags";
import { ResourceCommand } from "../cli/resource-command";

export default class Delete extends ResourceCommand {
  static override summary = "Send a DELETE request to any API path";
  static override examples = [
    "<%= config.bin %> delete /api/customers/cust_123",
    "<%= config.bin %> delete /api/customers/cust_123 --yes",
  ];
  static override args = pathArg;
  protected override readonly ifNotFound = pathAdvice;

  async run(): Promise<void> {
    const { args } = await this.read(Delete);
    await this.callPath("DELETE", args.path, {}, { confirm: `DELETE ${args.path}` });
  }
}
