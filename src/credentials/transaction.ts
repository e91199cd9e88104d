/**
 * One change of config and tokens together, under the lock, such that a crash at any moment leaves the state from before or after.
 *
 * Two files (and perhaps a keychain) cannot be replaced at one stroke. So the whole change is first written to a journal, without
 * tokens: the config as it will be, which tokens will be where (by their hash), which will be gone. If the program dies, the next
 * one that takes the lock compares: are all new tokens in their places, it finishes the change, otherwise it takes it back.
 */
import { type Config, configToJson, readConfig } from "../profiles/config";
import type { StatePaths } from "../profiles/paths";
import { readSecrets } from "./file-store";
import { type Journal, journalText, type Put, type Removal, readJournal } from "./journal";
import { acquireLock, type Patience } from "./lock";
import {
  type AtStep,
  prepareFile,
  type Replacement,
  type Replacing,
  removeFile,
  replaceFile,
  sweepTemporaries,
} from "./replace-file";
import { type NoAnswer, noAnswerError, type Slot, slotName, type TokenStores } from "./store";
import { tokenHash } from "./tokens";

export interface Change {
  readonly config: Config;
  readonly puts?: readonly Put[];
  readonly removals?: readonly Removal[];
}

export interface Done {
  readonly outcome: "done";
  /** Lines for the user: tokens that could not be removed although nothing names them any more. */
  readonly notices: readonly string[];
  /** Whether any token was there to remove. */
  readonly removed: boolean;
}

/** The store of a new token did not take it; nothing was changed. */
export interface Refused extends NoAnswer {
  readonly slot: Slot;
}

export interface Transaction {
  /** The config as it stands, read under the lock. */
  readonly config: Config;
  readonly stores: TokenStores;
  /** Makes the change. @throws AtoaError (failure) when files cannot be written or a token that must go cannot be removed */
  commit(change: Change): Promise<Done | Refused>;
}

/** What a transaction stands on. */
export interface Ground {
  readonly paths: StatePaths;
  readonly stores: (replacing: Replacing) => TokenStores;
  readonly atStep?: AtStep | undefined;
  readonly patience?: Patience | undefined;
}

interface Writer {
  readonly paths: StatePaths;
  readonly stores: TokenStores;
  readonly replacing: Replacing;
}

/** Runs `work` under the lock, after completing or undoing whatever a killed process left half done. @throws AtoaError */
export async function inTransaction<Result>(
  ground: Ground,
  work: (transaction: Transaction) => Promise<Result>,
): Promise<Result> {
  const { paths, atStep } = ground;
  const lock = await acquireLock(paths, ground.patience);
  try {
    atStep?.("locked");
    const replacing: Replacing = { assertHeld: () => lock.assertHeld(), atStep };
    const writer: Writer = { paths, stores: ground.stores(replacing), replacing };
    sweepTemporaries(paths.folder, [paths.config, paths.secrets, paths.journal]);
    await settle(writer);
    return await work({
      config: readConfig(paths.config),
      stores: writer.stores,
      commit: (change) => commit(writer, change),
    });
  } finally {
    await lock.release();
  }
}

async function commit(writer: Writer, { config, puts = [], removals = [] }: Change): Promise<Done | Refused> {
  const { paths, replacing } = writer;
  if (puts.length + removals.length === 0) {
    replaceFile(paths.config, configToJson(config), replacing);
    return { outcome: "done", notices: [], removed: false };
  }
  // A token file that is refused (its mode, its content) is found out before anything is begun.
  if ([...puts, ...removals].some(({ store }) => store === "file")) readSecrets(paths.secrets);
  // Both before any token moves: from here on only the token file itself needs space.
  replaceFile(paths.journal, journalText(config, puts, removals), replacing);
  let newConfig: Replacement | undefined;
  try {
    newConfig = prepareFile(paths.config, configToJson(config), replacing);
    const refusal = await putAll(writer, puts);
    if (refusal !== undefined) {
      newConfig.discard();
      // A write that timed out may have happened after all: then the journal stays, and the next command finds out.
      if (refusal.outcome !== "timedOut") await undo(writer, puts);
      return refusal;
    }
    const done = await removeAndName(writer, { puts, removals }, newConfig);
    removeFile(paths.journal);
    replacing.atStep?.("journal removed");
    return { outcome: "done", ...done };
  } catch (error) {
    newConfig?.discard();
    // The first trouble is the one to tell. If this fails as well, the journal stays for the next command.
    await (puts.length > 0 ? settle(writer) : undo(writer, [])).catch(() => {});
    throw error;
  }
}

