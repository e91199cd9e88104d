import { Args } from "@oclif/core";
import { operations } from "../../api/operations";
import { openVault } from "../../cli/access";
import { reportChange } from "../../cli/changes";
import { type CurrentKey, keyTarget, placeOf } from "../../cli/current-key";
import { ResourceCommand } from "../../cli/resource-command";
import { afterRevocation } from "../../cli/revocation";

export default class KeysRevoke extends ResourceCommand {
  static override summary = "Revoke an API key on the server: the one in use, or any by id";
  static override description =
    "If the key is stored on this machine, its token is removed here as well. If a profile has keys for both environments, choose one with --env.";
  static override examples = [
    "<%= config.bin %> keys revoke --env sandbox --yes",
    "<%= config.bin %> keys revoke sda_example --yes",
  ];
  static override args = {
    sdkAccessId: Args.string({ description: "Key id; default: the key in use.", ignoreStdin: true }),
  };
  async run(): Promise<void> {
    const { args, flags } = await this.parse(KeysRevoke);
    const vault = openVault();
    const { sdkAccessId, own } = await keyTarget(vault, flags, args.sdkAccessId);
    const whose = own === undefined ? "" : `, which ${own.profile}/${own.env} uses`;
    const session = this.session(placeOf(own));
    const removeHere = async (value: unknown, { profile, env }: CurrentKey) => {
      const { notices } = await afterRevocation(() => vault.forget({ profile, env }));
      await session.print(value);
      await reportChange({ notices }, `Revoked the key of ${profile}/${env} and removed it here`, false);
    };
    const receive = own === undefined ? undefined : (value: unknown) => removeHere(value, own);
    await session.call(
      operations.keys.revoke,
      { sdkAccessId },
      { confirm: `Revoke key ${sdkAccessId}${whose}`, receive },
    );
  }
}
