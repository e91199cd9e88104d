import { operations } from "../api/operations";
import type { ApiResponse } from "../api/transport";
import { ResourceCommand } from "../cli/resource-command";
import { isRecord } from "../json";
import { at, formatValue } from "../terminal/columns";

export default class Whoami extends ResourceCommand {
  static override summary = "Show the business, profile and environment in use";
  static override examples = ["<%= config.bin %> whoami", "<%= config.bin %> whoami --env production --output table"];

  async run(): Promise<void> {
    const { flags } = await this.parse(Whoami);
    const session = this.session();
    const { profile = { value: null, source: "ATOA_TOKEN" }, env, origin } = session.target;
    const context = { profile: { ...profile }, env: { ...env }, origin: { ...origin } };
    const inWords = flags.output === "table" && flags.query === undefined && flags.columns === undefined;
    // What is printed is the response and what chose it, so that --query and csv see both.
    const sendWith = async (send: () => Promise<ApiResponse>) => {
      const response = await send();
      const { value } = response;
      if (!isRecord(value)) return response;
      return { ...response, value: inWords ? described(value, context) : { ...value, context } };
    };
    await session.call(operations.identity.get, {}, { sendWith });
  }
}

interface Chosen {
  readonly value: string | null;
  readonly source: string;
}

/** What a person asks: who am I here, in which environment, and why. */
function described(identity: object, { profile, env, origin }: Readonly<Record<"profile" | "env" | "origin", Chosen>>) {
  const because = ({ value, source }: Chosen) => [value ?? "none", reasons[source] ?? source].join(", ");
  return {
    business: formatValue(at(identity, "businessName")),
    "merchant id": formatValue(at(identity, "merchantId")),
    environment: because(env),
    profile: because(profile),
    key: formatValue(at(identity, "key.sdkAccessId")),
    server: because(origin),
  };
}

/** Why a value is in use, where the source does not say it by its name. */
const reasons: Readonly<Record<string, string>> = {
  default: "the default",
  defaultEnv: "the profile's default",
  activeProfile: "the active profile",
  "--env": "from --env",
  "--profile": "from --profile",
  ATOA_TOKEN: "the token is in ATOA_TOKEN",
  ATOA_PROFILE: "from ATOA_PROFILE",
  ATOA_BASE_URL: "from ATOA_BASE_URL",
};
