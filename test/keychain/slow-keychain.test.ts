import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type Emulator, startEmulator } from "@atoapayments/atoa-cli/emulator";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { configOf } from "../e2e/pairing";
import { type Outcome, type RunOptions, temporaryFolder } from "../e2e/program";
import { controlC, hasTerminal, sit } from "../e2e/terminal/terminal";
import { FakeKeychain, install, plantModule } from "./fake-keychain";

/** A keychain that does not answer: whom it keeps waiting, what is said of its tokens, and how a wait for it ends. */

const folder = temporaryFolder();
const program = install(folder);
plantModule(join(folder, "node_modules"));
let emulator: Emulator;
let keychain: FakeKeychain;

beforeAll(async () => {
  emulator = await startEmulator();
  return () => emulator.close();
});
beforeEach(() => {
  emulator.reset({ keepTokens: false });
  keychain = new FakeKeychain(program, emulator.origin);
});

const file = { ATOA_SECRET_STORE: "file" };

function login(profile: string, options: RunOptions = {}): Promise<Outcome> {
  return keychain.run(`login --stdin --profile ${profile}`, { stdin: emulator.tokens.sandbox, ...options });
}

/** Waits until the keychain has been asked this, and then does it. */
async function onceAsked(question: string, work: () => void): Promise<void> {
  while (!keychain.asked.includes(question)) await new Promise((later) => setTimeout(later, 20));
  work();
}

describe("a keychain that did not answer for one key", () => {
  it("is not asked again on behalf of another, and the printed remedy works", async () => {
    expect((await login("filed", { env: file })).code).toBe(0);
    keychain.hang({ "slow:sandbox": "after" });
    const failed = await login("slow");
    expect(failed.code).toBe(1);
    expect(failed.stderr).toContain("The system keychain did not respond for slow/sandbox");
    expect(failed.stderr).toContain("ATOA_SECRET_STORE=file atoa login --profile slow --env sandbox");

    keychain.hang({ "slow:sandbox": "before" });
    for (const line of [
      "stores list --profile filed",
      "profile use filed",
      "profile set env=sandbox --yes",
      "profile list",
    ]) {
      expect(await keychain.run(line)).toMatchObject({ code: 0 });
    }
    expect((await login("other", { env: file })).code).toBe(0);
    expect(keychain.asked).toEqual([]);

    const remedied = await login("slow", { env: file });
    expect(remedied.code, remedied.stderr).toBe(0);
    expect(remedied.stderr).toContain("account slow:sandbox");
    expect((await keychain.run("stores list --profile slow")).code).toBe(0);
  });

  it("keeps nobody from a key that is in it", async () => {
    await login("quick");
    keychain.hang({ "slow:sandbox": "before" });
    expect((await login("slow")).code).toBe(1);
    expect((await keychain.run("stores list --profile quick")).code).toBe(0);
    expect((await keychain.run("logout --profile quick --yes")).code).toBe(0);
    expect(keychain.tokens).toEqual({});
  });
});

describe.skipIf(process.platform === "win32")("a token that a keychain may have taken without saying so", () => {
  const interrupted = async () => {
    const whileRunning: RunOptions["whileRunning"] = (child) =>
      void onceAsked("set acme:sandbox", () => setTimeout(() => child.kill("SIGINT"), 200));
    expect((await login("acme", { whileRunning })).code).toBe(130);
  };
  const overdue = async () => expect((await login("acme")).code).toBe(1);

  it.each([
    ["in time", overdue],
    ["before Ctrl-C", interrupted],
  ])("%s is never said to be gone, and goes when the keychain is well", async (_, loseSight) => {
    keychain.hang({ "acme:sandbox": "after" });
    await loseSight();
    expect(keychain.tokens).toEqual({ "acme:sandbox": emulator.tokens.sandbox });
    keychain.hang({});
    expect(await keychain.run("reset --yes")).toMatchObject({ code: 0, stderr: "✓ Removed all profiles and tokens\n" });
    expect(keychain.tokens).toEqual({});
  });

  it("is named by a reset that cannot remove it", async () => {
    keychain.hang({ "acme:sandbox": "after" });
    await overdue();
    await overdue();
    expect(configOf(keychain.home)).toMatchObject({ pending: [{ account: "acme:sandbox" }] });
    keychain.hang({ "acme:sandbox": "before" });
    const reset = await keychain.run("reset --yes");
    expect(reset.code).toBe(1);
    expect(reset.stderr).toContain("service atoa-cli, account acme:sandbox");
    expect(reset.stderr).not.toContain("✓");
    expect(configOf(keychain.home)).toEqual({});
  });
});

