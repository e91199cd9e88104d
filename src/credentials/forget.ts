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
import { type ChangeOptions, change, removeTokens, takenAccounts } from "./change";
import { allPlaces, type Home, isFileOnly, type Place, placesOf, readersOf, withPending } from "./home";
import { readSecrets, storeError } from "./store";

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
  options: ChangeOptions,
): Promise<Forgotten> {
  const plan = (config: Config): Plan => {
    keyOf(profile, profileNamed(config, profile), env);
    const after = changes.withoutKey(config, profile, env);
    return { after, kinds: after.profiles.has(profile) ? [env] : [env, "signing"] };
  };
  const { after, notices } = await removeKeys(home, profile, plan, options);
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

/**
 * Deletes a profile with all its tokens; without a config entry it still removes tokens of that name.
 * @throws AtoaError notFound when there was neither, failure as forget
 */
export async function deleteProfile(home: Home, name: string, options: ChangeOptions): Promise<Deleted> {
  const before = readConfig(home.paths.config);
  const entry = before.profiles.get(name);
  const envs = entry === undefined ? await strayEnvs(home, before, name) : pairedEnvs(entry);
  const isPending = before.pending.some(({ profile }) => profile === name);
  if (entry === undefined && envs.length === 0 && !isPending) profileNamed(before, name);
  const plan = (config: Config): Plan => {
    return { after: changes.withoutProfile(config, name), kinds: [...environments, "signing"] };
  };
  const { after, notices } = await removeKeys(home, name, plan, options);
  return { profile: name, configEntry: entry !== undefined, envs, activeProfile: after.activeProfile, notices };
}

/** Envs of a name that the config does not know for which a store holds a token. @throws AtoaError when one cannot be asked */
async function strayEnvs(home: Home, config: Config, profile: string): Promise<readonly Env[]> {
  const found = new Set<Env>();
  for (const env of environments) {
    const key = { profile, kind: env };
    for (const { store, account } of strayPlaces(home, config, key)) {
      const response = await readersOf(home)[store].read(account);
      if (response.outcome === "found") found.add(env);
      if (response.outcome === "locked" || response.outcome === "timedOut") throw storeError(response, key, home.paths);
    }
  }
  return [...found];
}

/** Where an older version, or a hand, may have left a token of a key that the config does not name. */
function strayPlaces(home: Home, config: Config, key: CredentialKey): readonly Place[] {
  const taken = takenAccounts(config, key);
  const fileOnly = isFileOnly(home) || config.profiles.has(key.profile);
  return placesOf(key, undefined, fileOnly).filter(({ account }) => !taken.has(account));
}

/** The config without some of a profile's secrets, and which they are. */
interface Plan {
  readonly after: Config;
  readonly kinds: readonly SecretKind[];
}

/** Removes the tokens of these keys and saves the config without them; what could not be removed stays named as pending. */
async function removeKeys(
  home: Home,
  profile: string,
  plan: (config: Config) => Plan,
  { dryRun = false }: ChangeOptions,
): Promise<{ readonly after: Config; readonly notices: readonly string[] }> {
  if (dryRun) return { after: plan(readConfig(home.paths.config)).after, notices: [] };
  return change(home, async ({ config, stores, save }) => {
    const { after, kinds } = plan(config);
    // A token file that is refused (its mode, its content) is found out before anything is removed.
    readSecrets(home.paths.secrets);
    let settled = after;
    const notices: string[] = [];
    const inUse = (kind: SecretKind) => keyEntry(config, { profile, kind })?.store;
    // The keychain's first: it may refuse, and then nothing has changed.
    const keychainFirst = [...kinds].sort(
      (one, other) => Number(inUse(other) === "keychain") - Number(inUse(one) === "keychain"),
    );
    for (const kind of keychainFirst) {
      const key = { profile, kind };
      const known = allPlaces(config, key, isFileOnly(home));
      const stray = known.length === 0 && kind !== "signing";
      const places = stray ? strayPlaces(home, config, key) : known;
      const removed = await removeTokens(home, { stores }, key, places, inUse(kind));
      notices.push(...removed.notices);
      settled = withPending(settled, key, removed.left);
    }
    save(settled);
    return { after, notices };
  });
}
