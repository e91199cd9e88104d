/** Changes of a home's config and tokens, one at a time, under the lock. */
import { environments } from "../environments";
import * as changes from "../profiles/changes";
import {
  accountOf,
  type Config,
  configToJson,
  type Env,
  keyEntry,
  type PendingToken,
  pairedEnvs,
  readConfig,
  type StoreName,
} from "../profiles/config";
import { profileNamed } from "../profiles/resolution";
import { acquireLock } from "./lock";
import { allPlaces, asPending, type Home, type Place, placesOf, readFrom, samePlace } from "./read";
import { replaceStateFile, sweepTemporaries } from "./state-directory";
import { readSecrets, type StoreFailure, storeError, type TokenWriter } from "./store";

/** What the holder of the lock may do. */
export interface Writer {
  /** The config as it stood when the lock was taken. */
  readonly config: Config;
  readonly stores: { readonly [name in StoreName]: TokenWriter };
  /** Replaces the config. @throws AtoaError (failure) */
  save(config: Config): void;
}

/** Runs `work` under the lock. @throws AtoaError (failure) when the lock is held too long, or files are refused */
export async function change<Result>(home: Home, work: (writer: Writer) => Promise<Result>): Promise<Result> {
  const { paths } = home;
  const { assertHeld, release } = await acquireLock(paths);
  try {
    sweepTemporaries(paths.directory);
    return await work({
      config: readConfig(paths.config),
      stores: { file: fileStore(paths.secrets, assertHeld), keychain: await home.keychain() },
      save: (config) => replaceStateFile(paths.config, configToJson(config), assertHeld),
    });
  } finally {
    await release();
  }
}

/** secrets.json for the holder of the lock. @throws AtoaError (failure) when the file cannot be written */
function fileStore(path: string, assertHeld: () => void): TokenWriter {
  const save = (tokens: Map<string, string>) =>
    replaceStateFile(path, `${JSON.stringify(Object.fromEntries(tokens), null, 2)}\n`, assertHeld);
  return {
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
    const own = keyEntry(before, place);
    const isInUse = own?.store === place.store && accountOf(place.profile, place.kind, own) === place.account;
    if (isInUse) throw storeError(failure, place, home.paths);
    left.push(asPending(place));
    notices.push(leftBehind(place, failure));
  }
  save({ ...after, pending: [...after.pending, ...left] });
  return notices;
}

/** Removes what lies in a place. @returns why a token may still be there; undefined when none is */
export async function removeFrom(store: TokenWriter, { account, named }: Place): Promise<StoreFailure | undefined> {
  const response = await store.remove(account);
  if (response.outcome === "done" || (response.outcome === "unavailable" && !named)) return undefined;
  return response;
}

/** For a token that could not be removed. */
export function leftBehind({ profile, kind, account }: Place, { why }: StoreFailure): string {
  return `A token of ${profile}/${kind} may still be in the system keychain (${why}): service atoa-cli, account ${account}`;
}

export interface ChangeOptions {
  /** Say what would be changed, and change nothing. */
  readonly dryRun?: boolean | undefined;
}

/** @param strays places of tokens that go, although the config does not name them */
async function changeConfig(
  home: Home,
  plan: (config: Config) => Config,
  { dryRun = false }: ChangeOptions,
  strays: readonly Place[] = [],
): Promise<{ readonly before: Config; readonly after: Config; readonly notices: readonly string[] }> {
  if (dryRun) {
    const before = readConfig(home.paths.config);
    return { before, after: plan(before), notices: [] };
  }
  return change(home, async (writer) => {
    const before = writer.config;
    const after = plan(before);
    const known = { ...before, pending: [...before.pending, ...strays.map(asPending)] };
    return { before, after, notices: await saveWithoutTokens(home, writer, known, after) };
  });
}

/** @throws AtoaError notFound, usage (bad or taken name), failure */
export async function renameProfile(home: Home, from: string, to: string, options: ChangeOptions) {
  const { after } = await changeConfig(home, (config) => changes.withRename(config, from, to), options);
  return { from, to, envs: pairedEnvs(after.profiles.get(to) ?? {}), activeProfile: after.activeProfile };
}

/** @throws AtoaError notFound, usage (no key for that env) */
export async function setDefaultEnv(home: Home, name: string, env: Env, options: ChangeOptions) {
  const { before } = await changeConfig(home, (config) => changes.withDefaultEnv(config, name, env), options);
  return { profile: name, defaultEnv: env, before: before.profiles.get(name)?.defaultEnv };
}

/** @throws AtoaError notFound */
export async function useProfile(home: Home, name: string, options: ChangeOptions) {
  const { before } = await changeConfig(home, (config) => changes.withActive(config, name), options);
  return { activeProfile: name, before: before.activeProfile };
}

/**
 * Forgets one key here (logout, keys revoke); the last key of a profile takes the profile with it.
 * @returns what is left, and a line for each older token that may be left in a keychain
 * @throws AtoaError notFound, auth (no such key), failure (a keychain that cannot be asked: the token may remain, so nothing changes)
 */
export async function forget(
  home: Home,
  { profile, env }: { readonly profile: string; readonly env: Env },
  options: ChangeOptions,
) {
  const plan = (config: Config) => changes.withoutKey(config, profile, env);
  const { after, notices } = await changeConfig(home, plan, options);
  const left = after.profiles.get(profile);
  return {
    profile,
    env,
    profileRemoved: left === undefined,
    remainingEnvs: pairedEnvs(left ?? {}),
    defaultEnv: left?.defaultEnv,
    activeProfile: after.activeProfile,
    notices,
  };
}

/**
 * Deletes a profile with all its tokens; without a config entry it still removes tokens of that name.
 * @returns `envs` that had a key or a token, and a line for each token that may be left in a keychain
 * @throws AtoaError notFound when there was neither, failure as forget
 */
export async function deleteProfile(home: Home, name: string, options: ChangeOptions) {
  const before = readConfig(home.paths.config);
  const entry = before.profiles.get(name);
  const strays = entry === undefined ? await strayTokens(home, before, name) : [];
  const isPending = before.pending.some(({ profile }) => profile === name);
  if (strays.length === 0 && !isPending) profileNamed(before, name);
  const plan = (config: Config) => changes.withoutProfile(config, name);
  const { after, notices } = await changeConfig(home, plan, options, strays);
  const strayEnvs = environments.filter((env) => strays.some(({ kind }) => kind === env));
  const envs = entry === undefined ? strayEnvs : pairedEnvs(entry);
  return { profile: name, configEntry: entry !== undefined, envs, activeProfile: after.activeProfile, notices };
}

/** Tokens under a name that the config does not know, which version 0.1, or a hand, has left. @throws AtoaError when a store cannot be asked */
async function strayTokens(home: Home, config: Config, profile: string): Promise<readonly Place[]> {
  const taken = allPlaces(home, config);
  const possible = environments
    .flatMap((kind) => placesOf(home, { profile, kind }, {}))
    .filter((place) => !taken.some((one) => samePlace(one, place)));
  const found: Place[] = [];
  for (const place of possible) {
    const response = await readFrom(home, place);
    if (response.outcome === "found") found.push(place);
    if (response.outcome === "locked" || response.outcome === "timedOut") throw storeError(response, place, home.paths);
  }
  return found;
}
