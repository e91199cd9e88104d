/** The token store in the system's keychain, asked through a child process that is killed when it does not answer. */
import { spawn } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import type { VaultOptions } from "./context";
import type { KeychainReply, KeychainRequest } from "./keychain-child";
import { type NoAnswer, type Slot, slotName, type TokenStore } from "./store";

const service = "atoa-cli";
/** A script cannot type a password: its keychain answers at once or not at all. */
const scriptLimitMs = 3_000;
const personLimitMs = 30_000;
const noticeAfterMs = 1_500;
/** CRED_MAX_CREDENTIAL_BLOB_SIZE of the Windows Credential Manager, in bytes. */
const windowsLimit = 2560;

export function keychainStore(options: VaultOptions): TokenStore {
  const ask = (action: KeychainRequest["action"], slot: Slot, secret?: string): Promise<KeychainReply> => {
    const why = unusable(options.environment, secret);
    if (why !== undefined) return Promise.resolve({ reply: "noBackend", why });
    const limitMs = options.interactive ? personLimitMs : scriptLimitMs;
    const account = slotName(slot);
    return askChild({ action, service, account, limitMs, ...(secret === undefined ? {} : { secret }) }, options);
  };
  return {
    async read(slot) {
      const reply = await ask("get", slot);
      if (reply.reply !== "value") return noAnswer(reply);
      return reply.value === null ? { outcome: "absent" } : { outcome: "found", token: reply.value };
    },
    async write(slot, token) {
      const reply = await ask("set", slot, token);
      return reply.reply === "stored" ? { outcome: "done" } : noAnswer(reply);
    },
    async remove(slot) {
      const reply = await ask("delete", slot);
      return reply.reply === "deleted" ? { outcome: "done", existed: reply.existed } : noAnswer(reply);
    },
  };
}

/** Why there can be no keychain, as far as that costs nothing to find out. */
function unusable(environment: NodeJS.ProcessEnv, secret: string | undefined): string | undefined {
  if (process.platform === "win32" && Buffer.byteLength(secret ?? "") > windowsLimit) {
    return `the Windows Credential Manager takes at most ${windowsLimit} bytes`;
  }
  // Without a bus libsecret would start one of its own, with a keyring that nobody ever unlocks.
  if (process.platform === "linux" && !hasSessionBus(environment)) return "no D-Bus session bus";
  return undefined;
}

function hasSessionBus(environment: NodeJS.ProcessEnv): boolean {
  if (environment.DBUS_SESSION_BUS_ADDRESS) return true;
  const socket = environment.XDG_RUNTIME_DIR ? join(environment.XDG_RUNTIME_DIR, "bus") : "";
  return socket !== "" && statSync(socket, { throwIfNoEntry: false })?.isSocket() === true;
}

function askChild(request: KeychainRequest, options: VaultOptions): Promise<KeychainReply> {
  const program = options.keychainChild ?? childProgram();
  if (program === undefined)
    return Promise.resolve({ reply: "noBackend", why: "a part of this program is missing; install it again" });
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [program], {
      stdio: ["pipe", "pipe", "ignore"],
      windowsHide: true,
      env: childEnvironment(options.environment),
    });
    let overdue = false;
    let text = "";
    const notice = setTimeout(() => options.interactive && options.onKeychainWait?.(), noticeAfterMs);
    const limit = setTimeout(() => {
      overdue = true;
      child.kill("SIGKILL");
    }, request.limitMs);
    const settle = (reply: KeychainReply) => {
      clearTimeout(notice);
      clearTimeout(limit);
      resolve(reply);
    };
    child.on("error", () => settle({ reply: "noBackend", why: "its helper process could not be started" }));
    child.on("close", (_code, signal) => {
      if (overdue) settle({ reply: "timedOut", why: `no answer in ${request.limitMs / 1000} s` });
      else
        settle(
          replyIn(text) ?? { reply: "locked", why: `its helper process ended early${signal ? ` (${signal})` : ""}` },
        );
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

function noAnswer(reply: KeychainReply): NoAnswer {
  if (reply.reply === "locked" || reply.reply === "timedOut" || reply.reply === "noBackend")
    return { outcome: reply.reply, why: reply.why };
  return { outcome: "locked", why: "its helper process gave an answer to another question" };
}

/** The built child program, seen from any of the bundle's files. */
function childProgram(): string | undefined {
  const places = [
    "keychain-child.js",
    "credentials/keychain-child.js",
    "../credentials/keychain-child.js",
    "../../credentials/keychain-child.js",
  ];
  return places.map((place) => join(__dirname, place)).find((path) => existsSync(path));
}
