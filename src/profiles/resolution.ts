/**
 * Which profile, env and origin a command works with, each with where it came from. Pure: reads neither files nor the process.
 */
import { defaultOrigin, environments } from "../environments";
import { AtoaError, usageError } from "../errors";
import { quoted, shellWord } from "../text";
import { type Config, type Env, type KeyEntry, type Profile, pairedEnvs } from "./config";

/** A value and where it came from, in the user's own words: a flag, a variable, a key of the config. */
export interface Resolved<Value, Source extends string = string> {
  readonly value: Value;
  readonly source: Source;
}

type ProfileSource = "--profile" | "ATOA_PROFILE" | "activeProfile" | "only profile";
export type EnvSource = "--env" | "defaultEnv" | "default" | "only env";

export interface ResolvedProfile extends Resolved<string, ProfileSource> {
  readonly profile: Profile;
}

/** --profile, else ATOA_PROFILE; an empty ATOA_PROFILE is unset, an empty --profile is an error. */
export function givenName(
  flag: string | undefined,
  environment: NodeJS.ProcessEnv,
): { value: string; source: "--profile" | "ATOA_PROFILE" } | undefined {
  if (flag !== undefined) {
    if (flag.trim() === "")
      throw usageError("--profile is empty", "name a profile; `atoa profile list` shows them", "profile");
    return { value: flag.trim(), source: "--profile" };
  }
  const variable = environment.ATOA_PROFILE?.trim();
  return variable ? { value: variable, source: "ATOA_PROFILE" } : undefined;
}

/**
 * --profile, then ATOA_PROFILE, then activeProfile, then the only profile.
 * @throws AtoaError auth (nothing configured), notFound (unknown name), usage (several and none chosen)
 */
export function resolveProfile(
  config: Config,
  flag: string | undefined,
  environment: NodeJS.ProcessEnv,
): ResolvedProfile {
  const given = givenName(flag, environment);
  const names = [...config.profiles.keys()];
  const [only] = names;
  if (only === undefined && given === undefined) {
    throw new AtoaError({
      kind: "auth",
      code: "NO_PROFILE",
      message: "No profile is configured. Run `atoa login` to pair this device.",
      hint: "to start in the sandbox: `atoa login --env sandbox`",
    });
  }
  const chosen = given ?? fromConfig(config, names, only);
  return { ...chosen, profile: profileNamed(config, chosen.value, chosen.source) };
}

function fromConfig(
  config: Config,
  names: readonly string[],
  only: string | undefined,
): Resolved<string, ProfileSource> {
  if (config.activeProfile !== undefined) return { value: config.activeProfile, source: "activeProfile" };
  if (only !== undefined && names.length === 1) return { value: only, source: "only profile" };
  throw usageError(
    `Multiple profiles are configured (${listOf(names)}). Run \`atoa profile use <name>\` once`,
    "or pass --profile <name> on each command",
    "profile",
  ).with({ code: "AMBIGUOUS_PROFILE" });
}

/**
 * The profile of that name.
 * @param source where the name came from; without it, from an argument
 * @param field flag, variable or argument of the name
 * @throws AtoaError (notFound) that says where the name came from and which names exist
 */
export function profileNamed(
  config: Config,
  name: string,
  source?: ProfileSource,
  field = source === undefined ? "<name>" : source === "ATOA_PROFILE" ? source : "profile",
): Profile {
  const profile = config.profiles.get(name);
  if (profile !== undefined) return profile;
  const names = [...config.profiles.keys()];
  throw new AtoaError({
    kind: "notFound",
    message: `No profile named ${quoted(name)}${source === undefined ? "" : ` (from ${source})`}`,
    hint: names.length === 0 ? "run `atoa login` to pair this device" : `choose one of: ${listOf(names)}`,
    field,
  });
}

/** --env, then the profile's defaultEnv, then sandbox. */
export function resolveEnv(profile: Profile, flag: Env | undefined): Resolved<Env, EnvSource> {
  if (flag !== undefined) return { value: flag, source: "--env" };
  if (profile.defaultEnv !== undefined) return { value: profile.defaultEnv, source: "defaultEnv" };
  return { value: "sandbox", source: "default" };
}

