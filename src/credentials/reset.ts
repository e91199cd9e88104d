/** Wipes the local state, whatever shape it is in: the way out that every other error message can point to. */
import { chmodSync, lstatSync, readdirSync, rmdirSync, rmSync, statSync, unlinkSync } from "node:fs";
import { basename, join } from "node:path";
import { AtoaError } from "../errors";
import { readConfig } from "../profiles/config";
import { errnoOf, fileSystemError, type StatePaths } from "../profiles/state-files";
import { type ChangeOptions, leftBehind, removeFrom } from "./change";
import { acquireLock } from "./lock";
import { allPlaces, type Home, type Place } from "./read";
import { bestEffort, isTemporary } from "./state-directory";

/**
 * Removes config, tokens, temporary files and the lock: files, links (not what they point to) and directories in their places.
 * A lock that somebody holds is waited for, and then removed as well: its holder notices before it writes.
 * @returns names of the profiles (none when the config could not be read), removed paths, keychain accounts cleared, and a line for
 * each token that may be left in the keychain
 * @throws AtoaError (failure) only when the file system does not let us remove something
 */
export async function resetState(home: Home, { dryRun = false }: ChangeOptions) {
  const { paths } = home;
  if (dryRun) {
    const { profiles, places, notices } = known(home);
    return { profiles, removed: present(paths), keychain: places.map(({ account }) => account), notices };
  }
  // Missing, or not ours: what follows reports it.
  bestEffort(() => lstatSync(paths.directory).isDirectory() && chmodSync(paths.directory, 0o700));
  const lock = present(paths).length === 0 ? undefined : await acquireLock(paths).catch(() => undefined);
  try {
    const { profiles, places, notices } = known(home);
    const cleared: string[] = [];
    for (const place of places) {
      const failure = await removeFrom(await home.keychain(), place);
      if (failure === undefined) cleared.push(place.account);
      else notices.push(leftBehind(place, failure));
    }
    // Whoever holds a lock that we did not get shall notice that it is gone; our own goes by its release.
    const mine = lock === undefined ? [] : [paths.lock, paths.lockOwner];
    const removed = present(paths).filter((path) => !mine.includes(path));
    for (const path of removed) removeAnything(path);
    return { profiles, removed, keychain: cleared, notices };
  } finally {
    await lock?.release();
    // Something of the user's may be in it, or it is a link: then it stays.
    bestEffort(() => rmdirSync(paths.directory));
  }
}

/** Tokens that may be in the keychain. Those in the file are deleted with it. */
function known(home: Home): { profiles: string[]; places: readonly Place[]; notices: string[] } {
  try {
    const config = readConfig(home.paths.config);
    const places = allPlaces(home, config).filter(({ store }) => store === "keychain");
    return { profiles: [...config.profiles.keys()], places, notices: [] };
  } catch (error) {
    const why = error instanceof AtoaError ? error.message : "unreadable";
    const notices = home.stores.includes("keychain")
      ? [`${why}: the system keychain may still hold tokens; look there for service atoa-cli`]
      : [];
    return { profiles: [], places: [], notices };
  }
}

/** Paths of ours that exist, whatever they are. */
function present({ directory, config, secrets, webhooks, lock, lockOwner }: StatePaths): string[] {
  const paths = [config, secrets, webhooks, lock, lockOwner];
  try {
    if (lstatSync(directory, { throwIfNoEntry: false }) === undefined) return [];
    // A file, or a link that leads nowhere, in the place of the directory.
    if (statSync(directory, { throwIfNoEntry: false })?.isDirectory() !== true) return [directory];
    return readdirSync(directory)
      .map((name) => join(directory, name))
      .filter((path) => paths.includes(path) || isTemporary(basename(path)));
  } catch (error) {
    if (errnoOf(error) === "ENOTDIR") return []; // One above it is a file.
    throw fileSystemError("read", directory, error);
  }
}

function removeAnything(path: string): void {
  try {
    const facts = lstatSync(path, { throwIfNoEntry: false });
    if (facts === undefined) return;
    // Not by rmSync, which in Node 24 fails without a code on a read-only file system.
    if (facts.isDirectory()) rmSync(path, { recursive: true, force: true });
    else unlinkSync(path);
  } catch (error) {
    throw fileSystemError("remove", path, error);
  }
}
