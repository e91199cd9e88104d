/**
 * The only program that loads the native keychain module: one request on stdin, one line of reply on stdout, then it exits.
 *
 * It is a separate process because a call into a keychain can hang for ever, or crash, and nothing inside a process can end such a
 * call and keep the exit code. A token comes in and goes out through the pipes only, never through arguments or the environment.
 */
import { existsSync, readFileSync, writeSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import type { ReadOutcome, WriteOutcome } from "./store";

export interface KeychainRequest {
  readonly action: "get" | "set" | "delete";
  readonly service: string;
  readonly account: string;
  readonly secret?: string;
  /** The child ends itself after this time, so that none outlives a parent that was killed. */
  readonly limitMs: number;
}

export type KeychainReply = ReadOutcome | WriteOutcome;

type Keytar = typeof import("keytar");

/** Says the one reply and ends at once: a keychain's own threads may keep a program alive that has nothing left to do. */
function finish(reply: KeychainReply): never {
  writeSync(1, `${JSON.stringify(reply)}\n`);
  process.exit(0);
}

/** What libsecret, macOS and Windows say, sorted by what the user can do about it. Sentences were read off real failures. */
function refusal(error: unknown): KeychainReply {
  const text = error instanceof Error ? error.message : String(error);
  const why = text.replace(/[^\x20-\x7e]+/g, " ").slice(0, 160);
  const nobody =
    /not provided by any|ServiceUnknown|could not connect|failed to connect|autolaunch|DBUS_SESSION_BUS_ADDRESS|no such file/i;
  // A provider without a keyring, and no way to prompt for the password of a new one.
  if (nobody.test(text) || /Object does not exist|collection\/login/.test(text)) return { outcome: "unavailable", why };
  if (/timeout was reached|did not receive a reply|timed out/i.test(text)) return { outcome: "timedOut", why };
  return { outcome: "locked", why };
}

/**
 * Node would look for the module in every directory up to the root, where somebody else may have put one of that name. It is
 * taken from the package's own node_modules, or from the one that the package itself lies in, and from nowhere else.
 */
function load(): Keytar {
  const own = dirname(dirname(__dirname));
  const holder = [dirname(own), dirname(dirname(own))].find((directory) => basename(directory) === "node_modules");
  const places = [join(own, "node_modules"), ...(holder === undefined ? [] : [holder])];
  try {
    const place = places.map((directory) => join(directory, "keytar")).find((directory) => existsSync(directory));
    if (place !== undefined) return createRequire(__filename)(place) as Keytar;
  } catch {
    // Its library is missing, or it was built for another Node: to the user it is the same as no module.
  }
  const library =
    process.platform === "linux" ? "the module keytar or the library libsecret is" : "the module keytar is";
  return finish({ outcome: "unavailable", why: `${library} not installed` });
}

/**
 * On Linux a locked keyring says "not found" to get and delete, and only a write tells the truth. So after a "not found" something
 * harmless is written beside it and removed again; a keyring that is really open takes it.
 */
async function assertOpen(keytar: Keytar, service: string): Promise<void> {
  if (process.platform !== "linux") return;
  await keytar.setPassword(service, "probe", "probe");
  await keytar.deletePassword(service, "probe");
}

async function answer({ action, service, account, secret = "" }: KeychainRequest): Promise<KeychainReply> {
  const keytar = load();
  if (action === "set") {
    await keytar.setPassword(service, account, secret);
    const back = await keytar.getPassword(service, account);
    return back === secret
      ? { outcome: "done" }
      : { outcome: "locked", why: "the stored token differs from the one written" };
  }
  if (action === "delete") {
    if (!(await keytar.deletePassword(service, account))) await assertOpen(keytar, service);
    return { outcome: "done" };
  }
  const token = await keytar.getPassword(service, account);
  if (token !== null) return { outcome: "found", token };
  await assertOpen(keytar, service);
  return { outcome: "absent" };
}

const request = JSON.parse(readFileSync(0, "utf8")) as KeychainRequest;
setTimeout(() => process.kill(process.pid, "SIGKILL"), request.limitMs + 1_000).unref();
answer(request).then(finish, (error: unknown) => finish(refusal(error)));
