import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { keychainStore } from "../../../src/credentials/keychain";
import { temporaryHomes } from "./processes";

const slot = "acme:sandbox";
const token = "test-token-sandbox-1";

/** The parent's side, with child programs of all kinds. The real one is tested under a real Secret Service. */
describe("a keychain's child program", () => {
  const homes = temporaryHomes();
  let folder: string;
  beforeEach(() => {
    folder = homes.make();
  });
  afterAll(() => homes.remove());

  function store(program: string | undefined, environment: NodeJS.ProcessEnv = {}) {
    const keychainChild = join(folder, "child.cjs");
    if (program !== undefined) writeFileSync(keychainChild, program);
    const bus = {
      DBUS_SESSION_BUS_ADDRESS: "unix:path=/not/asked",
      PATH: process.env.PATH,
      SystemRoot: process.env.SystemRoot,
    };
    return keychainStore({ environment: { ...bus, ...environment }, interactive: false, keychainChild });
  }
  const replying = (reply: unknown) =>
    `process.stdin.resume().on("end", () => console.log(${JSON.stringify(JSON.stringify(reply))}))`;

  test.each([
    ["a token", { outcome: "found", token }],
    ["no token", { outcome: "absent" }],
    ["locked", { outcome: "locked", why: "locked collection" }],
    ["no service", { outcome: "unavailable", why: "no provider" }],
  ])("says %s", async (_name, reply) => {
    expect(await store(replying(reply)).read(slot)).toEqual(reply);
  });

  test("a write or a removal is done only when it says so", async () => {
    expect(await store(replying({ outcome: "done" })).write(slot, token)).toEqual({ outcome: "done" });
    expect(await store(replying({ outcome: "found", token })).write(slot, token)).toMatchObject({
      outcome: "locked",
    });
    expect(await store(replying({ outcome: "done" })).remove(slot)).toEqual({ outcome: "done" });
    expect(await store(replying({ outcome: "absent" })).remove(slot)).toMatchObject({ outcome: "locked" });
  });

  test.each([
    ["crashes", "process.abort()"],
    ["is killed", 'process.kill(process.pid, "SIGKILL")'],
    ["says nothing", "process.exit(0)"],
    ["does not start", "this is not a program"],
    ["says what is no JSON", 'console.log("hello")'],
    ["answers another question", 'console.log(JSON.stringify({ outcome: "found", token: "test-token-sandbox-1" }))'],
  ])("that %s is an error, not an absent keychain", async (_name, program) => {
    expect(await store(program).write(slot, token)).toMatchObject({
      outcome: "locked",
      why: expect.stringContaining("helper process"),
    });
  });

  test("that hangs is killed after 3 s", async () => {
    const started = Date.now();
    const mark = join(folder, "alive");
    const program = `setInterval(() => require("fs").writeFileSync(${JSON.stringify(mark)}, String(Date.now())), 50)`;
    expect(await store(program).read(slot)).toEqual({ outcome: "timedOut", why: "no response within 3 s" });
    expect(Date.now() - started).toBeLessThan(6_000);
    const last = existsSync(mark) ? readFileSync(mark, "utf8") : "";
    await new Promise((later) => setTimeout(later, 300));
    expect(existsSync(mark) ? readFileSync(mark, "utf8") : "").toBe(last);
  }, 15_000);

  test("gets the token by a pipe, and of the environment only what a keychain needs", async () => {
    const program = `
      let text = "";
      process.stdin.on("data", (part) => (text += part)).on("end", () => {
        const request = JSON.parse(text);
        const seen = { request, argv: process.argv.slice(2), names: Object.keys(process.env), language: process.env.LC_ALL };
        console.log(JSON.stringify({ outcome: "locked", why: JSON.stringify(seen) }));
      });`;
    const environment = {
      CI_TOKEN: token,
      ATOA_HOME: folder,
      NODE_OPTIONS: "--no-warnings",
      HTTPS_PROXY: "http://user:password@proxy",
      LC_ALL: "de_DE.UTF-8",
    };
    const answer = await store(program, environment).write(slot, token);
    const seen = JSON.parse("why" in answer ? answer.why : "{}");
    expect(seen.request).toEqual({
      action: "set",
      service: "atoa-cli",
      account: "acme:sandbox",
      secret: token,
      limitMs: 3000,
    });
    expect(seen.argv).toEqual([]);
    expect(seen.language).toBe("C");
    for (const name of ["CI_TOKEN", "ATOA_HOME", "NODE_OPTIONS", "HTTPS_PROXY"]) expect(seen.names).not.toContain(name);
  });

  test.each([
    [true, 30_000],
    [false, 3_000],
  ])("gives a person 30 s to type its password, and a script 3 s (person: %s)", async (interactive, limitMs) => {
    const keychainChild = join(folder, "child.cjs");
    writeFileSync(
      keychainChild,
      `console.log(JSON.stringify({ outcome: "found", token: require("fs").readFileSync(0, "utf8") }))`,
    );
    const environment = { ...process.env, DBUS_SESSION_BUS_ADDRESS: "unix:path=/not/asked" };
    const answer = await keychainStore({ environment, interactive, keychainChild }).read(slot);
    expect(JSON.parse("token" in answer ? answer.token : "{}")).toMatchObject({ limitMs });
  });

  test.skipIf(process.platform !== "linux")("is not started where there is no session bus (Linux)", async () => {
    const none = { outcome: "unavailable", why: "no D-Bus session bus" };
    const program = `require("fs").writeFileSync(${JSON.stringify(join(folder, "started"))}, "")`;
    for (const XDG_RUNTIME_DIR of [undefined, folder]) {
      expect(await store(program, { DBUS_SESSION_BUS_ADDRESS: "", XDG_RUNTIME_DIR }).read(slot)).toEqual(none);
    }
    expect(existsSync(join(folder, "started"))).toBe(false);
  });

  test("that is missing from the package is no keychain", async () => {
    const environment = { DBUS_SESSION_BUS_ADDRESS: "unix:path=/not/asked" };
    // Run from the sources there is no built child beside them.
    expect(await keychainStore({ environment, interactive: false }).read(slot)).toMatchObject({
      outcome: "unavailable",
      why: expect.stringContaining("missing"),
    });
  });
});
