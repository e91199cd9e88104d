/** Changes of whole profiles: rename, delete, the active one, the default env. */

import * as changes from "../profiles/changes";
import { type Env, envs, pairedEnvs, readConfig } from "../profiles/config";
import { profileNamed } from "../profiles/resolution";
import { apply, isFileOnly, type Try, transact, type VaultContext } from "./context";
import { readSecrets } from "./file-store";
import { findToken } from "./find-token";
import type { Put, Removal } from "./journal";
import { removalsOf, strayRemovals } from "./removals";
import { noAnswerError, slotName } from "./store";

export interface Renamed {
  readonly from: string;
  readonly to: string;
  readonly envs: readonly Env[];
  readonly activeProfile: string | undefined;
  readonly notices: readonly string[];
}

/** Renames a profile and moves its tokens. @throws AtoaError notFound, usage (bad or taken name), failure */
export async function renameProfile(
  context: VaultContext,
  from: string,
  to: string,
  { dryRun = false }: Try,
): Promise<Renamed> {
  if (dryRun) {
    const before = readConfig(context.paths.config);
    const { activeProfile } = changes.withRename(before, from, to);
    return { from, to, envs: pairedEnvs(profileNamed(before, from)), activeProfile, notices: [] };
  }
  return transact(context, async ({ config, stores, commit }) => {
    const renamed = changes.withRename(config, from, to);
    const profile = profileNamed(config, from);
    const fileOnly = isFileOnly(context);
    const puts: Put[] = [];
    const removals: Removal[] = [];
    for (const env of pairedEnvs(profile)) {
      const key = profile.envs?.[env] ?? {};
      const slot = { profile: from, env };
      const found = await findToken(slot, key, stores, fileOnly);
      if (found.outcome === "found") puts.push({ slot: { profile: to, env }, store: found.store, token: found.token });
      else if (found.outcome !== "absent" && found.outcome !== "foreign")
        throw noAnswerError(found, slot, context.paths);
      removals.push(...removalsOf(slot, key, fileOnly, "tell"));
    }
    const committed = await commit({ config: renamed, puts, removals });
    if (committed.outcome !== "done") throw noAnswerError(committed, committed.slot, context.paths);
    return { from, to, envs: pairedEnvs(profile), activeProfile: renamed.activeProfile, notices: committed.notices };
  });
}

export interface Deleted {
  readonly profile: string;
  /** False when only tokens without a config entry were there. */
  readonly configEntry: boolean;
  /** Envs that had a key or a token. */
  readonly envs: readonly Env[];
  readonly activeProfile: string | undefined;
  readonly notices: readonly string[];
}

/**
 * Deletes a profile with the tokens of both envs; without a config entry it still removes tokens of that name.
 * @throws AtoaError notFound when there was neither, failure as forget
 */
export async function deleteProfile(context: VaultContext, name: string, attempt: Try): Promise<Deleted> {
  const fileOnly = isFileOnly(context);
  const tokens = readSecrets(context.paths.secrets);
  const { before, after, notices, removed } = await apply(
    context,
    (config) => ({
      config: changes.withoutProfile(config, name),
      removals: envs.flatMap((env) => {
        const key = config.profiles.get(name)?.envs?.[env];
        const slot = { profile: name, env };
        return key === undefined ? strayRemovals(slot, fileOnly) : removalsOf(slot, key, fileOnly, "fail");
      }),
    }),
    attempt,
  );
  const entry = before.profiles.get(name);
  const had = envs.filter((env) => entry?.envs?.[env] !== undefined || tokens.has(slotName({ profile: name, env })));
  if (entry === undefined && had.length === 0 && !removed) profileNamed(before, name);
  return { profile: name, configEntry: entry !== undefined, envs: had, activeProfile: after.activeProfile, notices };
}

/** @throws AtoaError notFound, usage (no key for that env) */
export async function setDefaultEnv(context: VaultContext, name: string, env: Env, attempt: Try) {
  const { before } = await apply(context, (config) => ({ config: changes.withDefaultEnv(config, name, env) }), attempt);
  return { profile: name, defaultEnv: env, before: before.profiles.get(name)?.defaultEnv };
}

/** @throws AtoaError notFound */
export async function useProfile(context: VaultContext, name: string, attempt: Try) {
  const { before } = await apply(context, (config) => ({ config: changes.withActive(config, name) }), attempt);
  return { activeProfile: name, before: before.activeProfile };
}
