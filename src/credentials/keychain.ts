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

const service = "atoa-cli";
/** A script cannot type a password: its keychain answers at once or not at all. */
const scriptLimitMs = 3_000;
const personLimitMs = 30_000;
const noticeAfterMs = 1_500;
/** CRED_MAX_CREDENTIAL_BLOB_SIZE of the Windows Credential Manager, in bytes. */
const windowsLimit = 2560;

/** @throws AtoaError (interrupted) from every method when the signal aborts; a write may have happened then */
export function keychainStore(options: KeychainOptions): TokenStore {
  const ask = (action: KeychainRequest["action"], account: string, secret?: string): Promise<KeychainReply> => {
    const why = unusable(options.environment, secret);
    if (why !== undefined) return Promise.resolve({ reply: "unavailable", why });
    const limitMs = options.interactive ? personLimitMs : scriptLimitMs;
    const request = { action, service, account, limitMs, ...(secret === undefined ? {} : { secret }) };
    return askChild(request, options);
  };
  return {
    async read(account) {
      const reply = await ask("get", account);
      if (reply.reply !== "value") return failure(reply);
      return reply.value === null ? { outcome: "absent" } : { outcome: "found", token: reply.value };
    },
    async write(account, token) {
      const reply = await ask("set", account, token);
      return reply.reply === "stored" ? { outcome: "done" } : failure(reply);
    },
    async remove(account) {
      const reply = await ask("delete", account);
      return reply.reply === "deleted" ? { outcome: "done" } : failure(reply);
    },
  };
}

/** Why there can be no keychain, as far as that costs nothing to find out. */
function unusable(environment: NodeJS.ProcessEnv, secret: string | undefined): string | undefined {
  if (process.platform === "win32" && Buffer.byteLength(secret ?? "") > windowsLimit) {
    return `the Windows Credential Manager takes at most ${windowsLimit} bytes`;
  }
  // Without a session bus, libsecret would start its own, with a keyring that is never unlocked.
  if (process.platform === "linux" && !hasSessionBus(environment)) return "no D-Bus session bus";
  return undefined;
}

function hasSessionBus(environment: NodeJS.ProcessEnv): boolean {
  if (environment.DBUS_SESSION_BUS_ADDRESS) return true;
  const socket = environment.XDG_RUNTIME_DIR ? join(environment.XDG_RUNTIME_DIR, "bus") : "";
  return socket !== "" && statSync(socket, { throwIfNoEntry: false })?.isSocket() === true;
}

function askChild(request: KeychainRequest, options: KeychainOptions): Promise<KeychainReply> {
  const program = options.keychainChild ?? builtChild;
  if (!existsSync(program))
    return Promise.resolve({ reply: "unavailable", why: "part of atoa is missing; reinstall it" });
  const { signal } = options;
  if (signal?.aborted) return Promise.reject(interrupted());
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program], {
      stdio: ["pipe", "pipe", "ignore"],
      windowsHide: true,
      // A process group of its own: Ctrl-C at the terminal is ours to answer, and must not look like a crash of the child.
      detached: process.platform !== "win32",
      env: childEnvironment(options.environment),
    });
    let overdue = false;
    let text = "";
    const notice = setTimeout(() => options.interactive && options.onKeychainWait?.(), noticeAfterMs);
    const limit = setTimeout(() => {
      overdue = true;
      child.kill("SIGKILL");
    }, request.limitMs);
    const onAbort = () => {
      child.kill("SIGKILL");
      reject(interrupted());
    };
    signal?.addEventListener("abort", onAbort, { once: true });
    const settle = (reply: KeychainReply) => {
      clearTimeout(notice);
      clearTimeout(limit);
      signal?.removeEventListener("abort", onAbort);
      resolve(reply);
    };
    child.on("error", () => settle({ reply: "unavailable", why: "its helper process could not be started" }));
    child.on("close", (_code, killedBy) => {
      const reply = replyIn(text);
      const why = `its helper process ended early${killedBy ? ` (${killedBy})` : ""}`;
      if (overdue) settle({ reply: "timedOut", why: `no response within ${request.limitMs / 1000} s` });
      else if (reply !== undefined) settle(reply);
      // On Windows Ctrl-C ends the child too, and may reach us a moment later.
      else setTimeout(() => settle({ reply: "locked", why }), 50);
    });
    child.stdin.on("error", () => {}); // It ended before it read: "close" tells.
    child.stdout.setEncoding("utf8").on("data", (part: string) => {
      text += part;
    });
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
  if (reply.reply === "locked" || reply.reply === "timedOut" || reply.reply === "unavailable")
    return { outcome: reply.reply, why: reply.why };
  return { outcome: "locked", why: "its helper process sent the wrong reply" };
}
