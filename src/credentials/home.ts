/** What is known of one home without a lock: its paths, its two stores, and the places in them where its tokens may be. */
import {
  accountOf,
  type Config,
  type CredentialKey,
  type KeyEntry,
  keyEntry,
  type PendingToken,
  pairedEnvs,
  type SecretKind,
  type StoreName,
} from "../profiles/config";
import { type StatePaths, statePaths } from "../profiles/paths";
import type { KeychainOptions } from "./keychain";
import { readFromFile, type TokenReaders, type TokenStore, writableStores } from "./store";

export interface Home {
  readonly options: KeychainOptions;
  readonly paths: StatePaths;
  readonly keychain: TokenStore;
}

/** @throws AtoaError (failure) when no home directory is known */
export function openHome(options: KeychainOptions): Home {
  return { options, paths: statePaths(options.environment), keychain: lazyKeychain(options) };
}

/** The keychain, loaded when it is first asked. */
function lazyKeychain(options: KeychainOptions): TokenStore {
  const load = async () => (await import("./keychain")).keychainStore(options);
  return {
    read: async (account) => (await load()).read(account),
    write: async (account, token) => (await load()).write(account, token),
    remove: async (account) => (await load()).remove(account),
  };
}

/** The stores for reading, which needs no lock: files are only ever replaced as a whole. */
export function readersOf({ paths, keychain }: Home): TokenReaders {
  return { file: { read: (account) => readFromFile(paths.secrets, account) }, keychain };
}

/** True when this home must not look into the user's keychain unless its own config names it. */
export function isFileOnly({ paths, options }: Home): boolean {
  return !writableStores(paths, options.environment).includes("keychain");
}

/** Where a token is, or may be. */
export interface Place {
  readonly store: StoreName;
  readonly account: string;
  /** The config says that a token was put here; else (version 0.1, a name that it does not know) one only may be. */
  readonly named: boolean;
}

/** The place that the config names for a key, or both when version 0.1 named none, the file first because asking it is free. */
export function placesOf(key: CredentialKey, entry: KeyEntry | undefined, fileOnly: boolean): readonly Place[] {
  const account = accountOf(key.profile, key.kind, entry);
  if (entry?.store !== undefined) return [{ store: entry.store, account, named: true }];
  const file = { store: "file", account, named: false } as const;
  return fileOnly ? [file] : [file, { ...file, store: "keychain" }];
}

/** Every place where a token of this key may be. */
export function allPlaces(config: Config, key: CredentialKey, fileOnly: boolean): readonly Place[] {
  const entry = keyEntry(config, key);
  const pending = pendingOf(config, key).map(({ store, account }) => ({ store, account, named: true }));
  const places = [...pending, ...(entry === undefined ? [] : placesOf(key, entry, fileOnly))];
  return places.filter((place, index) => places.findIndex((one) => samePlace(one, place)) === index);
}

type StoreAccount = Pick<Place, "store" | "account">;

export function samePlace(one: StoreAccount, other: StoreAccount): boolean {
  return one.store === other.store && one.account === other.account;
}

export function sameKey(one: CredentialKey, other: CredentialKey): boolean {
  return one.profile === other.profile && one.kind === other.kind;
}

export function pendingOf(config: Config, key: CredentialKey): readonly PendingToken[] {
  return config.pending.filter((token) => sameKey(token, key));
}

/** The config with these pending tokens for one key, and no others: places of older tokens, or a token on its way in. */
export function withPending(
  config: Config,
  { profile, kind }: CredentialKey,
  tokens: readonly (StoreAccount & Pick<PendingToken, "hash" | "key">)[],
): Config {
  const pending = tokens.map(({ store, account, hash, key }) => ({
    profile,
    kind,
    store,
    account,
    ...(hash && { hash }),
    ...(key && { key }),
  }));
  return { ...config, pending: [...config.pending.filter((token) => !sameKey(token, { profile, kind })), ...pending] };
}

/** Every secret that the config names, those of half-finished logins included. */
export function allKeys(config: Config): readonly CredentialKey[] {
  const named = [...config.profiles].flatMap(([profile, entry]) => {
    const kinds: readonly SecretKind[] = [...pairedEnvs(entry), ...(entry.signing ? (["signing"] as const) : [])];
    return kinds.map((kind) => ({ profile, kind }));
  });
  const keys = [...named, ...config.pending.map(({ profile, kind }) => ({ profile, kind }))];
  return keys.filter((key, index) => keys.findIndex((one) => sameKey(one, key)) === index);
}
