/** One change of a home's config and tokens at a time, under the lock. */
import { type Config, configToJson, keyEntry, type PendingToken, readConfig, type StoreName } from "../profiles/config";
import { replaceFile, sweepTemporaries } from "./atomic-file";
import { acquireLock } from "./lock";
import { allPlaces, asPending, type Home, type Place, samePlace } from "./read";
import { readFromFile, readSecrets, type StoreFailure, storeError, type TokenStore } from "./store";

/** What the holder of the lock may do. */
export interface Writer {
  /** The config as it stood when the lock was taken. */
  readonly config: Config;
  readonly stores: { readonly [name in StoreName]: TokenStore };
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
      if (tokens.delete(account)) save(tokens);
      return { outcome: "done" };
    },
  };
}

/**
 * Saves a config after the tokens are gone that it no longer names, so that what is named is missing at worst. Older tokens that
 * could not be removed stay named as pending; when it is the token of a key itself, nothing is changed.
 * @param before the config as it is saved
 * @returns a line for the user about each token that could not be removed
 * @throws AtoaError (failure)
 */
export async function saveWithoutTokens(
  home: Home,
  { stores, save }: Writer,
  before: Config,
  after: Config,
): Promise<readonly string[]> {
  const kept = allPlaces(home, after);
  const gone = allPlaces(home, before).filter((place) => !kept.some((one) => samePlace(one, place)));
  // The keychain's first: it may refuse, and then nothing has changed.
  const inOrder = (["keychain", "file"] as const).flatMap((store) => gone.filter((place) => place.store === store));
  const left: PendingToken[] = [];
  const notices: string[] = [];
  for (const place of inOrder) {
    const failure = await removeFrom(stores[place.store], place);
    if (failure === undefined) continue;
    if (keyEntry(before, place)?.store === place.store) throw storeError(failure, place, home.paths);
    left.push(asPending(place));
    notices.push(leftBehind(place, failure));
  }
  save({ ...after, pending: [...after.pending, ...left] });
  return notices;
}

/** Removes what lies in a place. @returns why a token may still be there; undefined when none is */
export async function removeFrom(store: TokenStore, { account, named }: Place): Promise<StoreFailure | undefined> {
  const response = await store.remove(account);
  if (response.outcome === "done" || (response.outcome === "unavailable" && !named)) return undefined;
  return response;
}

/** For a token that could not be removed. */
export function leftBehind({ profile, kind, account }: Place, { why }: StoreFailure): string {
  return `A token of ${profile}/${kind} may still be in the system keychain (${why}): service atoa-cli, account ${account}`;
}
