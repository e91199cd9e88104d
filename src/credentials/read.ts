/**
 * What is known of a home without a lock: the places where its tokens are, and the tokens. What is found is always from before or
 * after a change.
 */
import { environments } from "../environments";
import { AtoaError } from "../errors";
import {
  accountOf,
  type Config,
  type CredentialKey,
  configToJson,
  type Env,
  type KeyEntry,
  keyEntry,
  type PendingToken,
  readConfig,
  type StoreName,
} from "../profiles/config";
import { assertOrigin, keyOf, profileNamed, type Resolved } from "../profiles/resolution";
import type { StatePaths } from "../profiles/state-files";
import { isToken, registerSecret } from "../redaction";
import { loginCommand, type ReadOutcome, readSecrets, type StoreFailure, storeError, type TokenStore } from "./store";

export interface Home {
  readonly paths: StatePaths;
  /** Loaded when it is first asked. */
  readonly keychain: () => Promise<TokenStore>;
  /** Stores that a new token may go to, best first. One that is not among them is asked only where the config names it. */
  readonly stores: readonly [StoreName, StoreName?];
}

/** Where a token of a key is, or may be. */
export interface Place extends CredentialKey {
  readonly store: StoreName;
  readonly account: string;
  /** The config says that a token was put here; else (version 0.1, a name that it does not know) one only may be. */
  readonly named: boolean;
}

type StoreAccount = Pick<Place, "store" | "account">;

/** The place that the config names for a key, or both when version 0.1 named none: the file first, because asking it is free. */
export function placesOf(home: Home, { profile, kind }: CredentialKey, entry: KeyEntry): readonly Place[] {
  const account = accountOf(profile, kind, entry);
  if (entry.store !== undefined) return [{ profile, kind, store: entry.store, account, named: true }];
  const file: Place = { profile, kind, store: "file", account, named: false };
  return home.stores.includes("keychain") ? [file, { ...file, store: "keychain" }] : [file];
}

/** Every place where a token of this home may be. */
export function allPlaces(home: Home, config: Config): readonly Place[] {
  const pending = config.pending.map((token) => ({ ...token, named: true }));
  const ofKeys = allKeys(config).flatMap((key) => {
    const entry = keyEntry(config, key);
    return entry === undefined ? [] : placesOf(home, key, entry);
  });
  const places = [...pending, ...ofKeys];
  return places.filter((place, index) => places.findIndex((one) => samePlace(one, place)) === index);
}

export function samePlace(one: StoreAccount, other: StoreAccount): boolean {
  return one.store === other.store && one.account === other.account;
}

export function sameKey(one: CredentialKey, other: CredentialKey): boolean {
  return one.profile === other.profile && one.kind === other.kind;
}

/** A place as the config names it while a token goes in, and until it is gone. */
export function asPending({ profile, kind, store, account }: Place): PendingToken {
  return { profile, kind, store, account };
}

/** Every secret that the config names, those of half-finished logins included. */
export function allKeys(config: Config): readonly CredentialKey[] {
  const kinds = [...environments, "signing"] as const;
  const named = [...config.profiles.keys()]
    .flatMap((profile) => kinds.map((kind) => ({ profile, kind })))
    .filter((key) => keyEntry(config, key) !== undefined);
  const keys = [...named, ...config.pending.map(({ profile, kind }) => ({ profile, kind }))];
  return keys.filter((key, index) => keys.findIndex((one) => sameKey(one, key)) === index);
}

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
    entry === undefined ? allPlaces(home, config).filter((place) => sameKey(place, key)) : placesOf(home, key, entry);
  let best: NotFound = { outcome: "absent" };
  for (const place of places) {
    const found = judge(config, place, await readFrom(home, place));
    if (found.outcome === "found") return found;
    // A key of version 0.1 may be in the file on a machine without a keychain.
    const nowhere = found.outcome === "unavailable" && !place.named;
    if (best.outcome === "absent" && !nowhere) best = found;
  }
  return best;
}

