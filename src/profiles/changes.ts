/**
 * What each administrative command does to the config, as pure functions: old config in, new config out.
 *
 * The active profile: it follows a rename; when its profile goes it becomes unset, and nothing else is chosen in its place (the
 * next command uses the only profile left, or asks for `atoa profile use`). A default env that loses its key becomes unset, so the
 * fallback is sandbox: production is never reached because something else was removed.
 */
import { defaultOrigin } from "../environments";
import { usageError } from "../errors";
import { shellWord } from "../text";
import { accountOf, type Config, type Env, type KeyEntry, type Profile, pairedEnvs, type SecretKind } from "./config";
import { assertProfileName } from "./names";
import { keyOf, profileNamed } from "./resolution";

/** A key that a login has verified with the server. */
export interface Pairing {
  readonly profile: string;
  readonly env: Env;
  /** merchantId of the identity response. */
  readonly businessId: string;
  readonly displayName: string | undefined;
  readonly key: KeyEntry;
  /** Whether this profile becomes the active one, and this environment its default. */
  readonly activate: boolean;
}

/** Adds or replaces one key. @throws usageError as refuseOtherOwner */
export function withPairing(config: Config, pairing: Pairing): Config {
  const { profile: name, env, businessId, displayName, key, activate } = pairing;
  refuseOtherOwner(config, pairing);
  const before = config.profiles.get(name);
  const after: Profile = {
    ...before,
    businessId,
    displayName: displayName ?? before?.displayName ?? name,
    defaultEnv: activate ? env : (before?.defaultEnv ?? env),
    envs: { ...before?.envs, [env]: replaceFacts(before?.envs?.[env], key) },
  };
  const activeProfile = activate ? name : config.activeProfile;
  return { ...config, activeProfile, profiles: new Map([...config.profiles, [name, after]]) };
}

/** A key of another business, or of another server, is never replaced silently. @throws usageError that names both, and the way out */
function refuseOtherOwner(config: Config, { profile: name, env, businessId, displayName, key }: Pairing): void {
  const before = config.profiles.get(name);
  if (before === undefined || pairedEnvs(before).length === 0) return;
  const held = before.envs?.[env];
  const word = shellWord(name);
  const another = "log in under another name (--profile <name>)";
  if (before.businessId && before.businessId !== businessId) {
    // Two businesses of one name are told apart by their ids.
    const named = displayName === undefined || before.displayName !== displayName;
    const theirs = named ? (before.displayName ?? before.businessId) : `${displayName} (${before.businessId})`;
    const ours = named ? (displayName ?? businessId) : `${displayName} (${businessId})`;
    throw usageError(
      `Profile ${name} belongs to ${theirs}, but this token belongs to ${ours}`,
      `${another}, or run \`atoa profile delete ${word}\` first`,
      "profile",
    );
  }
  const origin = held?.apiOrigin ?? defaultOrigin;
  if (held !== undefined && origin !== (key.apiOrigin ?? defaultOrigin)) {
    throw usageError(
      `The credentials of ${name}/${env} belong to ${origin}, but this token belongs to ${key.apiOrigin ?? defaultOrigin}`,
      `${another}, or run \`atoa logout --profile ${word} --env ${env}\` first`,
      "profile",
    );
  }
}

/** A rotated key: what the server does not say again (its id, perhaps) stays. */
export function withRotation(config: Config, name: string, env: Env, key: KeyEntry): Config {
  const before = profileNamed(config, name);
  return withProfile(config, name, { ...before, envs: { ...before.envs, [env]: { ...before.envs?.[env], ...key } } });
}

/** Adds or replaces the signing secret of a profile. */
export function withSigning(config: Config, name: string, key: KeyEntry): Config {
  return withProfile(config, name, { ...profileNamed(config, name), signing: key });
}

/** Forgets one key; the last one takes its profile with it. @throws AtoaError notFound, auth (no such key) */
export function withoutKey(config: Config, name: string, env: Env): Config {
  const before = profileNamed(config, name);
  keyOf(name, before, env);
  const { [env]: _gone, ...kept } = before.envs ?? {};
  const { defaultEnv, ...rest } = before;
  const after: Profile = {
    ...rest,
    ...(defaultEnv === undefined || defaultEnv === env ? {} : { defaultEnv }),
    envs: kept,
  };
  if (pairedEnvs(after).length === 0) return withoutProfile(config, name);
  const pending = config.pending.filter(({ profile, kind }) => profile !== name || kind !== env);
  return withProfile({ ...config, pending }, name, after);
}

export function withoutProfile(config: Config, name: string): Config {
  const profiles = new Map([...config.profiles].filter(([other]) => other !== name));
  const pending = config.pending.filter(({ profile }) => profile !== name);
  const activeProfile = config.activeProfile === name ? undefined : config.activeProfile;
  return { ...config, profiles, pending, activeProfile };
}

/**
 * Renames in place. Its keys remember the accounts that their tokens lie under, so that no token moves.
 * @throws AtoaError notFound, usage (bad name, name taken)
 */
export function withRename(config: Config, from: string, to: string): Config {
  profileNamed(config, from, undefined, "<old>");
  assertProfileName(to, "<new>");
  if (config.profiles.has(to)) {
    throw usageError(
      from === to ? `The profile is already called ${to}` : `A profile named ${to} already exists`,
      `choose another name, or run \`atoa profile delete ${shellWord(to)}\` first`,
      "<new>",
    );
  }
  const profiles = new Map(
    [...config.profiles].map(([name, profile]) =>
      name === from ? ([to, keepAccounts(profile, from)] as const) : ([name, profile] as const),
    ),
  );
  const pending = config.pending.map((token) => (token.profile === from ? { ...token, profile: to } : token));
  return { ...config, profiles, pending, activeProfile: config.activeProfile === from ? to : config.activeProfile };
}

function keepAccounts(profile: Profile, name: string): Profile {
  const kept = (kind: SecretKind, key: KeyEntry): KeyEntry => ({ ...key, account: accountOf(name, kind, key) });
  const keys = pairedEnvs(profile).flatMap((env) => {
    const key = profile.envs?.[env];
    return key === undefined ? [] : [[env, kept(env, key)]];
  });
  return {
    ...profile,
    envs: { ...profile.envs, ...Object.fromEntries(keys) },
    ...(profile.signing && { signing: kept("signing", profile.signing) }),
  };
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
      `Profile ${name} has no ${env} credentials`,
      `run \`atoa login --profile ${shellWord(name)} --env ${env}\` first`,
      "env",
    );
  }
  return withProfile(config, name, { ...before, defaultEnv: env });
}

function withProfile(config: Config, name: string, profile: Profile): Config {
  return { ...config, profiles: new Map([...config.profiles, [name, profile]]) };
}

/** A login replaces every fact that we know of a key; one that the server did not give must not survive from the key before. */
function replaceFacts(before: KeyEntry | undefined, key: KeyEntry): KeyEntry {
  const {
    tokenFingerprint: _fingerprint,
    sdkAccessId: _id,
    apiOrigin: _origin,
    store: _store,
    account: _account,
    ...unknown
  } = before ?? {};
  return { ...unknown, ...key };
}
