/** Whose token a run acts with: a profile's, or the one in ATOA_TOKEN. */
import { isLoopback } from "../api/network-settings";
import { parseToken } from "../credentials/store";
import { createVault, type Vault } from "../credentials/vault";
import type { Env } from "../environments";
import { defaultOrigin } from "../environments";
import { usageError } from "../errors";
import { type Resolved, resolveTarget } from "../profiles/resolution";
import { canAsk, interruption, log } from "../terminal/terminal";
import { shellWord } from "../text";

export interface Access {
  /** Undefined with ATOA_TOKEN, which belongs to no profile. */
  readonly profile?: Resolved<string>;
  readonly env: Resolved<Env>;
  readonly origin: Resolved<string>;
  /** Where the action takes place, for a question: "profile acme, PRODUCTION". */
  readonly place: string;
  /** What to do when the server refuses the token. */
  readonly refusedHint: string;
  /** Reads the token: as late as possible, and from a keychain that may take its time. */
  readonly readToken: () => Promise<string>;
}

/**
 * ATOA_TOKEN, else the profile that flags, variables and config lead to. No stored token is read yet.
 * @throws AtoaError usage for contradictions and for an origin that the token must not go to; auth without credentials
 */
export function resolveAccess(
  given: { profile?: string | undefined; env?: Env | undefined },
  origin: Resolved<string>,
  environment: NodeJS.ProcessEnv,
): Access {
  return accessFromVariable(given, origin, environment) ?? accessOfProfile(given, origin, environment);
}

function accessFromVariable(
  given: { profile?: string | undefined; env?: Env | undefined },
  origin: Resolved<string>,
  environment: NodeJS.ProcessEnv,
): Access | undefined {
  const token = tokenOfThisRun(given, environment);
  if (token === undefined) return undefined;
  if (origin.value !== defaultOrigin && !isLoopback(new URL(origin.value).hostname)) {
    throw usageError(
      `ATOA_TOKEN is only sent to ${defaultOrigin} or to this machine, but ATOA_BASE_URL is ${origin.value}`,
      "unset ATOA_BASE_URL, or log in to that server with `atoa login`",
    );
  }
  const env: Resolved<Env> =
    given.env === undefined ? { value: "sandbox", source: "default" } : { value: given.env, source: "--env" };
  return {
    env,
    origin,
    place: `the token in ATOA_TOKEN, ${shout(env.value)}`,
    refusedHint: "check the token in ATOA_TOKEN: it may have been revoked, rotated or cut short",
    readToken: async () => parseToken(token, "token in ATOA_TOKEN", "ATOA_TOKEN"),
  };
}

/**
 * What ATOA_TOKEN holds, as it stands there: for this run it takes the place of profiles.
 * @throws AtoaError usage when a profile is asked for beside it
 */
export function tokenOfThisRun(
  given: { profile?: string | undefined },
  environment: NodeJS.ProcessEnv,
): string | undefined {
  const { ATOA_TOKEN: token = "" } = environment;
  if (token === "") return undefined;
  const other =
    given.profile !== undefined ? "--profile" : (environment.ATOA_PROFILE ?? "") !== "" ? "ATOA_PROFILE" : "";
  if (other === "") return token;
  throw usageError(`ATOA_TOKEN and ${other} are both set`, "use only one of them");
}

function accessOfProfile(
  given: { profile?: string | undefined; env?: Env | undefined },
  origin: Resolved<string>,
  environment: NodeJS.ProcessEnv,
): Access {
  const vault = openVault();
  const wanted = { profile: given.profile, env: given.env, environment, origin };
  const { profile, env } = resolveTarget(vault.config(), wanted);
  return {
    profile,
    env,
    origin,
    place: describeTarget(profile.value, env.value),
    refusedHint: `log in again: \`atoa login --profile ${shellWord(profile.value)} --env ${env.value}\``,
    readToken: () => vault.readToken({ profile: profile.value, env: env.value, origin }),
  };
}

/** Where an action takes place, for a question. */
export function describeTarget(profile: string, env: string): string {
  return `profile ${profile}, ${shout(env)}`;
}

/** The environment; louder when real money moves. */
function shout(env: string): string {
  return env === "production" ? "PRODUCTION" : env;
}

/** The vault of this machine, with the one line that a person sees while a keychain waits to be unlocked. */
export function openVault(): Vault {
  return createVault({
    environment: process.env,
    // Lazy: checking isTTY initialises the streams.
    get interactive() {
      return canAsk();
    },
    // Ctrl-C while a keychain is asked ends the program in order; only then is the signal watched.
    get signal() {
      return interruption();
    },
    onKeychainWait: () => log("waiting for the system keychain to be unlocked …"),
  });
}
