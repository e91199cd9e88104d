import { spawn } from "node:child_process";
import { cpSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { tokenFingerprint } from "../../src/credentials/read";
import { createVault } from "../../src/credentials/vault";
import { bundleProgram, temporaryHomes } from "../unit/credentials/processes";
import type { Job } from "../unit/credentials/vault-program";
import {
  bundleChild,
  type ChildPrograms,
  hasSecretService,
  type SecretService,
  startSecretService,
} from "./secret-service";

const login = (profile: string, token: string) =>
  [
    "storeLogin",
    {
      profile,
      env: "sandbox",
      token,
      businessId: "b",
      sdkAccessId: `key-${token.slice(-5)}`,
      origin: "https://api.atoa.me",
      activate: true,
    },
  ] as const;
const first = "test-token-sandbox-first";
const second = "test-token-sandbox-second";

/** As the crash test over files: but a keychain cannot take back what it was told, so the config has to follow it. */
describe.runIf(hasSecretService)("a process that is killed while it changes the keychain", () => {
  let children: ChildPrograms;
  let program: ReturnType<typeof bundleProgram>;
  let service: SecretService;
  const homes = temporaryHomes();
  beforeAll(async () => {
    children = bundleChild();
    program = bundleProgram(join(import.meta.dirname, "../unit/credentials/vault-program.ts"));
    service = await startSecretService();
  });
  afterAll(async () => {
    await service?.close();
    program?.remove();
    children?.remove();
    homes.remove();
  });

  const environmentOf = (home: string) => ({ ...service.environment, HOME: home });
  function run(home: string, job: Job): Promise<NodeJS.Signals | null> {
    const child = spawn(process.execPath, [program.path], {
      stdio: ["pipe", "ignore", "inherit"],
      env: environmentOf(home),
    });
    child.stdin.end(JSON.stringify({ ...job, keychainChild: children.working }));
    return new Promise((ended) => child.on("close", (_code, signal) => ended(signal)));
  }

  const changes: readonly [string, Job["calls"], Job["calls"]][] = [
    ["first login", [], [login("acme", first)]],
    ["login with another token", [login("acme", first)], [login("acme", second)]],
    ["rename", [login("acme", first)], [["renameProfile", "acme", "acme-uk"]]],
    ["logout", [login("acme", first)], [["forget", { profile: "acme", env: "sandbox" }]]],
  ];

  /** The token in the keychain is read with the facts that belong to it, and no token is anywhere else. */
  async function expectSettled(home: string, killAt: number) {
    const vault = createVault({
      environment: environmentOf(home),
      interactive: false,
      keychainChild: children.working,
    });
    const held = service.lookup("acme:sandbox");
    const config = vault.config();
    // Nothing is in the keychain that the config does not name, not even of a login that was cut off.
    if (held !== undefined) expect(vault.keys(), `killed at step ${killAt}`).toHaveLength(1);
    for (const profile of config.profiles.keys()) {
      const found = await vault.findToken({ profile, env: "sandbox" });
      if (held === undefined) expect(found.outcome).toBe("absent");
      else {
        const entry = { tokenFingerprint: tokenFingerprint(held), sdkAccessId: `key-${held.slice(-5)}` };
        expect(found).toMatchObject({ outcome: "found", token: held, entry });
      }
    }
    const { directory, lock, lockOwner } = vault.paths;
    for (const file of readdirSync(directory).filter((name) => ![lock, lockOwner].includes(join(directory, name)))) {
      // What is left of a temporary file goes with the next change.
      expect(file).toMatch(/^(config\.json|\.config\.json\.tmp-.*)$/);
      expect(readFileSync(join(directory, file), "utf8")).not.toContain("test-token");
    }
  }

  test.each(changes)(
    "%s",
    async (_name, prepare, change) => {
      const before = homes.make();
      service.holdOnly();
      await run(before, { calls: [["reset"], ...prepare] });
      for (let killAt = 1; ; killAt += 1) {
        if (prepare.length === 0) service.holdOnly();
        else service.holdOnly("acme:sandbox", first);
        const home = homes.make();
        cpSync(before, home, { recursive: true });
        if ((await run(home, { calls: change, killAt })) === null) break;
        await expectSettled(home, killAt);
      }
    },
    120_000,
  );
});
