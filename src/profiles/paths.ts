/** Where the state files live. */

import { userInfo } from "node:os";
import { join, resolve } from "node:path";
import { AtoaError } from "../errors";

/** Absolute paths of the state. Only `config` and `secrets` outlive a command. */
export interface StatePaths {
  /** $ATOA_HOME, else the user's home. */
  readonly home: string;
  /** Holds everything below; mode 0700. */
  readonly directory: string;
  readonly config: string;
  readonly secrets: string;
  /** A directory: the journal of deliveries, and what listeners have registered. Holds payers' data, no token. */
  readonly webhooks: string;
  /** A directory: the lock of both files. */
  readonly lock: string;
  /** Names the process that took the lock last. */
  readonly lockOwner: string;
  /** True when ATOA_HOME chose the home: such a home never shares the user's keychain on its own account. */
  readonly isolated: boolean;
}

/**
 * Paths for this environment. ATOA_HOME may contain spaces and non-ASCII characters; a relative path is resolved against
 * the current directory; empty means unset.
 * @throws AtoaError (failure) when ATOA_HOME is unset and the system knows no home directory
 */
export function statePaths(environment: NodeJS.ProcessEnv): StatePaths {
  const chosen = environment.ATOA_HOME;
  const isolated = chosen !== undefined && chosen.trim() !== "";
  const home = isolated ? resolve(chosen) : systemHome(environment);
  const directory = join(home, ".config", "atoa");
  const secrets = join(directory, "secrets.json");
  return {
    home,
    directory,
    config: join(directory, "config.json"),
    secrets,
    webhooks: join(directory, "webhooks"),
    lock: `${secrets}.lock`,
    lockOwner: `${secrets}.lock-owner`,
    isolated,
  };
}

function systemHome(environment: NodeJS.ProcessEnv): string {
  // As os.homedir(), but from the given environment, and without returning "" for HOME="".
  const named = process.platform === "win32" ? environment.USERPROFILE : environment.HOME;
  if (named !== undefined && named.trim() !== "") return resolve(named);
  try {
    const { homedir } = userInfo();
    if (homedir.trim() !== "") return resolve(homedir);
  } catch {
    // A user without an entry, as in containers that are started with --user.
  }
  throw new AtoaError({
    kind: "failure",
    message: "Cannot tell where your home directory is: HOME is not set",
    hint: "set ATOA_HOME to a directory that atoa may write to, for example ATOA_HOME=/tmp/atoa",
  });
}
