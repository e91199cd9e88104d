/** What every function of the vault stands on: where the state is, which stores there are, and one locked transaction. */
import { existsSync } from "node:fs";
import { AtoaError } from "../errors";
import { type Config, readConfig } from "../profiles/config";
import { type StatePaths, statePaths } from "../profiles/paths";
import { fileStore } from "./file-store";
import type { Patience } from "./lock";
import type { AtStep, Replacing } from "./replace-file";
import { noAnswerError, type TokenStore, type TokenStores, writableStores } from "./store";
import type { Change, Transaction } from "./transaction";

export interface VaultOptions {
  readonly environment: NodeJS.ProcessEnv;
  /** stdin and stderr are terminals: a person may be typing the keychain's password, so it gets 30 s instead of 3. */
  readonly interactive: boolean;
  /** Called once when the keychain has not answered for 1.5 s. */
  readonly onKeychainWait?: (() => void) | undefined;
  /** For tests: called at every step of a write, how long to wait for the lock, and the keychain's child program. */
  readonly atStep?: AtStep | undefined;
  readonly patience?: Patience | undefined;
  readonly keychainChild?: string | undefined;
}

export interface Try {
  /** Say what would be changed, and change nothing. */
  readonly dryRun?: boolean | undefined;
}

export interface VaultContext {
  readonly options: VaultOptions;
  readonly paths: StatePaths;
}

/** @throws AtoaError (failure) when no home folder is known */
export function vaultContext(options: VaultOptions): VaultContext {
  return { options, paths: statePaths(options.environment) };
}

/** True when this home must not look into the user's keychain unless its own config names it. */
export function isFileOnly({ paths, options }: VaultContext): boolean {
  return !writableStores(paths, options.environment).includes("keychain");
}

/** The stores for reading alone. */
export function readableStores(context: VaultContext): TokenStores {
  return storesOf(context, {
    assertHeld() {
      throw new AtoaError({
        kind: "failure",
        message: "Tried to write without the lock",
        hint: "report this as a bug",
      });
    },
  });
}

function storesOf({ paths, options }: VaultContext, replacing: Replacing): TokenStores {
  return { file: fileStore(paths.secrets, replacing), keychain: lazyKeychain(options) };
}

/** The keychain, loaded when it is first asked for. */
export function lazyKeychain(options: VaultOptions): TokenStore {
  const load = async () => {
    const { keychainStore } = await import("./keychain");
    return keychainStore(options);
  };
  return {
    read: async (slot) => (await load()).read(slot),
    write: async (slot, token) => (await load()).write(slot, token),
    remove: async (slot) => (await load()).remove(slot),
  };
}

export async function transact<Result>(
  { paths, options }: VaultContext,
  work: (transaction: Transaction) => Promise<Result>,
  patience: Patience | undefined = options.patience,
): Promise<Result> {
  const { inTransaction } = await import("./transaction");
  const stores = (replacing: Replacing) => storesOf({ paths, options }, replacing);
  return inTransaction({ paths, stores, atStep: options.atStep, patience }, work);
}

/** For readers, who need not queue with writers: what they find without waiting is sound, only perhaps a moment old. */
export const briefly: Patience = { oneHolderMs: 500, queueMs: 1_000 };

/** Completes what a killed process left half done, so that reading sees one state; without success, reading goes on as it is. */
export async function settleLeftovers(context: VaultContext, patience?: Patience): Promise<void> {
  if (existsSync(context.paths.journal)) await transact(context, async () => {}, patience).catch(() => {});
}

/** What a change without new tokens did, or would do. */
export interface Applied {
  readonly before: Config;
  readonly after: Config;
  readonly notices: readonly string[];
  /** Whether any token was there to remove; false in a dry run. */
  readonly removed: boolean;
}

/** Makes a change that puts no new token anywhere, or only says what it would be. */
export async function apply(
  context: VaultContext,
  plan: (config: Config) => Change,
  { dryRun = false }: Try,
): Promise<Applied> {
  if (dryRun) {
    const before = readConfig(context.paths.config);
    return { before, after: plan(before).config, notices: [], removed: false };
  }
  return transact(context, async ({ config, commit }) => {
    const change = plan(config);
    const committed = await commit(change);
    if (committed.outcome !== "done") throw noAnswerError(committed, committed.slot, context.paths);
    return { before: config, after: change.config, notices: committed.notices, removed: committed.removed };
  });
}
