/** The config file: which profiles exist, what is known about each of their keys, and never a token. */
import { type Env, environments } from "../environments";
import { AtoaError } from "../errors";
import { readStateFile, refuseToParse } from "./state-files";

export type { Env };

function isEnv(value: unknown): value is Env {
  return environments.some((env) => env === value);
}

/** Where a token is kept: the 0600 file, or the system's keychain. */
export type StoreName = "file" | "keychain";

/** Which of a profile's secrets: the token of an environment, or the secret that signs its webhook deliveries. */
export type SecretKind = Env | "signing";

/** Names one secret of this machine. */
export interface CredentialKey {
  readonly profile: string;
  readonly kind: SecretKind;
}

/** What is known about one key. Files of version 0.1 have neither apiOrigin nor store. Fields that we do not know are kept. */
export interface KeyEntry {
  /** First 4 hex digits of the token's SHA-256 (version 0.1: its last 4 characters). */
  readonly tokenFingerprint?: string;
  /** Id of the key at Atoa, for revoke and regenerate; the server does not give one for every key. */
  readonly sdkAccessId?: string;
  /** URL origin that the key was paired with; absent means https://api.atoa.me. */
  readonly apiOrigin?: string;
  /** Store that holds the token; absent (version 0.1) means that either may. */
  readonly store?: StoreName;
  /** Its account in the store; absent means `<profile>:<env>`. A rename leaves it alone, so that no token has to move. */
  readonly account?: string;
}

/**
 * A place in a store where a token may lie that no key of a profile describes: one that is being stored (`hash` and `key` are
 * set), or one that could not be removed. It is named here before a token goes in, and until it is gone.
 */
export interface PendingToken extends CredentialKey {
  readonly store: StoreName;
  readonly account: string;
  /** SHA-256 of the token that is on its way in. If that token is found in this place, `key` describes it. */
  readonly hash?: string;
  readonly key?: KeyEntry;
}

export interface Profile {
  /** merchantId of the identity response. */
  readonly businessId?: string;
  readonly displayName?: string;
  readonly defaultEnv?: Env;
  readonly envs?: { readonly [env in Env]?: KeyEntry };
  /** The signing secret of its webhooks, when one is stored here. */
  readonly signing?: KeyEntry;
}

/** A config in memory. Profiles are a Map, so that a profile may be called `constructor`. */
export interface Config {
  readonly activeProfile: string | undefined;
  readonly profiles: ReadonlyMap<string, Profile>;
  readonly pending: readonly PendingToken[];
  /** Top-level keys that this version does not know; written back as they were. */
  readonly unknown: Readonly<Record<string, unknown>>;
}

/** @internal */
export const emptyConfig: Config = { activeProfile: undefined, profiles: new Map(), pending: [], unknown: {} };

/** What the config says about one secret; undefined when it names none. */
export function keyEntry(config: Config, { profile, kind }: CredentialKey): KeyEntry | undefined {
  const entry = config.profiles.get(profile);
  return kind === "signing" ? entry?.signing : entry?.envs?.[kind];
}

/** The account of a key in its store. */
export function accountOf(profile: string, kind: SecretKind, key: KeyEntry | undefined): string {
  return key?.account ?? `${profile}:${kind}`;
}

/** Envs of a profile that have a key, sandbox first. */
export function pairedEnvs(profile: Profile): readonly Env[] {
  return environments.filter((env) => profile.envs?.[env] !== undefined);
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

/** A parsed config file as a Config. @throws AtoaError (failure) that names `path` and the first thing that is wrong @internal */
export function configFromJson(value: unknown, path: string): Config {
  if (!isObject(value)) throw refuseToParse(path, "not a JSON object");
  const { schemaVersion = 1, activeProfile, profiles = {}, pending = [], ...unknown } = value;
  if (typeof schemaVersion === "number" && schemaVersion > 1) {
    throw new AtoaError({
      kind: "failure",
      message: `Refusing to use ${path}: it was written by a newer atoa (schemaVersion ${schemaVersion})`,
      hint: "update atoa: `npm install -g @atoapayments/atoa-cli`",
    });
  }
  if (schemaVersion !== 1) throw refuseToParse(path, "schemaVersion is not 1");
  if (activeProfile !== undefined && typeof activeProfile !== "string")
    throw refuseToParse(path, "activeProfile must be a string");
  if (!isObject(profiles)) throw refuseToParse(path, "profiles must be an object");
  if (!Array.isArray(pending) || !pending.every(isPending))
    throw refuseToParse(path, "pending is not a list of tokens");
  const entries = Object.entries(profiles).map(([name, entry]): [string, Profile] => {
    const wrong = wrongInProfile(entry);
    if (wrong !== undefined) throw refuseToParse(path, `profiles.${name}${wrong}`);
    return [name, entry as Profile];
  });
  return { activeProfile, profiles: new Map(entries), pending, unknown };
}

/** The text of the config file. */
export function configToJson(config: Config): string {
  const { activeProfile, profiles, pending, unknown } = config;
  const unsettled = pending.length === 0 ? {} : { pending };
  // fromEntries and spread define own properties, so a key `__proto__` stays a key.
  const content = { schemaVersion: 1, activeProfile, profiles: Object.fromEntries(profiles), ...unsettled, ...unknown };
  return `${JSON.stringify(content, null, 2)}\n`;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function wrongInProfile(entry: unknown): string | undefined {
  if (!isObject(entry)) return " must be an object";
  for (const key of ["businessId", "displayName"]) if (!isStringOrAbsent(entry[key])) return `.${key} must be a string`;
  if (entry.defaultEnv !== undefined && !isEnv(entry.defaultEnv)) return ".defaultEnv must be sandbox or production";
  const slots = entry.envs ?? {};
  if (!isObject(slots)) return ".envs must be an object";
  for (const env of environments) {
    const wrong = Object.hasOwn(slots, env) ? wrongInKey(slots[env]) : undefined;
    if (wrong !== undefined) return `.envs.${env}${wrong}`;
  }
  const wrong = entry.signing === undefined ? undefined : wrongInKey(entry.signing);
  return wrong === undefined ? undefined : `.signing${wrong}`;
}

function wrongInKey(entry: unknown): string | undefined {
  if (!isObject(entry)) return " must be an object";
  for (const key of ["tokenFingerprint", "sdkAccessId", "apiOrigin", "account"]) {
    if (!isStringOrAbsent(entry[key])) return `.${key} must be a string`;
  }
  return entry.store === undefined || isStore(entry.store) ? undefined : ".store must be file or keychain";
}

function isPending(entry: unknown): entry is PendingToken {
  if (!isObject(entry) || !isStore(entry.store)) return false;
  const { profile, kind, account, hash, key } = entry;
  const named = typeof profile === "string" && typeof account === "string" && (kind === "signing" || isEnv(kind));
  return named && isStringOrAbsent(hash) && (key === undefined || wrongInKey(key) === undefined);
}

function isStore(value: unknown): value is StoreName {
  return value === "file" || value === "keychain";
}

function isStringOrAbsent(value: unknown): boolean {
  return value === undefined || typeof value === "string";
}
