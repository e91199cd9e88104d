import type { Vault } from "../credentials/vault";
import { defaultOrigin, environments } from "../environments";
import { AtoaError, usageError } from "../errors";
import { type Env, type KeyEntry, pairedEnvs } from "../profiles/config";
import { envIsNeeded, keyOf, resolveOneEnv, resolveProfile } from "../profiles/resolution";
import { askChoice } from "../terminal/prompt";
import { canAsk } from "../terminal/terminal";
import { shellWord } from "../text";
import { originInUse } from "./session";

/** One key of this machine: the profile and the one environment that logout, keys revoke and keys regenerate act on. */
export interface CurrentKey {
  readonly profile: string;
  readonly env: Env;
  readonly key: KeyEntry;
}

interface Wanted {
  readonly profile?: string | undefined;
  readonly env?: Env | undefined;
}

/**
 * The key that is meant: --env, else the only one; with two a person is asked and a script is refused. Never both.
 * @throws AtoaError when there is no such profile or credential, or nobody to ask
 */
export async function currentKey(vault: Vault, flags: Wanted): Promise<CurrentKey> {
  const { value: name, profile } = resolveProfile(vault.config(), flags.profile, process.env);
  const env = resolveOneEnv(name, profile, flags.env)?.value ?? (await askEnv(name));
  return { profile: name, env, key: keyOf(name, profile, env) };
}

async function askEnv(name: string): Promise<Env> {
  if (!canAsk()) throw envIsNeeded(name);
  return askChoice(`Which environment of ${name}?`, environments);
}

/** What `keys revoke` and `keys regenerate` act on: an id, and the key of this machine that it belongs to, if any. */
export interface KeyTarget {
  readonly sdkAccessId: string;
  readonly own: CurrentKey | undefined;
}

/**
 * Without an id, the key in use. An id that this machine holds for the server in use is that key, with its own profile and
 * environment. Any other id is somebody else's key.
 * @throws AtoaError usage when --profile or --env contradicts the id, or nothing but ATOA_TOKEN says whose key is meant
 */
export async function keyTarget(vault: Vault, flags: Wanted, id: string | undefined): Promise<KeyTarget> {
  if (process.env.ATOA_TOKEN) {
    if (id !== undefined) return { sdkAccessId: id, own: undefined };
    throw usageError(
      "With ATOA_TOKEN set, the key id is required",
      "pass it (it is in the Atoa dashboard), or unset ATOA_TOKEN to use a key on this machine",
      "sdkAccessId",
    );
  }
  if (id === undefined) {
    const own = await currentKey(vault, flags);
    return { sdkAccessId: serverId(own), own };
  }
  const held = heldKeys(vault, id);
  const [own] = held.filter(({ profile, env }) => fits(flags.profile, profile) && fits(flags.env, env));
  const [other] = held;
  if (own === undefined && other !== undefined) {
    const { profile, env } = other;
    throw usageError(
      `Key ${id} belongs to ${profile}/${env}`,
      `leave out --profile and --env, or pass --profile ${shellWord(profile)} --env ${env}`,
      flags.env !== undefined && flags.env !== env ? "env" : "profile",
    );
  }
  return { sdkAccessId: id, own };
}

/** --profile and --env of a key of this machine, for a session that acts with that very key. */
export function placeOf(own: CurrentKey | undefined): { profile?: string; env?: Env } {
  return own === undefined ? {} : { profile: own.profile, env: own.env };
}

function heldKeys(vault: Vault, id: string): CurrentKey[] {
  const origin = originInUse().value;
  return [...vault.config().profiles].flatMap(([name, profile]) =>
    pairedEnvs(profile).flatMap((env) => {
      const key = profile.envs?.[env];
      const isHeld = key?.sdkAccessId === id && (key.apiOrigin ?? defaultOrigin) === origin;
      return key !== undefined && isHeld ? [{ profile: name, env, key }] : [];
    }),
  );
}

function fits(wanted: string | undefined, actual: string): boolean {
  return wanted === undefined || wanted === actual;
}

/** The server's id of a key. A key paired by a server that told none can only be revoked in the dashboard. */
function serverId({ profile, env, key }: CurrentKey): string {
  if (key.sdkAccessId !== undefined) return key.sdkAccessId;
  throw new AtoaError({
    kind: "failure",
    message: `The key of ${profile}/${env} has no stored id`,
    hint: `run \`atoa login --profile ${shellWord(profile)} --env ${env}\` again, or pass the id from the dashboard`,
  });
}
