import { Args } from "@oclif/core";
import { operations } from "../../api/operations";
import { keepNewToken, probablyRotated } from "../../cli/new-token";
import { ownKey, serverId } from "../../cli/own-key";
import { ResourceCommand } from "../../cli/resource-command";
import { openVault } from "../../cli/session";

export default class KeysRegenerate extends ResourceCommand {
  static override summary = "Rotate an API key; the new token is stored and shown once";
  static override description =
    "The old token stops working at once. With an id of another key the new token is only printed, not stored. Where a profile has keys for both environments, say which with --env.";
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
    const own = args.sdkAccessId === undefined ? await ownKey(vault, flags) : undefined;
    const sdkAccessId = args.sdkAccessId ?? (own === undefined ? "" : serverId(own));
    const place = own === undefined ? {} : { profile: own.profile, env: own.env };
    const confirm = `Rotate key ${sdkAccessId}, whose present token then stops working`;
    const receive = (value: unknown) => keepNewToken(value, own, vault, flags.output);
    await this.session(place)
      .call(operations.keys.regenerate, { sdkAccessId }, { confirm, receive })
      .catch((error: unknown) => {
        throw own === undefined ? error : probablyRotated(error, own, sdkAccessId);
      });
  }
}
