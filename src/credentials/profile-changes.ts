/** What becomes of profiles and of keys that go: pure changes of the config, and tokens that follow it. */
import { environments } from "../environments";
import * as changes from "../profiles/changes";
import { type Config, type Env, pairedEnvs, readConfig } from "../profiles/config";
import { profileNamed } from "../profiles/resolution";
import { change, saveWithoutTokens } from "./change";
import { allPlaces, asPending, type Home, type Place, placesOf, readFrom, samePlace } from "./read";
import { storeError } from "./store";

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
