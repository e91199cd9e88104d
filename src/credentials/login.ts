/**
 * New tokens: a login, a rotation, a signing secret.
 *
 * No two files (and perhaps a keychain) can be replaced at one stroke. So the config first names the token as pending, with its
 * hash and the facts about it; then the token goes into its store; then the facts take their place. Whoever reads a token in
 * between knows by its hash which facts are the right ones, without a lock and without having to repair anything.
 */
import * as changes from "../profiles/changes";
import {
  accountOf,
  type Config,
  type CredentialKey,
  type Env,
  type KeyEntry,
  keyEntry,
  type StoreName,
} from "../profiles/config";
import { assertProfileName, nameForLogin } from "../profiles/names";
import { keyOf, profileNamed } from "../profiles/resolution";
import { change, saveWithoutTokens, type Writer } from "./change";
import {
  allPlaces,
  asPending,
  findToken,
  type Home,
  notFound,
  type Place,
  sameKey,
  samePlace,
  tokenFingerprint,
  tokenHash,
} from "./read";
import { parseToken, storeError } from "./store";

export interface NewLogin {
  /** Absent: the profile that the business has already, else one named after it. */
  readonly profile?: string | undefined;
  readonly env: Env;
  readonly token: string;
  readonly businessId: string;
  readonly displayName?: string | undefined;
  readonly sdkAccessId?: string | undefined;
  /** Origin that verified the token; the key is bound to it. */
  readonly origin: string;
  /** Make this the active profile and its env the default. */
  readonly activate: boolean;
}

export interface StoredToken {
  readonly profile: string;
  readonly store: StoreName;
  /** The store in words: a path, or "the system keychain". */
  readonly location: string;
  readonly notices: readonly string[];
}

/**
 * Stores a token that the server has verified, in the best store there is, and clears the other one.
 * @throws AtoaError usage (not a token; a place that holds another business's or another server's key), failure (files; a
 * keychain that is locked or unresponsive)
 */
export async function storeLogin(home: Home, login: NewLogin): Promise<StoredToken> {
  const token = parseToken(login.token);
  const { env, businessId, displayName, sdkAccessId, origin, activate } = login;
  return change(home, async (writer) => {
    const profile = login.profile ?? nameForLogin(writer.config, { businessId, displayName, env, origin });
    if (!writer.config.profiles.has(profile)) assertProfileName(profile);
    const key = { profile, kind: env };
    return put(home, writer, {
      ...placesForNew(home, writer.config, key),
      token,
      facts: { ...(sdkAccessId && { sdkAccessId }), apiOrigin: origin },
      promote: (config, entry) =>
        changes.withPairing(config, { profile, env, businessId, displayName, key: entry, activate }),
    });
  });
}

/**
 * Rotates a key: `rotate` has the server make a new token, which then takes the place of the old one in the same store. It is
 * called under the lock, after both config and store have shown that they can be written.
 * @throws AtoaError as `rotate` does, and as storeLogin; the caller still holds the new token then and must show it
 */
export async function rotateToken(
  home: Home,
  { profile, env }: { readonly profile: string; readonly env: Env },
  rotate: () => Promise<string>,
): Promise<StoredToken> {
  const key = { profile, kind: env };
  return change(home, async (writer) => {
    const { config, stores, save } = writer;
    keyOf(profile, profileNamed(config, profile), env);
    const found = await findToken(home, config, key);
    if (found.outcome !== "found") throw notFound(home, config, key, found);
    save(config);
    const rewritten = await stores[found.place.store].write(found.place.account, found.token);
    if (rewritten.outcome !== "done") throw storeError(rewritten, key, home.paths);
    return put(home, writer, {
      place: found.place,
      token: parseToken(await rotate()),
      facts: found.entry,
      promote: (before, entry) => changes.withRotation(before, profile, env, entry),
    });
  });
}

