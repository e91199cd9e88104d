/** The token store in the system's keychain, asked through a child process that is killed when it does not answer. */
import { spawn } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { interrupted } from "../errors";
import type { KeychainReply, KeychainRequest } from "./keychain-child";
import type { ReadOutcome, TokenStore, WriteOutcome } from "./store";

type Outcome = KeychainReply["outcome"];

export interface KeychainOptions {
  readonly environment: NodeJS.ProcessEnv;
  /** stdin and stderr are terminals: a person may be typing the keychain's password, so it gets 30 s instead of 3. */
  readonly interactive: boolean;
  /** Called once when the keychain has not answered for 1.5 s. */
  readonly onKeychainWait?: (() => void) | undefined;
  /** Aborts a question at Ctrl-C. */
  readonly signal?: AbortSignal | undefined;
  /** For tests: another child program. */
  readonly keychainChild?: string | undefined;
}

/** This module is loaded lazily, so that the bundle has it in dist/chunks. */
const builtChild = join(__dirname, "../credentials/keychain-child.js");

/** A script cannot type a password: its keychain answers at once or not at all. */
const scriptLimitMs = 3_000;
const personLimitMs = 30_000;
const noticeAfterMs = 1_500;
/** CRED_MAX_CREDENTIAL_BLOB_SIZE of the Windows Credential Manager, in bytes. */
const windowsLimit = 2560;

/** @throws AtoaError (interrupted) from every method when the signal aborts; a write may have happened then */
export function keychainStore(options: KeychainOptions): TokenStore {
  const limitMs = options.interactive ? personLimitMs : scriptLimitMs;
  const ask = <Reply>(request: Omit<KeychainRequest, "service" | "limitMs">, expected: readonly Outcome[]) =>
    askChild({ ...request, service: "atoa-cli", limitMs }, expected, options) as Promise<Reply>;
  return {
    read: (account) => ask<ReadOutcome>({ action: "get", account }, ["found", "absent"]),
    write: (account, secret) => ask<WriteOutcome>({ action: "set", account, secret }, ["done"]),
    remove: (account) => ask<WriteOutcome>({ action: "delete", account }, ["done"]),
  };
}

/** Why there can be no keychain, as far as that costs nothing to find out. */
function unusable(environment: NodeJS.ProcessEnv, child: string, secret = ""): string | undefined {
  if (process.platform === "win32" && Buffer.byteLength(secret) > windowsLimit) {
    return `the Windows Credential Manager takes at most ${windowsLimit} bytes`;
  }
  // Without a session bus, libsecret would start its own, with a keyring that is never unlocked.
  if (process.platform === "linux" && !hasSessionBus(environment)) return "no D-Bus session bus";
  return existsSync(child) ? undefined : "part of atoa is missing; reinstall it";
}

function hasSessionBus({ DBUS_SESSION_BUS_ADDRESS, XDG_RUNTIME_DIR }: NodeJS.ProcessEnv): boolean {
  if (DBUS_SESSION_BUS_ADDRESS) return true;
  if (!XDG_RUNTIME_DIR) return false;
  return statSync(join(XDG_RUNTIME_DIR, "bus"), { throwIfNoEntry: false })?.isSocket() === true;
}

/** @param expected outcomes that answer this request; any other reply but a failure is none */
function askChild(
  request: KeychainRequest,
  expected: readonly Outcome[],
  options: KeychainOptions,
): Promise<KeychainReply> {
  const { environment, interactive, onKeychainWait, signal, keychainChild = builtChild } = options;
  const missing = unusable(environment, keychainChild, request.secret);
  if (missing !== undefined) return Promise.resolve({ outcome: "unavailable", why: missing });
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [keychainChild], {
      stdio: ["pipe", "pipe", "ignore"],
      windowsHide: true,
      // A process group of its own: Ctrl-C at the terminal is ours to answer, and must not look like a crash of the child.
      detached: process.platform !== "win32",
      env: childEnvironment(environment),
      timeout: request.limitMs,
      killSignal: "SIGKILL",
      ...(signal && { signal }),
    });
    const notice = setTimeout(() => interactive && onKeychainWait?.(), noticeAfterMs);
    let text = "";
    child.stdout.setEncoding("utf8").on("data", (part: string) => {
      text += part;
    });
    child.on("error", (error) => {
      if (error.name === "AbortError") reject(interrupted());
      else resolve({ outcome: "unavailable", why: "its helper process could not be started" });
    });
    child.on("close", (_code, killedBy) => {
      clearTimeout(notice);
      const reply = replyIn(text, expected);
      const why = `its helper process ended early${killedBy ? ` (${killedBy})` : ""}`;
      if (child.killed) resolve({ outcome: "timedOut", why: `no response within ${request.limitMs / 1000} s` });
      else if (reply !== undefined) resolve(reply);
      // On Windows Ctrl-C ends the child too, and may reach us a moment later.
      else setTimeout(() => resolve({ outcome: "locked", why }), 50);
    });
    child.stdin.on("error", () => {}); // It ended before it read: "close" tells.
    child.stdin.end(JSON.stringify(request));
  });
}

/** Variables that a keychain needs to be found and to show its dialogs. */
const passedOn =
  /^(HOME|USER|LOGNAME|PATH|TMPDIR|TEMP|TMP|DISPLAY|WAYLAND_DISPLAY|XAUTHORITY|LD_LIBRARY_PATH|NODE_V8_COVERAGE|(DBUS|XDG|GNOME|KDE|NIX|__CF)_.*|SYSTEM(ROOT|DRIVE)|WINDIR|APPDATA|LOCALAPPDATA|USERPROFILE|PROGRAMDATA)$/i;

/** Nothing else goes to the child: CI systems keep tokens in variables. LC_ALL, because it sorts failures by their English words. */
function childEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { ...Object.fromEntries(Object.entries(environment).filter(([name]) => passedOn.test(name))), LC_ALL: "C" };
}

function replyIn(text: string, expected: readonly Outcome[]): KeychainReply | undefined {
  try {
    const reply = JSON.parse(text) as KeychainReply;
    return [...expected, "locked", "timedOut", "unavailable"].includes(reply.outcome) ? reply : undefined;
  } catch {
    return undefined;
  }
}
