/**
 * The one lock of both state files: the directory secrets.json.lock, made and kept fresh by proper-lockfile. A holder that died
 * is known by the age of that directory.
 *
 * Who judges by age can be wrong: a holder may have been suspended, and of two processes that judge at the same moment one may
 * remove the lock that the other has just taken (moxystudio/node-proper-lockfile#121). So each holder writes its name into a
 * file beside the lock; the last one there holds it, and all others notice before they write anything.
 */
import { randomUUID } from "node:crypto";
import { chmodSync, lstatSync, readFileSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { lock } from "proper-lockfile";
import { AtoaError } from "../errors";
import { errnoOf, fileSystemError, type StatePaths } from "../profiles/state-files";
import { shellWord } from "../text";
import { bestEffort, makePrivateDirectory } from "./state-directory";

/** A lock that was not refreshed for so long has no living holder. */
const staleMs = 5_000;
const refreshMs = 1_000;
/** How long a lock is waited for. A hundred logins at once take about ten seconds on two cores. */
const defaultTimeoutMs = 30_000;
/** Two that took over at once know of each other after this. */
const settleMs = 100;

export interface HeldLock {
  /** @throws AtoaError (failure) when another process has taken the lock meanwhile, so that nothing is written over its work */
  assertHeld(): void;
  release(): Promise<void>;
}

/**
 * Takes the lock, waiting for its holder. Makes the state directory if need be.
 * @throws AtoaError (failure) "Timed out acquiring lock on …" with the command that removes a lock nobody holds
 */
export async function acquireLock(paths: StatePaths, timeoutMs = defaultTimeoutMs): Promise<HeldLock> {
  makePrivateDirectory(paths.directory);
  const deadline = performance.now() + timeoutMs;
  // A hundred processes that poll in a tight loop would starve the holder.
  for (let pauseMs = 4; ; pauseMs = Math.min(pauseMs * 1.5, 150)) {
    const held = await tryLock(paths);
    if (held !== undefined) return held;
    if (performance.now() >= deadline) throw timedOut(paths);
    await pause(pauseMs * (0.5 + Math.random()));
  }
}

/** @returns undefined when somebody else has it, or it has to be tried again */
async function tryLock(paths: StatePaths): Promise<HeldLock | undefined> {
  const before = lstatSync(paths.lock, { throwIfNoEntry: false });
  // Sooner than proper-lockfile thinks so, and never of a lock that is being refreshed.
  const takesOver = before !== undefined && before.mtimeMs < Date.now() - staleMs / 2;
  const owner = randomUUID();
  const isOwn = () => {
    try {
      return readFileSync(paths.lockOwner, "utf8") === owner;
    } catch {
      return false;
    }
  };
  let unlock: (() => Promise<void>) | undefined;
  try {
    unlock = await lock(paths.secrets, {
      lockfilePath: paths.lock,
      realpath: false,
      stale: staleMs,
      update: refreshMs,
      onCompromised: () => {}, // The owner file tells, before anything is written.
    });
    writeFileSync(paths.lockOwner, owner);
    chmodSync(paths.lockOwner, 0o600); // Whatever the umask.
  } catch (error) {
    if (unlock !== undefined) bestEffort(() => unlinkSync(paths.lockOwner));
    await unlock?.().catch(() => {});
    makeWay(paths, error);
    return undefined;
  }
  const held = {
    assertHeld() {
      if (isOwn()) return;
      throw new AtoaError({
        kind: "failure",
        message: `Lost the lock on ${paths.lock} to another process`,
        hint: "try again when no other atoa is running",
      });
    },
    async release() {
      if (isOwn()) bestEffort(() => unlinkSync(paths.lockOwner));
      // Somebody else's lock must stay: after its next refresh proper-lockfile knows whether the directory is still ours.
      else await pause(2 * refreshMs);
      await unlock?.().catch(() => {}); // Removed by somebody else: there is nothing left to release.
    },
  };
  if (takesOver) await pause(settleMs);
  if (isOwn()) return held;
  await held.release();
  return undefined;
}

/** For the next attempt. @throws AtoaError (failure) for an error of the file system that is no sign of another process */
function makeWay(paths: StatePaths, error: unknown): void {
  // Windows says "not permitted" of a directory that is just being removed.
  const onWindows = process.platform === "win32" ? ["EPERM", "EACCES", "EBUSY"] : [];
  const code = errnoOf(error);
  if (["ELOCKED", "EEXIST", ...onWindows].includes(code)) return;
  // A reset removed it, with the lock inside.
  if (code === "ENOENT") makePrivateDirectory(paths.directory);
  // Version 0.1 left a file, an early 0.2 a directory with a file inside: proper-lockfile knows that it is stale, and cannot remove it.
  else if (code === "ENOTDIR" || code === "ENOTEMPTY") rmSync(paths.lock, { recursive: true, force: true });
  else throw fileSystemError("lock", paths.directory, error);
}

function timedOut(paths: StatePaths): AtoaError {
  const remove = process.platform === "win32" ? "Remove-Item -Recurse" : "rm -r";
  return new AtoaError({
    kind: "failure",
    message: `Timed out acquiring lock on ${paths.lock}`,
    hint: `wait for the other atoa process; if there is none, remove the lock: ${remove} ${shellWord(paths.lock)}`,
  });
}
