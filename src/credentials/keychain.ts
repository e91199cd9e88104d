/** The token store in the system's keychain, asked through a child process that is killed when it does not answer. */
import { spawn } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { interrupted } from "../errors";
import type { KeychainReply, KeychainRequest } from "./keychain-child";
import type { StoreFailure, TokenStore } from "./store";

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
  const ask = async (request: Omit<KeychainRequest, "service" | "limitMs">): Promise<KeychainReply> => {
    const why = unusable(options, request.secret);
    if (why !== undefined) return { reply: "unavailable", why };
    const limitMs = options.interactive ? personLimitMs : scriptLimitMs;
    return askChild({ ...request, service: "atoa-cli", limitMs }, options);
  };
  return {
    async read(account) {
      const reply = await ask({ action: "get", account });
      if (reply.reply !== "value") return failure(reply);
      return reply.value === null ? { outcome: "absent" } : { outcome: "found", token: reply.value };
    },
    async write(account, secret) {
      const reply = await ask({ action: "set", account, secret });
      return reply.reply === "stored" ? { outcome: "done" } : failure(reply);
    },
    async remove(account) {
      const reply = await ask({ action: "delete", account });
      return reply.reply === "deleted" ? { outcome: "done" } : failure(reply);
    },
  };
}

/** Why there can be no keychain, as far as that costs nothing to find out. */
function unusable({ environment, keychainChild = builtChild }: KeychainOptions, secret = ""): string | undefined {
  if (process.platform === "win32" && Buffer.byteLength(secret) > windowsLimit) {
    return `the Windows Credential Manager takes at most ${windowsLimit} bytes`;
  }
  // Without a session bus, libsecret would start its own, with a keyring that is never unlocked.
  if (process.platform === "linux" && !hasSessionBus(environment)) return "no D-Bus session bus";
  return existsSync(keychainChild) ? undefined : "part of atoa is missing; reinstall it";
}

function hasSessionBus({ DBUS_SESSION_BUS_ADDRESS, XDG_RUNTIME_DIR }: NodeJS.ProcessEnv): boolean {
  if (DBUS_SESSION_BUS_ADDRESS) return true;
  if (!XDG_RUNTIME_DIR) return false;
  return statSync(join(XDG_RUNTIME_DIR, "bus"), { throwIfNoEntry: false })?.isSocket() === true;
}

function askChild(request: KeychainRequest, options: KeychainOptions): Promise<KeychainReply> {
  const { environment, interactive, onKeychainWait, signal, keychainChild = builtChild } = options;
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
      else resolve({ reply: "unavailable", why: "its helper process could not be started" });
    });
    child.on("close", (_code, killedBy) => {
      clearTimeout(notice);
      const reply = replyIn(text);
      const why = `its helper process ended early${killedBy ? ` (${killedBy})` : ""}`;
      if (child.killed) resolve({ reply: "timedOut", why: `no response within ${request.limitMs / 1000} s` });
      else if (reply !== undefined) resolve(reply);
      // On Windows Ctrl-C ends the child too, and may reach us a moment later.
      else setTimeout(() => resolve({ reply: "locked", why }), 50);
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

function replyIn(text: string): KeychainReply | undefined {
  try {
    return JSON.parse(text) as KeychainReply;
  } catch {
    return undefined;
  }
}

function failure(reply: KeychainReply): StoreFailure {
  if ("why" in reply) return { outcome: reply.reply, why: reply.why };
  return { outcome: "locked", why: "its helper process sent the wrong reply" };
}
