/** Changes of profiles that move no token: each replaces the config once. */
import * as changes from "../profiles/changes";
import { type Config, type Env, pairedEnvs, readConfig } from "../profiles/config";
import { type ChangeOptions, change } from "./change";
import type { Home } from "./home";

async function changeConfig(
  home: Home,
  plan: (config: Config) => Config,
  { dryRun = false }: ChangeOptions,
): Promise<{ readonly before: Config; readonly after: Config }> {
  if (dryRun) {
    const before = readConfig(home.paths.config);
    return { before, after: plan(before) };
  }
  return change(home, async ({ config, save }) => {
    const after = plan(config);
    save(after);
    return { before: config, after };
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
