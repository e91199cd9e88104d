/**
 * The one lock of both state files: the folder secrets.json.lock, made by proper-lockfile.
 *
 * proper-lockfile alone judges a holder by the age of that folder, and two processes that judge at once can both win. So each
 * holder also puts a file of its own, with a unique name, into the folder: a folder with a live holder is never empty, so it cannot
 * be removed by accident; a dead holder is known by its process id at once; and only one process can take that file away.
 */
import { createHash, randomBytes } from "node:crypto";
import * as fs from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { lock } from "proper-lockfile";
import { AtoaError } from "../errors";
import { errnoOf, fileTrouble } from "../profiles/file-trouble";
import { type StatePaths, shellPath } from "../profiles/paths";
import { makePrivateFolder } from "./replace-file";

/** A holder on another machine (or version 0.1) is dead when its lock is older. proper-lockfile's own default refreshes every 5 s. */
const staleMs = 7_500;
const refreshMs = 2_000;

/** How long one holder is waited for, and how long a queue of them. A hundred logins at once take a few seconds. */
export interface Patience {
  readonly oneHolderMs: number;
  readonly queueMs: number;
}
export const defaultPatience: Patience = { oneHolderMs: 10_000, queueMs: 60_000 };

/** A hundred processes that ask again all the time would keep the holder from its work; a single one should not wait long. */
const shortestPauseMs = 4;
const longestPauseMs = 150;

export interface HeldLock {
  /** @throws AtoaError (failure) when somebody removed the lock meanwhile, so that nothing is written over their work */
  assertHeld(): void;
  release(): Promise<void>;
}

/**
 * Takes the lock, waiting for its holder. Makes the state folder if need be.
 * @throws AtoaError (failure) "Timed out acquiring lock on …" with the command that removes a lock nobody holds
 */
export async function acquireLock(paths: StatePaths, patience = defaultPatience): Promise<HeldLock> {
  makePrivateFolder(paths.folder);
  const owner = ownerName();
  const queueEnd = Date.now() + patience.queueMs;
  let holder = "";
  let holderEnd = 0;
  let pauseMs = shortestPauseMs;
  for (;;) {
    const held = await tryLock(paths, owner);
    if (held !== undefined) return held;
    const now = Date.now();
    const seen = look(paths.lock);
    if (seen.deadOwner !== undefined) {
      takeOver(paths.lock, seen.deadOwner);
      continue;
    }
    if (seen.identity !== holder) {
      holder = seen.identity;
      holderEnd = now + patience.oneHolderMs;
    }
    if (now >= Math.min(holderEnd, queueEnd)) throw timedOut(paths);
    await pause(pauseMs * (0.5 + Math.random()));
    pauseMs = Math.min(pauseMs * 1.5, longestPauseMs);
  }
}

/** Windows says "not permitted" of a folder that is just being removed. */
const heldCodes = [
  "ELOCKED",
  "EEXIST",
  "ENOTEMPTY",
  "ENOENT",
  ...(process.platform === "win32" ? ["EPERM", "EACCES", "EBUSY"] : []),
];

async function tryLock(paths: StatePaths, owner: string): Promise<HeldLock | undefined> {
  const ownerFile = join(paths.lock, owner);
  let release: () => Promise<void>;
  try {
    release = await lock(paths.secrets, {
      lockfilePath: paths.lock,
      realpath: false,
      retries: 0,
      stale: staleMs,
      update: refreshMs,
      fs: ownedFolders(owner),
      // Being overtaken is noticed by assertHeld, at the only moments that matter.
      onCompromised: () => {},
    });
  } catch (error) {
    const code = errnoOf(error);
    if (code === "ENOENT") makePrivateFolder(paths.folder); // A reset removed it, with the lock inside.
    if (heldCodes.includes(code)) return undefined;
    throw fileTrouble("lock", paths.lock, error);
  }
  return {
    assertHeld() {
      if (fs.existsSync(ownerFile)) return;
      throw new AtoaError({
        kind: "failure",
        message: `Lost the lock on ${paths.lock} to another process`,
        hint: "run this again once no other atoa is running",
      });
    },
    async release() {
      takeAway(ownerFile);
      await release().catch(() => {}); // Removed by somebody else: there is nothing left to release.
    },
  };
}

