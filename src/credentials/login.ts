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
import { accountForNew, change, removeTokens, type Writer } from "./change";
import { allPlaces, type Home, isFileOnly, type Place, pendingOf, samePlace, withPending } from "./home";
import { findToken, notFound, tokenFingerprint, tokenHash } from "./read";
import { parseToken, type StoreFailure, storeError, writableStores } from "./store";

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
export async function storeLogin(home: Home, login: NewLogin): Promise<StoredToken & { readonly env: Env }> {
  const token = parseToken(login.token);
  const { env, businessId, displayName, sdkAccessId, origin, activate } = login;
  return change(home, async (writer) => {
    const profile = login.profile ?? nameForLogin(writer.config, { businessId, displayName, env, origin });
    if (!writer.config.profiles.has(profile)) assertProfileName(profile);
    const stored = await put(home, writer, {
      key: { profile, kind: env },
      token,
      candidates: writableStores(home.paths, home.options.environment),
      facts: { tokenFingerprint: tokenFingerprint(token), ...(sdkAccessId && { sdkAccessId }), apiOrigin: origin },
      promote: (config, key) => changes.withPairing(config, { profile, env, businessId, displayName, key, activate }),
    });
    return { ...stored, env };
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

    const token = parseToken(await rotate());
    return put(home, writer, {
      key,
      token,
      candidates: [found.place.store],
      facts: { ...found.entry, tokenFingerprint: tokenFingerprint(token) },
      promote: (before, entry) => changes.withRotation(before, profile, env, entry),
    });
  });
}

/** Stores the secret that signs a profile's webhook deliveries. @throws AtoaError as storeLogin; notFound */
export async function storeSigningSecret(home: Home, profile: string, secret: string): Promise<StoredToken> {
  const token = parseToken(secret, "signing secret");
  return change(home, (writer) =>
    put(home, writer, {
      key: { profile, kind: "signing" },
      token,
      candidates: writableStores(home.paths, home.options.environment),
      facts: { tokenFingerprint: tokenFingerprint(token) },
      promote: (config, key) => changes.withSigning(config, profile, key),
    }),
  );
}

interface Incoming {
  readonly key: CredentialKey;
  readonly token: string;
  /** Stores to try in turn; only one that is not there at all is skipped. */
  readonly candidates: readonly StoreName[];
  /** What is known of the key, but for where it is. */
  readonly facts: KeyEntry;
  /** The config with the key in its place. @throws AtoaError when it may not be there */
  readonly promote: (config: Config, entry: KeyEntry) => Config;
}

async function put(home: Home, writer: Writer, incoming: Incoming): Promise<StoredToken> {
  const [store = "file", ...others] = incoming.candidates;
  const place = { store, account: accountForNew(home, writer.config, incoming.key, store) };
  const response = await putAt(home, writer, incoming, place);
  if (response.outcome === "done") {
    const { secrets } = home.paths;
    const location = store === "file" ? secrets : "the system keychain";
    return { profile: incoming.key.profile, store, location, notices: response.notices };
  }
  if (response.outcome !== "unavailable" || others.length === 0) throw storeError(response, incoming.key, home.paths);
  const stored = await put(home, writer, { ...incoming, candidates: others });
  const skipped = `The system keychain was not used (${response.why}): the token is in ${stored.location}, readable by your user only`;
  return { ...stored, notices: [skipped, ...stored.notices] };
}

async function putAt(
  home: Home,
  { config, stores, save }: Writer,
  { key, token, facts, promote }: Incoming,
  place: Pick<Place, "store" | "account">,
): Promise<{ readonly outcome: "done"; readonly notices: readonly string[] } | StoreFailure> {
  const usual = accountOf(key.profile, key.kind, undefined);
  const where = place.account === usual ? { store: place.store } : place;
  const promoted = promote(config, { ...facts, ...where });
  const entry = keyEntry(promoted, key);
  const coming = { ...place, hash: tokenHash(token), ...(entry && { key: entry }) };
  // Where older tokens of the key may lie, once the new one is in its place.
  const old = allPlaces(config, key, isFileOnly(home)).filter((one) => !samePlace(one, place));
  // A script may try this token again and again: one name for it is enough.
  const earlier = pendingOf(config, key).filter((one) => one.hash !== coming.hash || !samePlace(one, coming));
  save(withPending(config, key, [...earlier, coming]));

  // Whatever ends this (an error, Ctrl-C), the token stays named: it may have been stored all the same, and a name for a token
  // that is nowhere does no harm.
  const response = await stores[place.store].write(place.account, token);
  if (response.outcome === "unavailable") save(config);
  if (response.outcome !== "done") return response;

  const settled = withPending(promoted, key, old);
  save(settled);
  if (old.length === 0) return { outcome: "done", notices: [] };
  const { left, notices } = await removeTokens(home, { stores }, key, old);
  save(withPending(settled, key, left));
  return { outcome: "done", notices };
}
