/** One change of a home's config and tokens at a time, under the lock. */
import { createHash } from "node:crypto";
import {
  accountOf,
  type Config,
  type CredentialKey,
  configToJson,
  keyEntry,
  readConfig,
  type StoreName,
} from "../profiles/config";
import { replaceFile, sweepTemporaries } from "./atomic-file";
import { allKeys, allPlaces, type Home, type Place, sameKey } from "./home";
import { acquireLock } from "./lock";
import { readFromFile, readSecrets, type StoreFailure, storeError, type TokenStore, type TokenStores } from "./store";

/** What the holder of the lock may do. */
export interface Writer {
  /** The config as it stood when the lock was taken. */
  readonly config: Config;
  readonly stores: TokenStores;
  /** Replaces the config. @throws AtoaError (failure) */
  save(config: Config): void;
}

/** Runs `work` under the lock. @throws AtoaError (failure) when the lock is held too long, or files are refused */
export async function change<Result>(home: Home, work: (writer: Writer) => Promise<Result>): Promise<Result> {
  const { paths, keychain } = home;
  const { assertHeld, release } = await acquireLock(paths);
  try {
    sweepTemporaries(paths.directory);
    return await work({
      config: readConfig(paths.config),
      stores: { file: fileStore(paths.secrets, assertHeld), keychain },
      save: (config) => replaceFile(paths.config, configToJson(config), assertHeld),
    });
  } finally {
    await release();
  }
}

/** secrets.json for the holder of the lock. @throws AtoaError (failure) when the file cannot be written */
function fileStore(path: string, assertHeld: () => void): TokenStore {
  const save = (tokens: Map<string, string>) =>
    replaceFile(path, `${JSON.stringify(Object.fromEntries(tokens), null, 2)}\n`, assertHeld);
  return {
    read: (account) => readFromFile(path, account),
    async write(account, token) {
      save(readSecrets(path).set(account, token));
      // Some file systems (vfat, WSL's view of Windows) keep no modes: better to learn it now than at every later command.
      readSecrets(path);
      return { outcome: "done" };
    },
    async remove(account) {
      const tokens = readSecrets(path);
      const existed = tokens.delete(account);
      if (existed) save(tokens);
      return { outcome: "done", existed };
    },
  };
}

export interface ChangeOptions {
  /** Say what would be changed, and change nothing. */
  readonly dryRun?: boolean | undefined;
}

export interface Removed {
  /** Places from which a token could not be removed. */
  readonly left: readonly Place[];
  /** A line for the user about each of them. */
  readonly notices: readonly string[];
}

/**
 * Removes whatever tokens of a key lie in these places.
 * @param mustClear the store that has to be cleared, else nothing more is tried: a token there is in use
 * @throws AtoaError (failure) when that store cannot be cleared
 */
export async function removeTokens(
  home: Home,
  { stores }: Pick<Writer, "stores">,
  key: CredentialKey,
  places: readonly Place[],
  mustClear?: StoreName,
): Promise<Removed> {
  const left: Place[] = [];
  const notices: string[] = [];
  for (const place of places) {
    const response = await stores[place.store].remove(place.account);
    if (response.outcome === "done") continue;
    if (place.store === mustClear) throw storeError(response, key, home.paths);
    if (response.outcome === "unavailable" && !place.named) continue;
    left.push(place);
    notices.push(leftBehind(key, place, response));
  }
  return { left, notices };
}

/** For a token that could not be removed. */
export function leftBehind({ profile, kind }: CredentialKey, { account }: Place, { why }: StoreFailure): string {
  return `A token of ${profile}/${kind} may still be in the system keychain (${why}): service atoa-cli, account ${account}`;
}

/**
 * The account for a new token. The key's own, when it is in this store already; else `<profile>:<kind>`, unless a renamed
 * profile has that, and in the keychain of an isolated home with a hash of its directory: keychains are shared by all homes.
 */
export function accountForNew(home: Home, config: Config, key: CredentialKey, store: StoreName): string {
  const own = keyEntry(config, key);
  if (own?.store === store) return accountOf(key.profile, key.kind, own);
  const taken = takenAccounts(config, key);
  const scope = store === "keychain" && home.paths.isolated ? `@${shortHash(home.paths.directory)}` : "";
  const base = `${key.profile}:${key.kind}`;
  for (let number = 1; ; number += 1) {
    const account = `${base}${number === 1 ? "" : `:${number}`}${scope}`;
    if (!taken.has(account)) return account;
  }
}

/** Accounts that belong to other keys. */
export function takenAccounts(config: Config, key: CredentialKey): ReadonlySet<string> {
  const others = allKeys(config).filter((other) => !sameKey(other, key));
  return new Set(others.flatMap((other) => allPlaces(config, other, true).map(({ account }) => account)));
}

function shortHash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 8);
}