/** node:fs for proper-lockfile, with a holder's file going into each lock folder that is made, and out before it is removed. */
function ownedFolders(owner: string): object {
  return {
    ...fs,
    mkdir(path: string, done: (error: Error | null) => void) {
      try {
        claim(path, owner);
        done(null);
      } catch (error) {
        done(error instanceof Error ? error : new Error(String(error)));
      }
    },
    // A lock by version 0.1 is a file, which rmdir does not remove.
    rmdir(path: string, done: (error: Error | null) => void) {
      fs.rmdir(path, (error) => (errnoOf(error) === "ENOTDIR" ? fs.unlink(path, done) : done(error)));
    },
    rmdirSync(path: string) {
      takeAway(join(path, owner));
      fs.rmdirSync(path);
    },
  };
}

/** Makes the lock folder and puts the owner's file into it. Two that end up in one folder both see it, and both step back. */
function claim(path: string, owner: string): void {
  fs.mkdirSync(path, 0o700);
  fs.chmodSync(path, 0o700);
  const ownerFile = join(path, owner);
  fs.closeSync(fs.openSync(ownerFile, "wx", 0o600));
  if (fs.readdirSync(path).length === 1) return;
  takeAway(ownerFile);
  throw Object.assign(new Error("lock is held"), { code: "EEXIST" });
}

function look(path: string): { identity: string; deadOwner?: string } {
  try {
    const facts = fs.lstatSync(path);
    if (!facts.isDirectory()) return { identity: `${facts.ino}` };
    const owners = fs.readdirSync(path);
    const old = facts.mtimeMs < Date.now() - staleMs;
    const deadOwner = owners.find((owner) => isDead(owner, old));
    return {
      identity: `${facts.ino} ${facts.birthtimeMs} ${owners.join(" ")}`,
      ...(deadOwner === undefined ? {} : { deadOwner }),
    };
  } catch {
    return { identity: `gone ${Date.now()}` };
  }
}

/** `<pid>-<start>-<machine>-<random>`: names this process and no other, ever. */
function ownerName(): string {
  return `${process.pid}-${processFacts(process.pid).start}-${machine()}-${randomBytes(6).toString("hex")}`;
}

function isDead(owner: string, old: boolean): boolean {
  const [pid, start, where] = owner.split("-");
  if (where !== machine()) return old;
  try {
    process.kill(Number(pid), 0);
  } catch (error) {
    return errnoOf(error) === "ESRCH";
  }
  const facts = processFacts(Number(pid));
  return facts.ended || (facts.start !== "0" && facts.start !== start);
}

/** Start time and end of a process, from /proc; elsewhere unknown: then a process id that is in use counts as the holder. */
function processFacts(pid: number): { start: string; ended: boolean } {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return { start: fields[19] ?? "0", ended: fields[0] === "Z" || fields[0] === "X" };
  } catch {
    return { start: "0", ended: false };
  }
}

let knownMachine: string | undefined;

function machine(): string {
  knownMachine ??= machineName();
  return knownMachine;
}

/** A short name of this machine, boot and process-id space: only inside one of these does a process id mean anything. */
function machineName(): string {
  const sources = [
    () => hostname(),
    () => fs.readFileSync("/proc/sys/kernel/random/boot_id", "utf8"),
    () => fs.readlinkSync("/proc/self/ns/pid"),
  ];
  const known = sources.map((ask) => {
    try {
      return ask();
    } catch {
      return "";
    }
  });
  return createHash("sha256").update(known.join("\n")).digest("hex").slice(0, 12);
}

/** Clears a dead holder's lock. If another process did so first, its own file keeps the folder from being removed. */
function takeOver(path: string, deadOwner: string): void {
  takeAway(join(path, deadOwner));
  try {
    fs.rmdirSync(path);
  } catch {
    // Held again, or gone: the next try finds out.
  }
}

function takeAway(path: string): void {
  try {
    fs.unlinkSync(path);
  } catch {
    // Another process was first; that is what unique names are for.
  }
}

function timedOut(paths: StatePaths): AtoaError {
  const remove = process.platform === "win32" ? "Remove-Item -Recurse" : "rm -r";
  return new AtoaError({
    kind: "failure",
    message: `Timed out acquiring lock on ${paths.lock}`,
    hint: `another atoa is at work: wait for it; if none is running, remove the lock: ${remove} ${shellPath(paths.lock)}`,
  });
}
