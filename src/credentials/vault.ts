/**
 * What commands do with profiles and tokens. Every function takes and returns plain data, prints nothing, and changes config and
 * tokens in one transaction. With `dryRun` a function says what it would do and touches nothing.
 *
 * Only what a list needs is loaded at once; what reads or writes a token is loaded when it is called.
 */

import { defaultOrigin } from "../default-origin";
import { type Config, type Env, pairedEnvs, readConfig } from "../profiles/config";
import { isFileOnly, lazyKeychain, type Try, type VaultOptions, vaultContext } from "./context";
import type { NewLogin, RotatedKey } from "./key-changes";
import { listProfiles } from "./listing";
import type { TokenTarget } from "./read-token";
import type { Slot } from "./store";

export type Vault = ReturnType<typeof createVault>;

/** @throws AtoaError (failure) when no home folder is known */
export function createVault(options: VaultOptions) {
  const context = vaultContext(options);
  const { paths } = context;
  const keys = () => import("./key-changes");
  const profiles = () => import("./profile-changes");
  return {
    paths,
    /** The config, read afresh. @throws AtoaError (failure) */
    config: (): Config => readConfig(paths.config),
    /** See listProfiles. */
    listProfiles: () => listProfiles(context),
    /** See readToken. Start it early and await it late: a keychain answers in its own time. */
    readToken: async (target: TokenTarget) => (await import("./read-token")).readToken(context, target),
    /** See storeLogin. */
    storeLogin: async (login: NewLogin) => (await keys()).storeLogin(context, login),
    /** See replaceToken. */
    replaceToken: async (rotated: RotatedKey) => (await keys()).replaceToken(context, rotated),
    /** See forget. */
    forget: async (slot: Slot, attempt: Try = {}) => (await keys()).forget(context, slot, attempt),
    /** See renameProfile. */
    renameProfile: async (from: string, to: string, attempt: Try = {}) =>
      (await profiles()).renameProfile(context, from, to, attempt),
    /** See deleteProfile. */
    deleteProfile: async (name: string, attempt: Try = {}) => (await profiles()).deleteProfile(context, name, attempt),
    /** See setDefaultEnv. */
    setDefaultEnv: async (name: string, env: Env, attempt: Try = {}) =>
      (await profiles()).setDefaultEnv(context, name, env, attempt),
    /** See useProfile. */
    useProfile: async (name: string, attempt: Try = {}) => (await profiles()).useProfile(context, name, attempt),
    /** See resetState. */
    async reset({ dryRun = false }: Try = {}) {
      const { resetState } = await import("./reset");
      return resetState({
        paths,
        keychain: lazyKeychain(options),
        fileOnly: isFileOnly(context),
        patience: options.patience,
        dryRun,
      });
    },
    /** Keys that `reset --revoke` can revoke at the server; none when the config cannot be read. */
    revocable(): readonly RevocableKey[] {
      try {
        return [...readConfig(paths.config).profiles].flatMap(([profile, entry]) =>
          pairedEnvs(entry).flatMap((env) => {
            const { sdkAccessId, apiOrigin = defaultOrigin } = entry.envs?.[env] ?? {};
            return sdkAccessId === undefined ? [] : [{ profile, env, sdkAccessId, origin: apiOrigin }];
          }),
        );
      } catch {
        return [];
      }
    },
  };
}

export interface RevocableKey extends Slot {
  readonly sdkAccessId: string;
  /** Origin that the key was paired with. */
  readonly origin: string;
}
