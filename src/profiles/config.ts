/** The config file: which profiles exist, what is known about each of their keys, and never a token. */
import { AtoaError } from "../errors";
import { readStateFile, refuseToParse } from "./state-file";

export const envs = ["sandbox", "production"] as const;
export type Env = (typeof envs)[number];

export function isEnv(value: unknown): value is Env {
  return value === "sandbox" || value === "production";
}

/** Where a token is kept: the 0600 file, or the system's keychain. */
export type StoreName = "file" | "keychain";

/** What is known about one key. Files of version 0.1 have neither apiOrigin nor store. Keys that we do not know are kept. */
export interface KeyEntry {
  /** First 4 hex digits of the token's SHA-256 (version 0.1: its last 4 characters). */
  readonly tokenFingerprint?: string;
  /** Id of the key at Atoa, for revoke and regenerate; the server does not give one for every key. */
  readonly sdkAccessId?: string;
  /** URL origin that the key was paired with; absent means https://api.atoa.me. */
  readonly apiOrigin?: string;
  /** Store that holds the token; absent (version 0.1) means that either may. */
  readonly store?: StoreName;
}

export interface Profile {
  /** merchantId of the identity answer. */
  readonly businessId?: string;
  readonly displayName?: string;
  readonly defaultEnv?: Env;
  readonly envs?: { readonly [env in Env]?: KeyEntry };
}

/** A config in memory. Profiles are a Map, so that a profile may be called `constructor`. */
export interface Config {
  readonly activeProfile: string | undefined;
  readonly profiles: ReadonlyMap<string, Profile>;
  /** Top-level keys that this version does not know; written back as they were. */
  readonly unknown: Readonly<Record<string, unknown>>;
}

export const emptyConfig: Config = { activeProfile: undefined, profiles: new Map(), unknown: {} };

/** Envs of a profile that have a key, sandbox first. */
export function pairedEnvs(profile: Profile): readonly Env[] {
  return envs.filter((env) => profile.envs?.[env] !== undefined);
}

/**
 * Reads the config; a missing file is an empty config. Takes no lock: the file is only ever replaced as a whole.
 * The config holds no secret, so others may read it; but whoever may write it could redirect a key: that is refused.
 * @throws AtoaError (failure) when it cannot be trusted or understood, with the way out
 */
export function readConfig(path: string): Config {
  const value = readStateFile(path, 0o022);
  return value === undefined ? emptyConfig : configFromJson(value, path);
}

/** A parsed config file as a Config. @throws AtoaError (failure) that names `path` and the first thing that is wrong */
export function configFromJson(value: unknown, path: string): Config {
  if (!isObject(value)) throw refuseToParse(path, "not a JSON object");
  const { schemaVersion = 1, activeProfile, profiles = {}, ...unknown } = value;
  if (typeof schemaVersion === "number" && schemaVersion > 1) {
    throw new AtoaError({
      kind: "failure",
      message: `Refusing to use ${path}: it was written by a newer atoa (schemaVersion ${schemaVersion})`,
      hint: "update atoa: `npm install -g @atoapayments/atoa-cli`",
    });
  }
  if (schemaVersion !== 1) throw refuseToParse(path, "schemaVersion is not 1");
  if (activeProfile !== undefined && typeof activeProfile !== "string")
    throw refuseToParse(path, "activeProfile is not a text");
  if (!isObject(profiles)) throw refuseToParse(path, "profiles is not an object");
  const entries = Object.entries(profiles).map(([name, entry]): [string, Profile] => {
    const wrong = wrongInProfile(entry);
    if (wrong !== undefined) throw refuseToParse(path, `profiles.${name}${wrong}`);
    return [name, entry as Profile];
  });
  return { activeProfile, profiles: new Map(entries), unknown };
}

/** The text of the config file. */
export function configToJson(config: Config): string {
  const { activeProfile, profiles, unknown } = config;
  // fromEntries and spread define own properties, so a key `__proto__` stays a key.
  const content = { schemaVersion: 1, activeProfile, profiles: Object.fromEntries(profiles), ...unknown };
  return `${JSON.stringify(content, null, 2)}\n`;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function wrongInProfile(entry: unknown): string | undefined {
  if (!isObject(entry)) return " is not an object";
  for (const key of ["businessId", "displayName"]) if (!isTextOrAbsent(entry[key])) return `.${key} is not a text`;
  if (entry.defaultEnv !== undefined && !isEnv(entry.defaultEnv)) return ".defaultEnv is not sandbox or production";
  const slots = entry.envs ?? {};
  if (!isObject(slots)) return ".envs is not an object";
  for (const env of envs) {
    const wrong = Object.hasOwn(slots, env) ? wrongInKey(slots[env]) : undefined;
    if (wrong !== undefined) return `.envs.${env}${wrong}`;
  }
  return undefined;
}

function wrongInKey(entry: unknown): string | undefined {
  if (!isObject(entry)) return " is not an object";
  for (const key of ["tokenFingerprint", "sdkAccessId", "apiOrigin"]) {
    if (!isTextOrAbsent(entry[key])) return `.${key} is not a text`;
  }
  const store = entry.store;
  return store === undefined || store === "file" || store === "keychain" ? undefined : ".store is not file or keychain";
}

function isTextOrAbsent(value: unknown): boolean {
  return value === undefined || typeof value === "string";
}
