/**
 * What each administrative command does to the config, as pure functions: old config in, new config out.
 *
 * The active profile: it follows a rename; when its profile goes it becomes unset, and nothing else is chosen in its place (the
 * next command uses the only profile left, or asks for `atoa profile use`). A default env that loses its key becomes unset, so the
 * fallback is sandbox: production is never reached because something else was removed.
 */
import { usageError } from "../errors";
import { type Config, type Env, type KeyEntry, type Profile, pairedEnvs } from "./config";
import { assertProfileName } from "./names";
import { profileNamed } from "./resolution";

/** A key that a login has verified with the server. */
export interface Pairing {
  readonly profile: string;
  readonly env: Env;
  /** merchantId of the identity answer. */
  readonly businessId: string;
  readonly displayName: string | undefined;
  readonly key: KeyEntry;
  /** Whether this profile becomes the active one. */
  readonly activate: boolean;
}

/**
 * Adds or replaces one key. The first key of a profile sets its defaultEnv; a further env leaves it alone, so adding a production
 * key does not make production the default.
 * @throws usageError when the profile holds another business's key for the other env: two merchants never share a profile
 */
export function withPairing(config: Config, pairing: Pairing): Config {
  const { profile: name, env, businessId, displayName, key } = pairing;
  const before = config.profiles.get(name);
  const hasOther = before !== undefined && pairedEnvs(before).some((paired) => paired !== env);
  if (hasOther && before.businessId && before.businessId !== businessId) {
    throw usageError(
      `Profile ${name} belongs to ${before.displayName ?? before.businessId}, and this token to ${displayName ?? businessId}`,
      `log in under another name (--profile <name>), or run \`atoa profile delete ${name}\` first`,
      "profile",
    );
  }
  const after: Profile = {
    ...before,
    businessId,
    displayName: displayName ?? before?.displayName ?? name,
    ...(hasOther ? {} : { defaultEnv: env }),
    envs: { ...before?.envs, [env]: keyInPlaceOf(before?.envs?.[env], key) },
  };
  const activeProfile = pairing.activate ? name : config.activeProfile;
  return { ...config, activeProfile, profiles: new Map([...config.profiles, [name, after]]) };
}

/** A rotated key: what the server does not say again (its id, perhaps) stays. */
export function withKey(config: Config, name: string, env: Env, key: KeyEntry): Config {
  const before = profileNamed(config, name);
  const after = { ...before, envs: { ...before.envs, [env]: { ...before.envs?.[env], ...key } } };
  return { ...config, profiles: new Map([...config.profiles, [name, after]]) };
}

/** Forgets one key; the last one takes its profile with it. */
export function withoutKey(config: Config, name: string, env: Env): Config {
  const before = profileNamed(config, name);
  const { [env]: _gone, ...kept } = before.envs ?? {};
  const { defaultEnv, ...rest } = before;
  const after: Profile = {
    ...rest,
    ...(defaultEnv === undefined || defaultEnv === env ? {} : { defaultEnv }),
    envs: kept,
  };
  if (pairedEnvs(after).length === 0) return withoutProfile(config, name);
  return { ...config, profiles: new Map([...config.profiles, [name, after]]) };
}

export function withoutProfile(config: Config, name: string): Config {
  const profiles = new Map([...config.profiles].filter(([other]) => other !== name));
  return { ...config, profiles, activeProfile: config.activeProfile === name ? undefined : config.activeProfile };
}

/** Renames in place, so that lists keep their order. @throws AtoaError notFound, usage (bad name, name taken) */
export function withRename(config: Config, from: string, to: string): Config {
  profileNamed(config, from);
  assertProfileName(to);
  if (config.profiles.has(to)) {
    throw usageError(
      from === to ? `The profile is called ${to} already` : `A profile named ${to} exists already`,
      `choose another name, or run \`atoa profile delete ${to}\` first`,
      "new",
    );
  }
  const profiles = new Map(
    [...config.profiles].map(([name, profile]) => [name === from ? to : name, profile] as const),
  );
  return { ...config, profiles, activeProfile: config.activeProfile === from ? to : config.activeProfile };
}

export function withActive(config: Config, name: string): Config {
  profileNamed(config, name);
  return { ...config, activeProfile: name };
}

/** @throws AtoaError notFound; usage when that env has no key, with the login command to run */
export function withDefaultEnv(config: Config, name: string, env: Env): Config {
  const before = profileNamed(config, name);
  if (before.envs?.[env] === undefined) {
    throw usageError(
      `${name} has no ${env} credentials`,
      `run \`atoa login --profile ${name} --env ${env}\` first`,
      "env",
    );
  }
  return { ...config, profiles: new Map([...config.profiles, [name, { ...before, defaultEnv: env }]]) };
}

/** A login replaces every fact that we know of a key; one that the server did not give must not survive from the key before. */
function keyInPlaceOf(before: KeyEntry | undefined, key: KeyEntry): KeyEntry {
  const {
    tokenFingerprint: _fingerprint,
    sdkAccessId: _id,
    apiOrigin: _origin,
    store: _store,
    ...unknown
  } = before ?? {};
  return { ...unknown, ...key };
}