describe.runIf(process.platform === "linux")("such a token, once there is no keychain any more", () => {
  const none = { DBUS_SESSION_BUS_ADDRESS: "", XDG_RUNTIME_DIR: "" };

  const lines: readonly (readonly [line: string, overFile: boolean])[] = [
    ["logout --profile acme --yes", true],
    ["reset --yes", false],
    ["reset --yes", true],
    ["profile delete acme --yes", false],
  ];
  it.each(lines)("is named by `%s` (over a key in the file: %s)", async (line, overFile) => {
    if (overFile) await login("acme", { env: file });
    keychain.hang({ "acme:sandbox": "after" });
    expect((await login("acme")).code).toBe(1);
    const outcome = await keychain.run(line, { env: none });
    expect(outcome.code).toBe(1);
    expect(outcome.stderr).toContain("service atoa-cli, account acme:sandbox");
    expect(outcome.stderr).not.toContain("✓");
  });
});

describe.skipIf(process.platform === "win32")("Ctrl-C while a keychain is asked", () => {
  it.each(["logout --yes", "stores list", "keys regenerate --yes"])("ends `%s` with 130", async (line) => {
    await login("acme");
    const before = configOf(keychain.home);
    keychain.hang({ "acme:sandbox": "before" });
    emulator.clearRequests();
    const whileRunning: RunOptions["whileRunning"] = (child) =>
      void onceAsked(`${line.startsWith("logout") ? "delete" : "get"} acme:sandbox`, () => child.kill("SIGINT"));
    const outcome = await keychain.run(line, { whileRunning });
    expect(outcome).toMatchObject({ code: 130, stdout: "", stderr: "Interrupted.\n" });
    expect(configOf(keychain.home)).toEqual(before);
    expect(emulator.requests()).toEqual([]);
    expect(existsSync(join(keychain.home, ".config/atoa/secrets.json.lock"))).toBe(false);
  });

  it.runIf(hasTerminal)(
    "at a terminal, where it is sent to all of the foreground, is no crash of a helper",
    async () => {
      await login("acme");
      keychain.hang({ "acme:sandbox": "before" });
      const shell = `exec "$1" "${program}" stores list`;
      const sitting = await sit(["stores", "list"], [["waiting for the system keychain", controlC]], {
        env: keychain.env,
        shell,
      });
      expect(sitting).toMatchObject({ code: 130, late: null });
      expect(sitting.screen).toContain("Interrupted.");
      expect(sitting.screen).not.toContain("error:");
    },
  );
});

describe("a keychain that two share", () => {
  it("keeps the tokens of two homes apart, so that a log-out in one is none in the other", async () => {
    const own = () => ({ ATOA_HOME: temporaryFolder(), ATOA_SECRET_STORE: "keychain" });
    const [one, other] = [own(), own()];
    for (const env of [one, other]) expect((await login("ci", { env })).code).toBe(0);
    expect(Object.keys(keychain.tokens)).toHaveLength(2);
    expect((await keychain.run("logout --profile ci --yes", { env: other })).code).toBe(0);
    expect(Object.keys(keychain.tokens)).toHaveLength(1);
    expect((await keychain.run("stores list --profile ci", { env: one })).code).toBe(0);
  });

  it("gives up a token that no profile names, when that profile is deleted", async () => {
    await login("ghost");
    rmSync(join(keychain.home, ".config/atoa/config.json"));
    const deleted = await keychain.run("profile delete ghost --yes");
    expect(deleted.code, deleted.stderr).toBe(0);
    expect(keychain.tokens).toEqual({});
    expect((await keychain.run("profile delete ghost --yes")).code).toBe(4);
  });
});

describe("the native module", () => {
  const deep = join(folder, "deep/down/atoa");
  const beside = join(folder, "global/node_modules/@atoapayments/atoa-cli");

  it("is not taken from a directory above, where somebody else may have put one", async () => {
    mkdirSync(deep, { recursive: true });
    const stranger = new FakeKeychain(install(deep), emulator.origin);
    plantModule(join(folder, "deep/node_modules"));
    const stored = await stranger.run("login --stdin --profile acme", { stdin: emulator.tokens.sandbox });
    expect(stored.code).toBe(0);
    expect(stored.stderr).toContain("keytar");
    expect(stored.stderr).toContain("secrets.json");
    expect(stranger).toMatchObject({ asked: [], tokens: {} });
  });

  it("is taken from the directory that the package is installed in", async () => {
    mkdirSync(beside, { recursive: true });
    const installed = new FakeKeychain(install(beside), emulator.origin);
    plantModule(join(folder, "global/node_modules"));
    const stored = await installed.run("login --stdin --profile acme", { stdin: emulator.tokens.sandbox });
    expect(stored.stderr).toContain("token in the system keychain");
    expect(installed.tokens).toEqual({ "acme:sandbox": emulator.tokens.sandbox });
  });
});
