/** Changes of one key: a login stores it, a rotation replaces it, a logout forgets it. */

import * as changes from "../profiles/changes";
import { type Config, type Env, type KeyEntry, pairedEnvs, type StoreName } from "../profiles/config";
import type { StatePaths } from "../profiles/paths";
import { keyOf, profileNamed } from "../profiles/resolution";
import { apply, isFileOnly, type Try, transact, type VaultContext } from "./context";
import { otherCopies, removalsOf } from "./removals";
import { type NoAnswer, noAnswerError, type Slot, writableStores } from "./store";
import { parseToken, tokenFingerprint } from "./tokens";
import type { Done, Refused } from "./transaction";

export interface NewLogin extends Slot {
  readonly token: string;
  readonly businessId: string;
  readonly displayName?: string | undefined;
  readonly sdkAccessId?: string | undefined;
  /** Origin that verified the token; the key is bound to it. */
  readonly origin: string;
  /** Make this the active profile; see loginName. */
  readonly activate: boolean;
}

export interface StoredLogin extends Slot {
  readonly store: StoreName;
  /** The store in words: a path, or "the system keychain". */
  readonly location: string;
  /** Whether there was a key in this place before. */
  readonly replaced: boolean;
  readonly activeProfile: string | undefined;
  readonly defaultEnv: Env | undefined;
  readonly notices: readonly string[];
}

/**
 * Stores a token that the server has verified, in the best store there is, and clears the other one.
 * @throws AtoaError usage (not a token; another merchant's profile), failure (files; a keychain that is locked or mute)
 */
export async function storeLogin(context: VaultContext, login: NewLogin): Promise<StoredLogin> {
  const { paths, options } = context;
  const token = parseToken(login.token);
  const { profile, env, businessId, displayName, sdkAccessId, origin: apiOrigin, activate } = login;
  const pair = (config: Config, store: StoreName) => {
    const key: KeyEntry = {
      tokenFingerprint: tokenFingerprint(token),
      ...(sdkAccessId && { sdkAccessId }),
      apiOrigin,
      store,
    };
    return changes.withPairing(config, { profile, env, businessId, displayName, key, activate });
  };
  return transact(context, async ({ config, commit }) => {
    const candidates = writableStores(paths, options.environment);
    const { store, done, passedOver } = await firstThatTakes(paths, candidates, (candidate) =>
      commit({
        config: pair(config, candidate),
        puts: [{ slot: { profile, env }, store: candidate, token }],
        removals: otherCopies(config, login, candidate, isFileOnly(context)),
      }),
    );
    const after = pair(config, store);
    const because = `The system keychain was not used (${passedOver?.why}): the token is in ${paths.secrets}, readable by your user only`;
    return {
      profile,
      env,
      store,
      location: store === "file" ? paths.secrets : "the system keychain",
      replaced: config.profiles.get(profile)?.envs?.[env] !== undefined,
      activeProfile: after.activeProfile,
      defaultEnv: after.profiles.get(profile)?.defaultEnv,
      notices: [...(passedOver === undefined ? [] : [because]), ...done.notices],
    };
  });
}

export interface RotatedKey extends Slot {
  readonly token: string;
  /** When the server gave a new id with the new token. */
  readonly sdkAccessId?: string | undefined;
}

/**
 * Puts a rotated token in the place of the old one, in the store that holds that.
 * @throws AtoaError as storeLogin; the caller still holds the new token then and must show it
 */
export async function replaceToken(
  context: VaultContext,
  rotated: RotatedKey,
): Promise<Slot & { store: StoreName; notices: readonly string[] }> {
  const token = parseToken(rotated.token);
  const { profile, env, sdkAccessId } = rotated;
  return transact(context, async ({ config, commit }) => {
    const before = keyOf(profile, profileNamed(config, profile), { value: env, source: "--env" });
    const candidates =
      before.store === undefined ? writableStores(context.paths, context.options.environment) : [before.store];
    const { store, done } = await firstThatTakes(context.paths, candidates, (candidate) => {
      const key: KeyEntry = {
        tokenFingerprint: tokenFingerprint(token),
        ...(sdkAccessId && { sdkAccessId }),
        store: candidate,
      };
      return commit({
        config: changes.withKey(config, profile, env, key),
        puts: [{ slot: { profile, env }, store: candidate, token }],
        removals: otherCopies(config, rotated, candidate, isFileOnly(context)),
      });
    });
    return { profile, env, store, notices: done.notices };
  });
}

export interface Forgotten extends Slot {
  /** It was the profile's last key. */
  readonly profileRemoved: boolean;
  readonly remainingEnvs: readonly Env[];
  readonly defaultEnv: Env | undefined;
  readonly activeProfile: string | undefined;
  readonly notices: readonly string[];
}

/**
 * Forgets one key here (logout, keys revoke); the last key of a profile takes the profile with it.
 * @throws AtoaError notFound, auth (no such key), failure (a keychain that cannot be asked: the token may remain, so nothing changes)
 */
export async function forget(context: VaultContext, { profile, env }: Slot, attempt: Try): Promise<Forgotten> {
  const { after, notices } = await apply(
    context,
    (config) => {
      const key = keyOf(profile, profileNamed(config, profile), { value: env, source: "--env" });
      return {
        config: changes.withoutKey(config, profile, env),
        removals: removalsOf({ profile, env }, key, isFileOnly(context), "fail"),
      };
    },
    attempt,
  );
  const left = after.profiles.get(profile);
  const remainingEnvs = left === undefined ? [] : pairedEnvs(left);
  const { activeProfile } = after;
  return {
    profile,
    env,
    profileRemoved: left === undefined,
    remainingEnvs,
    defaultEnv: left?.defaultEnv,
    activeProfile,
    notices,
  };
}

/** Tries the stores in turn; only a store that is not there at all is passed over. @throws AtoaError (failure) for the last refusal */
async function firstThatTakes(
  paths: StatePaths,
  candidates: readonly StoreName[],
  attempt: (store: StoreName) => Promise<Done | Refused>,
): Promise<{ store: StoreName; done: Done; passedOver?: NoAnswer }> {
  const [store = "file", ...rest] = candidates;
  const answer = await attempt(store);
  if (answer.outcome === "done") return { store, done: answer };
  if (answer.outcome !== "noBackend" || rest.length === 0) throw noAnswerError(answer, answer.slot, paths);
  return { passedOver: answer, ...(await firstThatTakes(paths, rest, attempt)) };
}
