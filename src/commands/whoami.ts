import { operations } from "../api/operations";
import { ResourceCommand } from "../cli/resource-command";
import { isRecord } from "../json";

export default class Whoami extends ResourceCommand {
  static override summary = "Show whose token is in use, and why this one";
  static override examples = ["<%= config.bin %> whoami", "<%= config.bin %> whoami --env production --output yaml"];

  async run(): Promise<void> {
    await this.parse(Whoami);
    const session = this.session();
    const { profile = { value: null, source: "ATOA_TOKEN" }, env, origin } = session.target;
    const receive = (identity: unknown) =>
      session.print(isRecord(identity) ? { ...identity, context: { profile, env, origin } } : identity);
    await session.call(operations.identity.get, {}, { receive });
  }
}
