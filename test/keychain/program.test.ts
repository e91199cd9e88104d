import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Emulator, startEmulator } from "@atoapayments/atoa-cli/emulator";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { atoa, type Outcome } from "../e2e/program";
import { hasSecretService, muteBus, type SecretService, startSecretService } from "./secret-service";

/** The built program, as a user runs it, with no ATOA_HOME: so the keychain is its first choice. */
describe.runIf(hasSecretService)("atoa beside a Secret Service", () => {
  let emulator: Emulator;
  let service: SecretService;
  let home: string;
  beforeAll(async () => {
    emulator = await startEmulator();
    service = await startSecretService();
    home = mkdtempSync(join(tmpdir(), "atoa-home-"));
  });
  afterAll(async () => {
    await service?.close();
    await emulator?.close();
    rmSync(home, { recursive: true, force: true });
  });

  const run = (argv: readonly string[], env: NodeJS.ProcessEnv = {}, stdin = ""): Promise<Outcome> =>
    atoa(argv, {
      env: { ...service.environment, HOME: home, ATOA_BASE_URL: emulator.origin, ...env },
      stdin,
      alone: true,
    });
  const login = (profile: string, env: NodeJS.ProcessEnv = {}) =>
    run(["login", "--stdin", "--profile", profile], env, `${emulator.tokens.sandbox}\r\n`);
  const noBus = { DBUS_SESSION_BUS_ADDRESS: "", XDG_RUNTIME_DIR: "" };
  const files = () => readdirSync(join(home, ".config/atoa")).sort();
  beforeEach(() => run(["reset", "--yes"]));

  test("login, use, rename, logout, delete and reset leave the keychain as they should", async () => {
    const stored = await login("shop");
    expect(stored).toMatchObject({ code: 0, stderr: expect.stringContaining("the system keychain") });
    expect(service.lookup("shop:sandbox")).toBe(emulator.tokens.sandbox);
    expect(files()).toEqual(["config.json"]);
    expect(await run(["stores", "list"])).toMatchObject({ code: 0, stdout: expect.stringContaining("[") });
    expect(await run(["profile", "rename", "shop", "store", "--yes"])).toMatchObject({ code: 0 });
    expect(service.lookup("shop:sandbox")).toBe(emulator.tokens.sandbox);
    expect(await run(["whoami"])).toMatchObject({ code: 0 });
    expect(await run(["logout", "--yes"])).toMatchObject({ code: 0 });
    expect(service.lookup("shop:sandbox")).toBeUndefined();
    await login("a");
    await login("b");
    expect(await run(["profile", "delete", "a", "--yes"])).toMatchObject({ code: 0 });
    expect([service.lookup("a:sandbox"), service.lookup("b:sandbox")]).toEqual([undefined, emulator.tokens.sandbox]);
    expect(await run(["reset", "--yes"])).toMatchObject({ code: 0 });
    expect(service.lookup("b:sandbox")).toBeUndefined();
  });

  test("with no keychain the token goes to the file, and one line on stderr says why", async () => {
    const stored = await login("shop", noBus);
    expect(stored.code).toBe(0);
    expect(
      stored.stderr.split("\n").filter((line) => line.includes("keychain was not used (no D-Bus session bus)")),
    ).toHaveLength(1);
    expect(files()).toEqual(["config.json", "secrets.json"]);
    expect(await run(["stores", "list"], noBus)).toMatchObject({ code: 0, stderr: "" });
    expect(service.lookup("shop:sandbox")).toBeUndefined();
  });

  test("a token in the keychain is not to be had without it: exit 1, and what to do", async () => {
    await login("shop");
    const without = await run(["stores", "list"], noBus);
    expect(without).toMatchObject({
      code: 1,
      stdout: "",
      stderr: expect.stringMatching(/no D-Bus session bus.*ATOA_SECRET_STORE=file/s),
    });
  });

  test("locked: exit 1 at once, for reading and for writing, and no file", async () => {
    await login("shop");
    service.lock();
    const started = Date.now();
    for (const outcome of [await run(["stores", "list"]), await login("shop"), await run(["logout", "--yes"])]) {
      expect(outcome).toMatchObject({
        code: 1,
        stdout: "",
        stderr: expect.stringMatching(/locked or refused.*unlock it/s),
      });
      expect(outcome.stderr).not.toContain(emulator.tokens.sandbox);
    }
    expect(Date.now() - started).toBeLessThan(6_000);
    expect(files()).toEqual(["config.json"]);
    await service.close();
    service = await startSecretService();
  });

  test("mute or stopped: ends after 3 s with exit 1", async () => {
    await login("shop");
    const bus = await muteBus();
    const started = Date.now();
    const mute = await run(["stores", "list"], { DBUS_SESSION_BUS_ADDRESS: bus.address });
    bus.close();
    process.kill(service.daemon, "SIGSTOP");
    const stopped = await run(["stores", "list"]);
    process.kill(service.daemon, "SIGCONT");
    for (const outcome of [mute, stopped])
      expect(outcome).toMatchObject({ code: 1, stdout: "", stderr: expect.stringContaining("did not respond") });
    expect(Date.now() - started).toBeLessThan(10_000);
    expect(await run(["stores", "list"])).toMatchObject({ code: 0 });
  });
});
