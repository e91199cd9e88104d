import { Args } from "@oclif/core";
import { operations } from "../../api/operations";
import { describeTarget, openVault } from "../../cli/access";
import { confirm } from "../../cli/confirmation";
import { keyTarget, placeOf } from "../../cli/current-key";
import { rotateCurrentKey, showNewToken } from "../../cli/new-token";
import { ResourceCommand } from "../../cli/resource-command";

export default class KeysRegenerate extends ResourceCommand {
  static override summary = "Rotate an API key; the new token is stored and shown once";
  static override description =
    "The old token stops working at once. If the key is not stored on this machine, the new token is only printed. If a profile has keys for both environments, choose one with --env.";
  static override examples = [
    "<%= config.bin %> keys regenerate",
    "<%= config.bin %> keys regenerate --env production --yes",
  ];
  static override args = {
    sdkAccessId: Args.string({ description: "Key id; default: the key in use.", ignoreStdin: true }),
  };
  async run(): Promise<void> {
    const { args, flags } = await this.parse(KeysRegenerate);
    const vault = openVault();
    const { sdkAccessId, own } = await keyTarget(vault, flags, args.sdkAccessId);
    const question = `Rotate key ${sdkAccessId}; its current token stops working`;
    const session = this.session(placeOf(own));
    if (own === undefined || flags.dryRun) {
      const receive = (value: unknown) => showNewToken(value, flags.output);
      return session.call(operations.keys.regenerate, { sdkAccessId }, { confirm: question, receive });
    }
    // Asked before the state is locked: a person may think about it for long.
    await confirm(`${question} (${describeTarget(own.profile, own.env)})`, flags);
    const client = await session.connect();
    const rotate = async () => (await client.call(operations.keys.regenerate, { sdkAccessId })).value;
    await rotateCurrentKey(vault, own, rotate, flags.output);
  }
}
