import { isRecord } from "../api/json";
import { ResourceCommand } from "../cli/resource-command";

export default class Whoami extends ResourceCommand {
  static override summary = "Show whose token is in use, and why this one";
  static override examples = ["<%= config.bin %> whoami", "<%= config.bin %> whoami --env production --output yaml"];

  async run(): Promise<void> {
    const { flags } = await this.parse(Whoami);
    const session = await this.session(flags);
    const { profile, env, origin } = session.target;
    const answer = session.client.identity
      .get()
      .then((identity) =>
        session.dryRun || !isRecord(identity) ? identity : { ...identity, context: { profile, env, origin } },
      );
    await session.print(answer);
  }
}
