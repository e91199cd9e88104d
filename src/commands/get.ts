import { Flags } from "@oclif/core";
import { fillPath } from "../api/raw-request";
import type { Spelling } from "../api/schemas/fields";
import { pathAdvice, pathArg } from "../cli/flags";
import { parameters } from "../cli/parameters";
import { ResourceCommand } from "../cli/resource-command";

export default class Get extends ResourceCommand {
  static override summary = "Send a GET request to any API path";
  static override examples = [
    "<%= config.bin %> get /api/payments/stores",
    "<%= config.bin %> get /api/customers -d page=0 -d size=20 --pageAll",
    "<%= config.bin %> get /api/customers/:id -d id=cust_123",
  ];

  static override args = pathArg;
  static override flags = {
    data: Flags.string({
      char: "d",
      multiple: true,
      multipleNonGreedy: true,
      helpValue: "<key=value>",
      summary: "Value for :key in the path, otherwise a query parameter. Repeatable.",
    }),
    pageAll: Flags.boolean({ summary: "Fetch every page and print one flat list." }),
  };

  protected override readonly ifNotFound = pathAdvice;

  /** Its fields are parameters of the user's own. */
  protected override get spelling(): Spelling {
    return (field) => (field === "path" ? "<path>" : `-d ${field}`);
  }

  async run(): Promise<void> {
    const { args, flags } = await this.read(Get);
    const { path, others } = fillPath(args.path, parameters(flags.data));
    await this.callPath("GET", path, { query: others }, { pageAll: flags.pageAll });
  }
}