/** Stores the secret that signs a profile's webhook deliveries. @throws AtoaError as storeLogin; notFound */
export async function storeSigningSecret(home: Home, profile: string, secret: string): Promise<StoredToken> {
  const token = parseToken(secret, "signing secret");
  const key = { profile, kind: "signing" } as const;
  return change(home, (writer) =>
    put(home, writer, {
      ...placesForNew(home, writer.config, key),
      token,
      facts: {},
      promote: (config, entry) => changes.withSigning(config, profile, entry),
    }),
  );
}

interface Incoming {
  readonly place: Place;
  /** Where the token goes if the store of the first place is not there at all. */
  readonly fallback?: Place | undefined;
  readonly token: string;
  /** What is known of the key, but for its fingerprint and where it is. */
  readonly facts: KeyEntry;
  /** The config with the key in its place. @throws AtoaError when it may not be there */
  readonly promote: (config: Config, entry: KeyEntry) => Config;
}

async function put(home: Home, writer: Writer, incoming: Incoming): Promise<StoredToken> {
  const { config, stores, save } = writer;
  const { place, fallback, token, facts, promote } = incoming;
  const { profile, kind, store, account } = place;
  const where = account === accountOf(profile, kind, undefined) ? { store } : { store, account };
  const promoted = promote(config, { ...facts, tokenFingerprint: tokenFingerprint(token), ...where });
  const entry = keyEntry(promoted, place);
  const coming = { ...asPending(place), hash: tokenHash(token), ...(entry && { key: entry }) };
  // A script may try this token again and again: one name for it is enough.
  const earlier = config.pending.filter((one) => !(samePlace(one, coming) && one.hash === coming.hash));
  save({ ...config, pending: [...earlier, coming] });

  // Whatever ends this (an error, Ctrl-C), the token stays named: it may have been stored all the same, and a name for a token
  // that is nowhere does no harm.
  const response = await stores[store].write(account, token);
  if (response.outcome === "unavailable") save(config);
  if (response.outcome === "unavailable" && fallback !== undefined) {
    const stored = await put(home, writer, { ...incoming, place: fallback, fallback: undefined });
    const skipped = `The system keychain was not used (${response.why}): the token is in ${stored.location}, readable by your user only`;
    return { ...stored, notices: [skipped, ...stored.notices] };
  }
  if (response.outcome !== "done") throw storeError(response, place, home.paths);

  const after = { ...promoted, pending: promoted.pending.filter((one) => !sameKey(one, place)) };
  // Where older tokens of the key may be; they stay named until they are gone.
  const old = allPlaces(home, config).filter((one) => sameKey(one, place) && !samePlace(one, place));
  const settled = { ...after, pending: [...after.pending, ...old.map(asPending)] };
  save(settled);
  const notices = old.length === 0 ? [] : await saveWithoutTokens(home, writer, settled, after);
  return { profile, store, location: store === "file" ? home.paths.secrets : "the system keychain", notices };
}

/**
 * Where a new token may go: in each store to the account of its key, when that is there already; else to
 * `<profile>:<kind>`, unless a renamed profile has that, and in the keychain of an isolated home with a hash of its directory:
 * keychains are shared by all homes.
 */
function placesForNew(home: Home, config: Config, key: CredentialKey): Pick<Incoming, "place" | "fallback"> {
  const own = keyEntry(config, key);
  const taken = allPlaces(home, config).filter((one) => !sameKey(one, key));
  const at = (store: StoreName): Place => {
    const place = { ...key, store, named: true };
    if (own?.store === store) return { ...place, account: accountOf(key.profile, key.kind, own) };
    const { directory, isolated } = home.paths;
    const scope = store === "keychain" && isolated ? `@${tokenHash(directory).slice(0, 8)}` : "";
    for (let number = 1; ; number += 1) {
      const account = `${key.profile}:${key.kind}${number === 1 ? "" : `:${number}`}${scope}`;
      if (!taken.some((one) => one.account === account)) return { ...place, account };
    }
  };
  const [best, other] = home.stores;
  return { place: at(best), fallback: other && at(other) };
}
