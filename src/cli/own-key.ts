import type { Vault } from "../credentials/vault";
import { AtoaError } from "../errors";
import type { Env, KeyEntry } from "../profiles/config";
import { envIsNeeded, keyOf, resolveOneEnv, resolveProfile, type Sourced } from "../profiles/resolution";
import { askChoice } from "../terminal/prompt";
import { canAsk } from "../terminal/terminal";
import { environments } from "./flags";

/** One key of this machine: the profile and the one environment that logout, keys revoke and keys regenerate act on. */
export interface OwnKey {
  readonly profile: string;
  readonly env: Env;
  readonly key: KeyEntry;
}

/**
 * The key that is meant: --env, else the only one; with two a person is asked and a script is refused. Never both.
 * @throws AtoaError when there is no such profile or credential, or nobody to ask
 */
export async function ownKey(
  vault: Vault,
  flags: { profile?: string | undefined; env?: Env | undefined },
): Promise<OwnKey> {
  const { value: name, profile } = resolveProfile(vault.config(), flags.profile, process.env);
  const env = resolveOneEnv(name, profile, flags.env) ?? (await askEnv(name));
  return { profile: name, env: env.value, key: keyOf(name, profile, env) };
}

async function askEnv(name: string): Promise<Sourced<Env>> {
  if (!canAsk()) throw envIsNeeded(name);
  return { value: await askChoice(`Which environment of ${name}?`, environments), source: "your answer" };
}

/** The server's id of a key. A key paired by a server that told none can only be revoked in the dashboard. */
export function serverId({ profile, env, key }: OwnKey): string {
  if (key.sdkAccessId !== undefined) return key.sdkAccessId;
  throw new AtoaError({
    kind: "failure",
    message: `The key of ${profile}/${env} has no id on record`,
    hint: `run \`atoa login --profile ${profile} --env ${env}\` again, or pass the id from the dashboard`,
  });
}
