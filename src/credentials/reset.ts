/** Wipes the local state, whatever shape it is in: the way out that every other error message can point to. */
import { chmodSync, lstatSync, readdirSync, rmdirSync, rmSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import { AtoaError } from "../errors";
import { envs, readConfig } from "../profiles/config";
import { errnoOf, fileTrouble } from "../profiles/file-trouble";
import type { StatePaths } from "../profiles/paths";
import { acquireLock, type Patience } from "./lock";
import { possibleStores, type Slot, slotName, type TokenStore } from "./store";
import { leftBehind } from "./transaction";

export interface ResetOptions {
  readonly paths: StatePaths;
  readonly keychain: TokenStore;
  readonly fileOnly: boolean;
  readonly dryRun: boolean;
  readonly patience?: Patience | undefined;
}

export interface ResetResult {
  /** Names of the profiles that were (or would be) wiped; empty when the config could not be read. */
  readonly profiles: readonly string[];
  /** Paths that were (or would be) removed. */
  readonly removed: readonly string[];
  /** Keychain accounts that were (or would be) cleared. */
  readonly keychain: readonly string[];
  readonly notices: readonly string[];
}

/**
 * Removes config, tokens, journal, temporary files and the lock: files, links (not what they point to) and folders in their places.
 * A lock that somebody holds is waited for, and then removed as well: its holder notices before it writes.
 * @throws AtoaError (failure) only when the file system does not let us remove something
 */
export async function resetState({ paths, keychain, fileOnly, dryRun, patience }: ResetOptions): Promise<ResetResult> {
  const { profiles, slots, notices } = known(paths, fileOnly);
  if (dryRun) return { profiles, removed: present(paths), keychain: slots.map(slotName), notices };
  unlockFolder(paths);
  const lock = present(paths).length === 0 ? undefined : await acquireLock(paths, patience).catch(() => undefined);
  try {
    const cleared: string[] = [];
    for (const slot of slots) {
      const answer = await keychain.remove(slot);
      if (answer.outcome !== "done") notices.push(leftBehind(slot, answer));
      else if (answer.existed) cleared.push(slotName(slot));
    }
    const removed = present(paths).filter((path) => path !== paths.lock);
    for (const path of removed) removeAnything(path);
    return { profiles, removed, keychain: cleared, notices };
  } finally {
    await lock?.release();
    removeAnything(paths.lock);
    removeFolderIfEmpty(paths.folder);
  }
}

/** What the config still tells about the keychain. Other files' tokens go with the files. */
function known(paths: StatePaths, fileOnly: boolean): { profiles: string[]; slots: Slot[]; notices: string[] } {
  try {
    const { profiles } = readConfig(paths.config);
    const slots = [...profiles].flatMap(([profile, entry]) =>
      envs
        .filter(
          (env) =>
            entry.envs?.[env] !== undefined && possibleStores(entry.envs[env] ?? {}, fileOnly).includes("keychain"),
        )
        .map((env) => ({ profile, env })),
    );
    return { profiles: [...profiles.keys()], slots, notices: [] };
  } catch (error) {
    const why = error instanceof AtoaError ? error.message : "unreadable";
    const notices = fileOnly
      ? []
      : [`${why}: which tokens are in the system keychain is not known; look there for service atoa-cli`];
    return { profiles: [], slots: [], notices };
  }
}

/** Everything of ours that is there, in whatever form. */
function present(paths: StatePaths): string[] {
  const names = [paths.config, paths.secrets, paths.journal, paths.webhooks, paths.lock];
  const prefixes = [paths.config, paths.secrets, paths.journal].map(
    (path) => `.${path.slice(paths.folder.length + 1)}.tmp-`,
  );
  try {
    const folder = lstatSync(paths.folder);
    if (!folder.isDirectory() && !folder.isSymbolicLink()) return [paths.folder];
    const entries = readdirSync(paths.folder).map((name) => join(paths.folder, name));
    return entries.filter(
      (path) => names.includes(path) || prefixes.some((prefix) => path.startsWith(join(paths.folder, prefix))),
    );
  } catch (error) {
    if (lstatSync(paths.folder, { throwIfNoEntry: false })?.isSymbolicLink()) return [paths.folder]; // It points nowhere.
    if (["ENOENT", "ENOTDIR"].includes(errnoOf(error))) return [];
    throw fileTrouble("read", paths.folder, error);
  }
}

function unlockFolder(paths: StatePaths): void {
  try {
    if (lstatSync(paths.folder).isDirectory()) chmodSync(paths.folder, 0o700);
  } catch {
    // Not there, or not ours: what follows says so.
  }
}

function removeAnything(path: string): void {
  try {
    const facts = lstatSync(path, { throwIfNoEntry: false });
    if (facts === undefined) return;
    if (facts.isDirectory()) rmSync(path, { recursive: true, force: true });
    else unlinkSync(path);
  } catch (error) {
    throw fileTrouble("remove", path, error);
  }
}

function removeFolderIfEmpty(path: string): void {
  try {
    rmdirSync(path);
  } catch {
    // Something of the user's is in it, or it is a link: it stays.
  }
}
