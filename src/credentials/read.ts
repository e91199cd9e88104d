/** Reading tokens and what the config says about them. Takes no lock: what it finds is always from before or after a change. */
import { createHash } from "node:crypto";
import { defaultOrigin } from "../environments";
import { AtoaError } from "../errors";
import {
  type Config,
  type CredentialKey,
  configToJson,
  type Env,
  type KeyEntry,
  keyEntry,
  pairedEnvs,
  readConfig,
} from "../profiles/config";
import { assertOrigin, keyOf, profileNamed, type Resolved } from "../profiles/resolution";
import { isToken, registerSecret } from "../redaction";
import { shellWord } from "../text";
import { allPlaces, type Home, isFileOnly, type Place, pendingOf, placesOf, readersOf, samePlace } from "./home";
import { type ReadOutcome, type StoreFailure, storeError } from "./store";

export type FoundToken =
  /** `entry` are the facts about this very token, which may be those of a login that was cut off after it was stored. */
  | { readonly outcome: "found"; readonly token: string; readonly entry: KeyEntry; readonly place: Place }
  | { readonly outcome: "absent" }
  /** A token is there, but not the one that was paired: only a hand can have put it there. */
  | { readonly outcome: "mismatched" }
  | StoreFailure;

type NotFound = Exclude<FoundToken, { outcome: "found" }>;

/** Looks where the config says; a key that only a half-finished login names is looked for where that was going to put it. */
export async function findToken(home: Home, config: Config, key: CredentialKey): Promise<FoundToken> {
  const entry = keyEntry(config, key);
  const places =
    entry === undefined ? allPlaces(config, key, isFileOnly(home)) : placesOf(key, entry, isFileOnly(home));
  const anywhere = entry?.store === undefined;
  let best: FoundToken = { outcome: "absent" };
  for (const place of places) {
    const response = await readersOf(home)[place.store].read(place.account);
    const found = judge(config, key, place, response);
    if (found.outcome === "found") return found;
    // A key of version 0.1 may be in the file on a machine without a keychain, and its fingerprint may be an older token's.
    if (response.outcome === "found" && entry !== undefined && anywhere && isToken(response.token)) {
      best = { outcome: "found", token: response.token, entry, place };
    } else if (best.outcome === "absent" && !(anywhere && found.outcome === "unavailable")) best = found;
  }
  return best;
}

/** What was found in a place, held against what the config says. */
function judge(config: Config, key: CredentialKey, place: Place, response: ReadOutcome): FoundToken {
  if (response.outcome !== "found") return response;
  const { token } = response;
  registerSecret(token);
  const settled = pendingOf(config, key).find((one) => samePlace(one, place) && one.hash === tokenHash(token))?.key;
  if (settled !== undefined) return { outcome: "found", token, entry: settled, place };
  const entry = keyEntry(config, key);
  if (entry === undefined) return { outcome: "absent" };
  return isToken(token) && matches(entry, token)
    ? { outcome: "found", token, entry, place }
    : { outcome: "mismatched" };
}

function matches(entry: KeyEntry, token: string): boolean {
  const known = entry.tokenFingerprint;
  return (
    known === undefined || known === tokenFingerprint(token) || (entry.store === undefined && token.endsWith(known))
  );
}

export interface TokenTarget {
  readonly profile: string;
  readonly env: Env;
  /** Where the request goes. */
  readonly origin: Resolved<string>;
}

/** How often another process may change the state between reading the config and reading the token. */
const maxAttempts = 20;

/**
 * The token of one key. The origin is checked first: a token that belongs elsewhere is not even read.
 * @throws AtoaError usage (other origin), auth (no credentials, token gone), failure (file refused, keychain unavailable)
 */
export async function readToken(home: Home, { profile, env, origin }: TokenTarget): Promise<string> {
  const key = { profile, kind: env };
  for (let attempt = 1; ; attempt += 1) {
    const config = readConfig(home.paths.config);
    assertOrigin(profile, env, keyOf(profile, profileNamed(config, profile), env), origin);
    const found = await findToken(home, config, key);
    if (found.outcome === "found") {
      assertOrigin(profile, env, found.entry, origin);
      return found.token;
    }
    const gone = found.outcome === "absent" || found.outcome === "mismatched";
    if (!gone || attempt === maxAttempts || isUnchanged(home, config)) throw notFound(home, config, key, found);
  }
}

/** Whether the config still says what it said when the token was looked for. */
function isUnchanged(home: Home, config: Config): boolean {
  return configToJson(readConfig(home.paths.config)) === configToJson(config);
}

/** The error for a token that was not found: exit 2 when it is gone, 1 when its store cannot be read. */
export function notFound(home: Home, config: Config, key: CredentialKey, found: NotFound): AtoaError {
  if (found.outcome !== "absent" && found.outcome !== "mismatched") return storeError(found, key, home.paths);
  const names = { keychain: "the system keychain", file: home.paths.secrets };
  const stores = placesOf(key, keyEntry(config, key), isFileOnly(home)).map(({ store }) => names[store]);
  const where = stores.join(" or ");
  const why =
    found.outcome === "absent"
      ? `its token is missing from ${where}`
      : `the token in ${where} is not the one you logged in with`;
  const { profile, kind } = key;
  const login = `atoa login --profile ${shellWord(profile)} --env ${kind}`;
  const secret = `atoa webhooks secret --stdin --profile ${shellWord(profile)}`;
  return new AtoaError({
    kind: "auth",
    message: `No credentials for ${profile}/${kind}: ${why}`,
    hint: `run \`${kind === "signing" ? secret : login}\``,
  });
}

/** The signing secret of a profile; undefined when none was stored. @throws AtoaError auth (it is gone), failure, notFound */
export async function readSigningSecret(home: Home, profile: string): Promise<string | undefined> {
  const config = readConfig(home.paths.config);
  const key = { profile, kind: "signing" } as const;
  if (profileNamed(config, profile).signing === undefined) return undefined;
  const found = await findToken(home, config, key);
  if (found.outcome === "found") return found.token;
  throw notFound(home, config, key, found);
}

export interface KnownToken {
  readonly profile: string;
  readonly env: Env;
  /** Origin that the key was paired with. */
  readonly origin: string;
  /** The token, or why it cannot be read. */
  readonly result: { readonly token: string } | { readonly why: string };
}

/**
 * The tokens of this machine one by one, each read when it is asked for: who has found what they seek does not wait for the
 * keychain of another key. @param first the profile to begin with
 */
export async function* readTokens(home: Home, first?: string): AsyncGenerator<KnownToken> {
  const config = readConfig(home.paths.config);
  const names = [...config.profiles.keys()].sort((one, other) => Number(other === first) - Number(one === first));
  for (const profile of names) {
    for (const env of pairedEnvs(config.profiles.get(profile) ?? {})) {
      const key = { profile, kind: env };
      const found = await findToken(home, config, key);
      const entry = found.outcome === "found" ? found.entry : keyEntry(config, key);
      const result =
        found.outcome === "found" ? { token: found.token } : { why: notFound(home, config, key, found).summary };
      yield { profile, env, origin: entry?.apiOrigin ?? defaultOrigin, result };
    }
  }
}

/** First 4 hex digits of the token's SHA-256: enough to tell two keys apart, useless for guessing the token. */
export function tokenFingerprint(token: string): string {
  return tokenHash(token).slice(0, 4);
}

/** The whole SHA-256 in hex: identifies the token in a store with certainty. */
export function tokenHash(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}
