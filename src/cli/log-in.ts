import { readNetworkSettings } from "../api/network-settings";
import { operations } from "../api/operations";
import { type Identity, readIdentity } from "../api/response";
import { parseToken } from "../credentials/store";
import { defaultOrigin, type Env, environments } from "../environments";
import { AtoaError, usageError } from "../errors";
import { assertProfileName } from "../profiles/names";
import { givenName } from "../profiles/resolution";
import { askChoice, askSecret, requireTerminal } from "../terminal/prompt";
import { canAsk, log, readStdin, stdinIsTerminal } from "../terminal/terminal";
import { openVault } from "./access";
import { originInUse } from "./session";

export interface LoginFlags {
  readonly env?: Env | undefined;
  readonly profile?: string | undefined;
  readonly stdin: boolean;
}

/**
 * Pairs a token: verifies it with the server, then stores it under a profile and the environment it belongs to.
 * Nothing is stored unless the server knows the token and the environment fits.
 */
export async function logIn(flags: LoginFlags): Promise<void> {
  const origin = originInUse().value;
  const vault = openVault();
  const given = givenName(flags.profile, process.env);
  // Refused before anybody types a token: a config that cannot be read, a new name that may not be one.
  if (!vault.config().profiles.has(given?.value ?? "") && given !== undefined) assertProfileName(given.value);

  const token = parseToken(await tokenText(flags, origin), "token", flags.stdin ? "--stdin" : undefined);
  const identity = await identify(token, origin);
  const env = await environmentOf(identity, flags.env);
  const displayName = identity.businessName.slice(0, longestName);
  const stored = await vault.storeLogin({
    profile: given?.value,
    env,
    token,
    businessId: identity.merchantId,
    displayName,
    sdkAccessId: identity.sdkAccessId,
    origin,
    activate: true,
  });

  for (const notice of stored.notices) log(notice);
  const at = origin === defaultOrigin ? "" : ` at ${origin}`;
  log(`✓ Logged in to ${displayName} as profile ${stored.profile} (${env})${at}; token in ${stored.location}`);
  log(`Commands now use ${stored.profile} (${env === "production" ? "PRODUCTION" : env})`);
  const variable = process.env.ATOA_PROFILE?.trim();
  if (variable && variable !== stored.profile) log(`warning: ATOA_PROFILE=${variable} is set, and takes precedence`);
}

/** What a server calls a business or a key goes into the config and onto the screen: neither is a place for megabytes. */
const longestName = 200;

async function tokenText(flags: LoginFlags, origin: string): Promise<string> {
  // At a terminal the token would be seen while it is typed: there the prompt hides it.
  if (flags.stdin && !stdinIsTerminal()) {
    const text = await readStdin();
    if (text.trim() === "") throw usageError("Nothing came in on stdin", "is the variable set?", "--stdin");
    return text;
  }
  requireTerminal("A token is needed", 'pipe it in: echo "$TOKEN" | atoa login --stdin', "MISSING_INPUT");
  const whose = origin === defaultOrigin ? "from the Atoa dashboard" : `for ${origin}`;
  return askSecret(`API token (${whose}):`);
}

/** Asks the server whose token this is. @throws AtoaError kind auth when it does not know the token */
export async function identify(token: string, origin: string): Promise<Identity> {
  const { AtoaClient } = await import("../api/client");
  const client = new AtoaClient({ ...readNetworkSettings(origin, process.env), origin, token });
  try {
    return bounded(readIdentity((await client.call(operations.identity.get, {})).value));
  } catch (error) {
    if (!(error instanceof AtoaError) || error.status !== 401) throw error;
    throw error.with({ hint: "copy it again from the Atoa dashboard; it may have been revoked, rotated or cut short" });
  }
}

function bounded(identity: Identity): Identity {
  const { merchantId, sdkAccessId = "" } = identity;
  if (merchantId.length <= longestName && sdkAccessId.length <= longestName) return identity;
  throw new AtoaError({
    kind: "failure",
    message: "The server's name for the business or the key is longer than 200 characters",
    hint: "check ATOA_BASE_URL, and tell Atoa support if it happens again",
  });
}

/** The environment that the server says the token belongs to; it has to be the one asked for. */
async function environmentOf(identity: Identity, wanted: Env | undefined): Promise<Env> {
  const actual = identity.env;
  if (actual === undefined) {
    if (wanted !== undefined) return wanted;
    if (canAsk()) return askChoice("Which environment is this token for?", environments);
    throw usageError("Could not tell which environment this token is for", "add --env sandbox or --env production");
  }
  if (wanted === undefined || wanted === actual) return actual;
  throw usageError(
    `this token belongs to ${actual} but you picked ${wanted}`,
    `run \`atoa login --env ${actual}\`, or use a ${wanted} token`,
  );
}
