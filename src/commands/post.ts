import { Flags } from "@oclif/core";
import { fillPath } from "../api/raw-request";
import { bodyLimit, flagText } from "../cli/flag-text";
import { idempotencyKeyFlag, pathAdvice, pathArg } from "../cli/flags";
import { parameters, parseScalar } from "../cli/parameters";
import { ResourceCommand } from "../cli/resource-command";
import { usageError } from "../errors";
import { type JsonValue, parseJson } from "../json";

export default class Post extends ResourceCommand {
  static override summary = "Send a POST request to any API path";
  static override examples = [
    "<%= config.bin %> post /api/something --data @body.json",
    '<%= config.bin %> post /api/something --data @body.json --idempotencyKey "ci-42"',
    '<%= config.bin %> post /api/customers -d fullName="Jane Doe" -d email=jane@example.com --dryRun',
  ];

  static override args = pathArg;
  static override flags = {
    field: Flags.string({
      char: "d",
      multiple: true,
      multipleNonGreedy: true,
      helpValue: "<key=value>",
      summary:
        "Value for :key in the path, otherwise a body field; true, false, null and numbers keep their JSON type. Repeatable.",
    }),
    data: Flags.string({ summary: "Request body as JSON.", helpValue: "<@file|-|json>" }),
    ...idempotencyKeyFlag,
  };

  protected override readonly ifNotFound = pathAdvice;

  async run(): Promise<void> {
    const { args, flags } = await this.read(Post);
    const { path, others } = fillPath(args.path, parameters(flags.field));
    const fields = Object.entries(others).map(([key, value]) => [key, parseScalar(value)] as const);
    if (flags.data !== undefined && fields.length > 0) {
      throw usageError("-d and --data cannot be combined", "use one of the two");
    }
    const inFields = fields.length === 0 ? undefined : Object.fromEntries(fields);
    const body = flags.data === undefined ? inFields : parseBody(await flagText(flags.data, "data", bodyLimit));
    await this.callPath(
      "POST",
      path,
      { body },
      { idempotencyKey: flags.idempotencyKey, confirmInProduction: `POST ${path}` },
    );
  }
}

/** Any JSON: what a path of the user's own takes is not known here. The text may hold a secret and is not repeated. */
function parseBody(text: string): JsonValue {
  try {
    return parseJson(text);
  } catch {
    throw usageError("--data is not valid JSON", 'give JSON such as {"key":"value"}, @file or -', "--data");
  }
}
