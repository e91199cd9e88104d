import { Args } from "@oclif/core";
import { operations } from "../../api/operations";
import { ownKey, serverId } from "../../cli/own-key";
import { ResourceCommand } from "../../cli/resource-command";
import { openVault } from "../../cli/session";
import { say } from "../../terminal/terminal";

export default class KeysRevoke extends ResourceCommand {
  static override summary = "Revoke an API key at the server: this machine's own, or any by its id";
  static override description =
    "Without an id the key of the profile in use is revoked and forgotten here. With an id nothing changes on this machine. Where a profile has keys for both environments, say which with --env.";
  static override examples = [
    "<%= config.bin %> keys revoke --env sandbox --yes",
    "<%= config.bin %> keys revoke sda_example --yes",
  ];
  static override args = {
    sdkAccessId: Args.string({ description: "Key id; default: the key in use.", ignoreStdin: true }),
  };
  async run(): Promise<void> {
    const { args, flags } = await this.parse(KeysRevoke);
    if (args.sdkAccessId !== undefined) {
      const confirm = `Revoke key ${args.sdkAccessId}`;
      return this.call(operations.keys.revoke, { sdkAccessId: args.sdkAccessId }, { confirm });
    }
    const vault = openVault();
    const own = await ownKey(vault, flags);
    const sdkAccessId = serverId(own);
    const { profile, env } = own;
    const session = this.session({ profile, env });
    const receive = async (value: unknown) => {
      const { notices } = await vault.forget({ profile, env });
      for (const notice of notices) say(notice);
      say(`✓ Revoked the key of ${profile}/${env} and forgot it here`);
      await session.print(value);
    };
    const confirm = `Revoke key ${sdkAccessId}, the one in use here`;
    await session.call(operations.keys.revoke, { sdkAccessId }, { confirm, receive });
  }
}