/**
 * The config takes its place after new tokens are in theirs and before old ones go; without new tokens it comes last, so that it
 * names a token until that is gone.
 */
async function removeAndName(
  writer: Writer,
  { puts, removals }: Pick<Journal, "puts" | "removals"> | { puts: readonly Put[]; removals: readonly Removal[] },
  config: Replacement,
) {
  if (puts.length > 0) config.commit();
  const gone = await removeAll(writer, removals);
  if (puts.length === 0) config.commit();
  return gone;
}

async function putAll({ stores, replacing }: Writer, puts: readonly Put[]): Promise<Refused | undefined> {
  for (const { slot, store, token } of puts) {
    const answer = await stores[store].write(slot, token);
    replacing.atStep?.(`token put into ${store}`);
    if (answer.outcome !== "done") return { ...answer, slot };
  }
  return undefined;
}

async function removeAll(
  writer: Writer,
  removals: readonly Removal[],
): Promise<{ notices: string[]; removed: boolean }> {
  const notices: string[] = [];
  let removed = false;
  for (const { slot, store, ifLeft } of removals) {
    const answer = await writer.stores[store].remove(slot);
    writer.replacing.atStep?.(`token removed from ${store}`);
    if (answer.outcome === "done") removed ||= answer.existed;
    else if (ifLeft === "fail") throw noAnswerError(answer, slot, writer.paths);
    else if (ifLeft === "tell" || answer.outcome !== "noBackend") notices.push(leftBehind(slot, answer));
  }
  return { notices, removed };
}

/** For a token that could not be removed although nothing names it any more. */
export function leftBehind(slot: Slot, answer: NoAnswer): string {
  const where = `service atoa-cli, account ${slotName(slot)}`;
  return `A token of ${slot.profile}/${slot.env} may still be in the system keychain (${answer.why}): ${where}`;
}

/** Completes or undoes the change in the journal, if there is one. @throws AtoaError when a keychain that has to be asked gives no answer */
async function settle(writer: Writer): Promise<void> {
  const { paths, replacing } = writer;
  const journal = readJournal(paths.journal);
  if (journal === undefined) return removeFile(paths.journal);
  if (!(await allInPlace(writer, journal))) return undo(writer, journal.puts);
  const config = prepareFile(paths.config, configToJson(journal.config), replacing);
  try {
    await removeAndName(writer, journal, config);
  } catch {
    // A token that had to go could not be removed: the config still names it, as before the change.
    config.discard();
  }
  removeFile(paths.journal);
}

async function allInPlace(writer: Writer, journal: Journal): Promise<boolean> {
  for (const { slot, store, hash } of journal.puts) {
    const answer = await writer.stores[store].read(slot);
    if (answer.outcome === "locked" || answer.outcome === "timedOut") throw noAnswerError(answer, slot, writer.paths);
    if (answer.outcome !== "found" || tokenHash(answer.token) !== hash) return false;
  }
  return true;
}

/** Takes a change back: new tokens that the config does not name go, then the journal. */
async function undo({ paths, stores }: Writer, puts: readonly { slot: Slot; store: Put["store"] }[]): Promise<void> {
  const { profiles } = readConfig(paths.config);
  for (const { slot, store } of puts) {
    if (profiles.get(slot.profile)?.envs?.[slot.env] === undefined) await stores[store].remove(slot);
  }
  removeFile(paths.journal);
}
