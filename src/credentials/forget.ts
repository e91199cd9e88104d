/** Tokens that go: a logout, a deleted profile. The token goes first and its facts after it: what is named last is missing at worst. */
import { environments } from "../environments";
import * as changes from "../profiles/changes";
import {
  type Config,
  type CredentialKey,
  type Env,
  keyEntry,
  pairedEnvs,
  readConfig,
  type SecretKind,
} from "../profiles/config";
import { keyOf, profileNamed } from "../profiles/resolution";
import { type ChangeOptions, change, removeTokens, takenAccounts, type Writer } from "./change";
import { readSecrets } from "./file-store";
import { allPlaces, type Home, isFileOnly, type Place, placesOf, readersOf, withPending } from "./home";
import { type StoreFailure, storeError } from "./store";

export interface Forgotten {
  readonly profile: string;
  readonly env: Env;
  /** It was the profile's last key. */
  readonly profileRemoved: boolean;
  readonly remainingEnvs: readonly Env[];
  readonly defaultEnv: Env | undefined;
  readonly activeProfile: string | undefined;
  /** A line for each older token that may be left in a keychain. */
  readonly notices: readonly string[];
}

/**
 * Forgets one key here (logout, keys revoke); the last key of a profile takes the profile with it.
 * @throws AtoaError notFound, auth (no such key), failure (a keychain that cannot be asked: the token may remain, so nothing changes)
 */
export async function forget(
  home: Home,
  { profile, env }: { readonly profile: string; readonly env: Env },
  { dryRun = false }: ChangeOptions,
): Promise<Forgotten> {
  const plan = (config: Config) => {
    keyOf(profile, profileNamed(config, profile), env);
    const after = changes.withoutKey(config, profile, env);
    const kinds: readonly SecretKind[] = after.profiles.has(profile) ? [env] : [env, "signing"];
    return { after, keys: kinds.map((kind) => ({ profile, kind })) };
  };
  const result = (after: Config, notices: readonly string[]): Forgotten => {
    const left = after.profiles.get(profile);
    return {
      profile,
      env,
      profileRemoved: left === undefined,
      remainingEnvs: left === undefined ? [] : pairedEnvs(left),
      defaultEnv: left?.defaultEnv,
      activeProfile: after.activeProfile,
      notices,
    };
  };
  if (dryRun) return result(plan(readConfig(home.paths.config)).after, []);
  return change(home, async (writer) => {
    const { after, keys } = plan(writer.config);
    const cleared = await clear(home, writer, after, keys);
    return result(after, cleared.notices);
  });
}

export interface Deleted {
  readonly profile: string;
  /** False when only tokens without a config entry were there. */
  readonly configEntry: boolean;
  /** Envs that had a key or a token. */
  readonly envs: readonly Env[];
  readonly activeProfile: string | undefined;
  readonly notices: readonly string[];
}

const kinds: readonly SecretKind[] = [...environments, "signing"];

/**
 * Deletes a profile with all its tokens; without a config entry it still removes tokens of that name.
 * @throws AtoaError notFound when there was neither, failure as forget
 */
export async function deleteProfile(home: Home, name: string, { dryRun = false }: ChangeOptions): Promise<Deleted> {
  const before = readConfig(home.paths.config);
  const had = await envsWithToken(home, before, name);
  const configEntry = before.profiles.has(name);
  const result = (after: Config, notices: readonly string[]): Deleted => {
    return { profile: name, configEntry, envs: had, activeProfile: after.activeProfile, notices };
  };
  if (!configEntry && had.length === 0 && !before.pending.some(({ profile }) => profile === name)) {
    profileNamed(before, name);
  }
  if (dryRun) return result(changes.withoutProfile(before, name), []);
  return change(home, async (writer) => {
    const after = changes.withoutProfile(writer.config, name);
    const keys = kinds.map((kind) => ({ profile: name, kind }));
    const { notices } = await clear(home, writer, after, keys);
    return result(after, notices);
  });
}

/** Envs of that name with a key in the config or, failing that, a token in a store. @throws AtoaError when a store cannot be asked */
async function envsWithToken(home: Home, config: Config, profile: string): Promise<readonly Env[]> {
  const readers = readersOf(home);
  const found: Env[] = [];
  for (const env of environments) {
    const key = { profile, kind: env };
    if (keyEntry(config, key) !== undefined) found.push(env);
    else {
      for (const place of strayPlaces(home, config, key)) {
        const response = await readers[place.store].read(place.account);
        if (response.outcome === "found") found.push(env);
        else if (!config.profiles.has(profile) && isTrouble(response)) throw storeError(response, key, home.paths);
      }
    }
  }
  return [...new Set(found)];
}

function isTrouble(response: { readonly outcome: string }): response is StoreFailure {
  return response.outcome === "locked" || response.outcome === "timedOut";
}

/** Where an older version, or a hand, may have left a token of a key that the config does not name. */
function strayPlaces(home: Home, config: Config, key: CredentialKey): readonly Place[] {
  const taken = takenAccounts(config, key);
  const inFile = readSecrets(home.paths.secrets);
  return placesOf(key, undefined, isFileOnly(home)).filter(
    ({ store, account }) =>
      !taken.has(account) && (store === "file" ? inFile.has(account) : !config.profiles.has(key.profile)),
  );
}

/** Removes the tokens of these keys and saves the config without them; what could not be removed stays named as pending. */
async function clear(
  home: Home,
  { config, stores, save }: Writer,
  after: Config,
  keys: readonly CredentialKey[],
): Promise<{ readonly notices: readonly string[] }> {
  // A token file that is refused (its mode, its content) is found out before anything is removed.
  readSecrets(home.paths.secrets);
  let settled = after;
  const notices: string[] = [];
  // The keychain's first: it may refuse, and then nothing has changed.
  const inKeychain = (key: CredentialKey) => keyEntry(config, key)?.store === "keychain";
  for (const key of [...keys].sort((one, other) => Number(inKeychain(other)) - Number(inKeychain(one)))) {
    const known = allPlaces(config, key, isFileOnly(home));
    const stray = known.length === 0 && key.kind !== "signing";
    const places = stray ? strayPlaces(home, config, key) : known;
    const removed = await removeTokens(home, { config, stores }, key, places, keyEntry(config, key)?.store);
    notices.push(...removed.notices);
    settled = withPending(
      settled,
      key,
      removed.left.map((place) => ({ ...key, ...place })),
    );
  }
  save(settled);
  return { notices };
}
