import { readNetworkSettings } from "../api/limits";
import { operations } from "../api/operations";
import { type Identity, readIdentity } from "../api/response-fields";
import { parseToken } from "../credentials/tokens";
import { AtoaError, usageError } from "../errors";
import type { Env } from "../profiles/config";
import { assertProfileName, loginName } from "../profiles/names";
import { askChoice, askSecret, requireTerminal } from "../terminal/prompt";
import { canAsk, readStdin, say, stdinIsTerminal } from "../terminal/terminal";
import { environments } from "./flags";
import { openVault, originInUse } from "./session";

export interface LoginFlags {
  readonly env?: Env | undefined;
  readonly profile?: string | undefined;
  readonly stdin: boolean;
}

/**
 * Pairs a token: proves it with the server, then stores it under a profile and the environment it belongs to.
 * Nothing is stored unless the server knows the token and the environment fits.
 */
export async function logIn(flags: LoginFlags): Promise<void> {
  const origin = originInUse();
  const vault = openVault();
  vault.config();
  if (flags.profile !== undefined) assertProfileName(flags.profile);
  const token = parseToken(await tokenText(flags));
  const identity = await identify(token, origin.value);
  const env = await environmentOf(identity, flags.env);
  const { merchantId: businessId, businessName } = identity;
  const name = loginName(
    vault.config(),
    { businessId, businessName },
    { flag: flags.profile, environment: process.env },
  );
  const stored = await vault.storeLogin({
    profile: name.value,
    env,
    token,
    businessId,
    displayName: businessName,
    sdkAccessId: identity.sdkAccessId,
    origin: origin.value,
    activate: name.activate,
  });
  for (const notice of stored.notices) say(notice);
  say(`✓ Logged in to ${businessName} as profile ${stored.profile} (${env}); token in ${stored.location}`);
}

async function tokenText(flags: LoginFlags): Promise<string> {
  // At a terminal the token would be seen while it is typed: there the prompt hides it.
  if (flags.stdin && !stdinIsTerminal()) return readStdin();
  requireTerminal("A token is needed", 'pipe it in: echo "$TOKEN" | atoa login --stdin');
  return askSecret("API token (from the Atoa dashboard):");
}

/** Asks the server whose token this is. @throws AtoaError kind auth when it does not know the token */
export async function identify(token: string, origin: string): Promise<Identity> {
  const { AtoaClient } = await import("../api/client");
  const client = new AtoaClient({ ...readNetworkSettings(origin, process.env), origin, token });
  try {
    return readIdentity((await client.call(operations.identity.get, {})).value);
  } catch (error) {
    if (!(error instanceof AtoaError) || error.status !== 401) throw error;
    throw error.with({ hint: "copy it again from the Atoa dashboard; it may have been revoked, rotated or cut short" });
  }
}

/** The environment that the server says the token belongs to; it has to be the one asked for. */
async function environmentOf(identity: Identity, wanted: Env | undefined): Promise<Env> {
  const actual = identity.env;
  if (actual === undefined) {
    if (wanted !== undefined) return wanted;
    if (canAsk()) return askChoice("Which environment is this token for?", environments);
    throw usageError(
      "The server does not say which environment this token is for",
      "add --env sandbox or --env production",
    );
  }
  if (wanted === undefined || wanted === actual) return actual;
  throw usageError(
    `this token belongs to ${actual} but you picked ${wanted}`,
    `run \`atoa login --env ${actual}\`, or use a ${wanted} token`,
  );
}
