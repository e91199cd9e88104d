/**
 * What commands do with profiles and tokens. Every function takes and returns plain data and prints nothing. With `dryRun` a
 * function says what it would do and touches nothing. What a function needs is loaded when it is called.
 */

import { type Config, type CredentialKey, type Env, readConfig } from "../profiles/config";
import type { ChangeOptions } from "./change";
import { allKeys, openHome } from "./home";
import type { KeychainOptions } from "./keychain";
import type { NewLogin } from "./login";
import type { KnownToken, TokenTarget } from "./read";

export type Vault = ReturnType<typeof createVault>;

interface EnvKey {
  readonly profile: string;
  readonly env: Env;
}

/** @throws AtoaError (failure) when no home directory is known */
export function createVault(options: KeychainOptions) {
  const home = openHome(options);
  const { paths } = home;
  const read = () => import("./read");
  const login = () => import("./login");
  const forget = () => import("./forget");
  const profiles = () => import("./profile-changes");
  return {
    paths,
    /** The config, read afresh. @throws AtoaError (failure) */
    config: (): Config => readConfig(paths.config),
    listProfiles: async () => (await import("./listing")).listProfiles(home),

    /** Start it early and await it late: keychains are slow. */
    readToken: async (target: TokenTarget) => (await read()).readToken(home, target),
    /** The tokens of this machine one by one, those of the given profile first. */
    async *readTokens(first?: string): AsyncGenerator<KnownToken> {
      yield* (await read()).readTokens(home, first);
    },
    readSigningSecret: async (profile: string) => (await read()).readSigningSecret(home, profile),
    /** One token with the facts about it, whatever server it belongs to; for revoking it there. */
    findToken: async ({ profile, env }: EnvKey) =>
      (await read()).findToken(home, readConfig(paths.config), { profile, kind: env }),
    /** Every key that the config names, those of half-finished logins included. @throws AtoaError (failure) */
    keys: (): readonly CredentialKey[] => allKeys(readConfig(paths.config)),

    storeLogin: async (given: NewLogin) => (await login()).storeLogin(home, given),
    rotateToken: async (key: EnvKey, rotate: () => Promise<string>) => (await login()).rotateToken(home, key, rotate),
    storeSigningSecret: async (profile: string, secret: string) =>
      (await login()).storeSigningSecret(home, profile, secret),

    forget: async (key: EnvKey, change: ChangeOptions = {}) => (await forget()).forget(home, key, change),
    deleteProfile: async (name: string, change: ChangeOptions = {}) =>
      (await forget()).deleteProfile(home, name, change),
    reset: async (change: ChangeOptions = {}) => (await import("./reset")).resetState(home, change),

    renameProfile: async (from: string, to: string, change: ChangeOptions = {}) =>
      (await profiles()).renameProfile(home, from, to, change),
    setDefaultEnv: async (name: string, env: Env, change: ChangeOptions = {}) =>
      (await profiles()).setDefaultEnv(home, name, env, change),
    useProfile: async (name: string, change: ChangeOptions = {}) => (await profiles()).useProfile(home, name, change),
  };
}
