/** Changes of profiles that move no token: each replaces the config once. */
import * as changes from "../profiles/changes";
import { type Env, pairedEnvs } from "../profiles/config";
import { type ChangeOptions, changeConfig } from "./change";
import type { Home } from "./home";

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