export async function readFrom(home: Home, { store, account }: StoreAccount): Promise<ReadOutcome> {
  if (store === "keychain") return (await home.keychain()).read(account);
  const token = readSecrets(home.paths.secrets).get(account);
  return token === undefined ? { outcome: "absent" } : { outcome: "found", token };
}

/** What was found in a place, held against what the config says. */
function judge(config: Config, place: Place, response: ReadOutcome): FoundToken {
  if (response.outcome !== "found") return response;
  const { token } = response;
  registerSecret(token);
  const entry = factsAbout(config, place, token);
  if (entry === undefined) return { outcome: "absent" };
  // What version 0.1 wrote as a fingerprint says nothing that we could rely on.
  const known = place.named ? entry.tokenFingerprint : undefined;
  const isOurs = known === undefined || known === tokenFingerprint(token);
  return isOurs && isToken(token) ? { outcome: "found", token, entry, place } : { outcome: "mismatched" };
}

/** Which facts describe a token that lies in this place: those of a pending one with its hash, else those of the key. */
export function factsAbout(config: Config, place: CredentialKey & StoreAccount, token: string): KeyEntry | undefined {
  const pending = config.pending.find((one) => samePlace(one, place) && one.hash === tokenHash(token));
  return pending?.key ?? keyEntry(config, place);
}

export interface TokenTarget {
  readonly profile: string;
  readonly env: Env;
  /** Where the request goes. */
  readonly origin: Resolved<string>;
}

/**
 * The token of one key. The origin is checked first: a token that belongs elsewhere is not even read.
 * @throws AtoaError usage (other origin), auth (no credentials, token gone), failure (file refused, keychain unavailable)
 */
export async function readToken(home: Home, { profile, env, origin }: TokenTarget): Promise<string> {
  const key = { profile, kind: env };
  for (;;) {
    const config = readConfig(home.paths.config);
    assertOrigin(profile, env, keyOf(profile, profileNamed(config, profile), env), origin);
    const found = await findToken(home, config, key);
    if (found.outcome === "found") {
      assertOrigin(profile, env, found.entry, origin);
      return found.token;
    }
    // Between reading the config and reading the token, another process may have logged in.
    const isGone = found.outcome === "absent" || found.outcome === "mismatched";
    const isUnchanged = () => configToJson(readConfig(home.paths.config)) === configToJson(config);
    if (!isGone || isUnchanged()) throw notFound(home, config, key, found);
  }
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

/** The error for a token that was not found: exit 2 when it is gone, 1 when its store cannot be read. */
export function notFound(home: Home, config: Config, key: CredentialKey, found: NotFound): AtoaError {
  if (found.outcome !== "absent" && found.outcome !== "mismatched") return storeError(found, key, home.paths);
  const names = { keychain: "the system keychain", file: home.paths.secrets };
  const where = placesOf(home, key, keyEntry(config, key) ?? {})
    .map(({ store }) => names[store])
    .join(" or ");
  const why =
    found.outcome === "absent"
      ? `its token is missing from ${where}`
      : `the token in ${where} is not the one you logged in with`;
  return new AtoaError({
    kind: "auth",
    message: `No credentials for ${key.profile}/${key.kind}: ${why}`,
    hint: `run \`${loginCommand(key)}\``,
  });
}

/** First 4 hex digits of the token's SHA-256: enough to tell two keys apart, useless for guessing the token. */
export function tokenFingerprint(token: string): string {
  return tokenHash(token).slice(0, 4);
}

/** The whole SHA-256 in hex: identifies the token in a store with certainty. */
export function tokenHash(token: string): string {
  // Loaded here: a list of profiles, a dry run and a refused flag hash nothing.
  return process.getBuiltinModule("node:crypto").createHash("sha256").update(token).digest("hex");
}
