/**
 * What commands do with profiles and tokens. Every function takes and returns plain data and prints nothing. With `dryRun` a
 * function says what it would do and touches nothing. What a function needs is loaded when it is called.
 */

import { type Config, type CredentialKey, type Env, readConfig } from "../profiles/config";
import { statePaths } from "../profiles/state-files";
import type { ChangeOptions } from "./change";
import type { KeychainOptions } from "./keychain";
import type { NewLogin } from "./login";
import { allKeys, findToken, type Home, readSigningSecret, readToken, type TokenTarget } from "./read";
import { writableStores } from "./store";

export type Vault = ReturnType<typeof createVault>;

interface EnvKey {
  readonly profile: string;
  readonly env: Env;
}

/** @throws AtoaError usage (ATOA_SECRET_STORE), failure (no home directory is known) */
export function createVault(options: KeychainOptions) {
  const paths = statePaths(options.environment);
  const stores = writableStores(paths, options.environment);
  const keychain = async () => (await import("./keychain")).keychainStore(options);
  const home: Home = { paths, stores, keychain };
  const login = () => import("./login");
  const changes = () => import("./change");
  return {
    paths,
    /** The config, read afresh. @throws AtoaError (failure) */
    config: (): Config => readConfig(paths.config),
    listProfiles: async () => (await import("./listing")).listProfiles(home),

    /** Start it early and await it late: keychains are slow. */
    readToken: (target: TokenTarget) => readToken(home, target),
    readSigningSecret: (profile: string) => readSigningSecret(home, profile),
    /** One token with the facts about it, whatever server it belongs to; for revoking it there. */
    findToken: async ({ profile, env }: EnvKey) => findToken(home, readConfig(paths.config), { profile, kind: env }),
    /** Every key that the config names, those of half-finished logins included. @throws AtoaError (failure) */
    keys: (): readonly CredentialKey[] => allKeys(readConfig(paths.config)),

    storeLogin: async (given: NewLogin) => (await login()).storeLogin(home, given),
    rotateToken: async (key: EnvKey, rotate: () => Promise<string>) => (await login()).rotateToken(home, key, rotate),
    storeSigningSecret: async (profile: string, secret: string) =>
      (await login()).storeSigningSecret(home, profile, secret),

    forget: async (key: EnvKey, change: ChangeOptions = {}) => (await changes()).forget(home, key, change),
    deleteProfile: async (name: string, change: ChangeOptions = {}) =>
      (await changes()).deleteProfile(home, name, change),
    renameProfile: async (from: string, to: string, change: ChangeOptions = {}) =>
      (await changes()).renameProfile(home, from, to, change),
    setDefaultEnv: async (name: string, env: Env, change: ChangeOptions = {}) =>
      (await changes()).setDefaultEnv(home, name, env, change),
    useProfile: async (name: string, change: ChangeOptions = {}) => (await changes()).useProfile(home, name, change),
    reset: async (change: ChangeOptions = {}) => (await import("./reset")).resetState(home, change),
  };
}