/**
 * The one env for logout and keys, which never act on both: --env, else the only paired one; undefined when the profile has
 * both and the user has to be asked.
 * @throws AtoaError (auth) when there is no such key
 */
export function resolveOneEnv(
  name: string,
  profile: Profile,
  flag: Env | undefined,
): Resolved<Env, EnvSource> | undefined {
  const paired = pairedEnvs(profile);
  if (flag !== undefined) {
    keyOf(name, profile, flag, "env from --env");
    return { value: flag, source: "--env" };
  }
  const [only] = paired;
  if (only === undefined) throw noCredentials(name, "sandbox");
  return paired.length === 1 ? { value: only, source: "only env" } : undefined;
}

/** For a script that cannot be asked which of two envs it means: exit 3 that names --env. */
export function envIsNeeded(name: string): AtoaError {
  return usageError(
    `Profile ${name} has both sandbox and production credentials`,
    `choose one: --env ${environments.join(" or --env ")}`,
    "env",
  );
}

/** The key of one env. @throws AtoaError (auth) "No credentials for …" with the login command to run */
export function keyOf(name: string, profile: Profile, env: Env, sources?: string): KeyEntry {
  const key = profile.envs?.[env];
  if (key !== undefined) return key;
  throw noCredentials(name, env, sources, pairedEnvs(profile));
}

function noCredentials(name: string, env: Env, sources?: string, paired: readonly Env[] = []): AtoaError {
  const other = paired.length === 0 ? "" : `, or use --env ${paired.join(" or --env ")}, which has a token`;
  return new AtoaError({
    kind: "auth",
    message: `No credentials for ${name}/${env}${sources === undefined ? "" : ` (${sources})`}`,
    hint: `run \`atoa login --profile ${shellWord(name)} --env ${env}\`${other}`,
  });
}

/** Everything that a request needs to know before it is built. */
export interface Target {
  readonly profile: Resolved<string, ProfileSource>;
  readonly env: Resolved<Env, EnvSource>;
  /** Where requests go: the caller's resolved ATOA_BASE_URL or the default. */
  readonly origin: Resolved<string>;
  readonly entry: Profile;
  readonly key: KeyEntry;
}

/**
 * Profile, env and key for one command, checked against the origin in use.
 * @throws AtoaError as resolveProfile and keyOf; usage when the key was paired with another origin
 */
export function resolveTarget(
  config: Config,
  given: {
    profile: string | undefined;
    env: Env | undefined;
    environment: NodeJS.ProcessEnv;
    origin: Resolved<string>;
  },
): Target {
  const { profile: entry, ...profile } = resolveProfile(config, given.profile, given.environment);
  const env = resolveEnv(entry, given.env);
  const key = keyOf(profile.value, entry, env.value, `profile from ${profile.source}, env from ${env.source}`);
  assertOrigin(profile.value, env.value, key, given.origin);
  return { profile, env, origin: given.origin, entry, key };
}

/** A key never leaves the origin that it was paired with. Origins are compared literally. @throws usageError with the remedy */
export function assertOrigin(name: string, env: Env, key: KeyEntry, origin: Resolved<string>): void {
  const bound = key.apiOrigin ?? defaultOrigin;
  if (origin.value === bound) return;
  const back = bound === defaultOrigin ? "unset ATOA_BASE_URL" : `set ATOA_BASE_URL=${bound}`;
  throw usageError(
    `The credentials of ${name}/${env} belong to ${bound}, but this command would go to ${origin.value} (${origin.source === "default" ? "the default" : `from ${origin.source}`})`,
    `${back}; or log in to that server under another profile name: \`atoa login --profile <name> --env ${env}\``,
  );
}

function listOf(names: readonly string[]): string {
  const shown = names.slice(0, 20).join(", ");
  return names.length > 20 ? `${shown}, … ${names.length - 20} more` : shown;
}
