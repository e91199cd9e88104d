import { cpSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createVault } from "../../../src/credentials/vault";
import { times } from "../../scale.mjs";
import { stateOf, temporaryHomes, type VaultPrograms, vaultPrograms } from "../../unit/credentials/processes";
import type { Job } from "../../unit/credentials/vault-program";

/** Every kind of change, killed at every one of its steps: what the next command finds is the state from before, or from after. */
describe.skipIf(process.platform === "win32")("a process that is killed (by a POSIX signal) while it writes", () => {
  let programs: VaultPrograms;
  const homes = temporaryHomes();
  beforeAll(() => {
    programs = vaultPrograms();
  });
  afterAll(() => {
    programs.remove();
    homes.remove();
  });

  const login = (profile: string, env: string, token: string) =>
    [
      "storeLogin",
      {
        profile,
        env,
        token,
        businessId: "b",
        displayName: "Acme",
        sdkAccessId: `key of ${token}`,
        origin: "https://api.atoa.me",
        activate: true,
      },
    ] as const;
  const two = [
    login("acme", "sandbox", "test-token-sandbox-1"),
    login("acme", "production", "test-token-production-1"),
  ];
  const changes: readonly [string, Job["calls"], Job["calls"]][] = [
    ["first login", [], [login("acme", "sandbox", "test-token-sandbox-1")]],
    ["login of another profile", two, [login("beta", "sandbox", "test-token-sandbox-2")]],
    ["login with another token", two, [login("acme", "sandbox", "test-token-sandbox-2")]],
    [
      "login of the second env",
      [login("acme", "sandbox", "test-token-sandbox-1")],
      [login("acme", "production", "test-token-production-1")],
    ],
    ["rotation", two, [["replaceToken", { profile: "acme", env: "production", token: "test-token-production-2" }]]],
    ["rename", two, [["renameProfile", "acme", "acme-uk"]]],
    [
      "rename of a profile with one env",
      [login("acme", "production", "test-token-production-1")],
      [["renameProfile", "acme", "x"]],
    ],
    ["logout of one env", two, [["forget", { profile: "acme", env: "sandbox" }]]],
    [
      "logout of the last env",
      [login("acme", "sandbox", "test-token-sandbox-1")],
      [["forget", { profile: "acme", env: "sandbox" }]],
    ],
    ["delete", two, [["deleteProfile", "acme"]]],
    ["default env", two, [["setDefaultEnv", "acme", "production"]]],
    ["use", [...two, login("beta", "sandbox", "test-token-sandbox-2")], [["useProfile", "acme"]]],
  ];
  let kills = 0;

  test.each(changes)(
    "%s",
    async (_name, prepare, change) => {
      const before = homes.make();
      await programs.run(before, { calls: [...prepare, ["listProfiles"]] });
      const after = homes.make();
      cpSync(before, after, { recursive: true });
      const whole = await programs.run(after, { calls: change });
      expect(whole.outcome).toHaveProperty("results");
      const expected = [before, after].map((home) =>
        prepare.length === 0 && home === before ? undefined : stateOf(home),
      );

      for (let killAt = 1; ; killAt += times(1, 4)) {
        const home = homes.make();
        cpSync(before, home, { recursive: true });
        const { signal } = await programs.run(home, { calls: change, killAt });
        if (signal === null) break;
        kills += 1;
        // Every third time the one that tidies up is killed as well.
        if (killAt % 3 === 0) await programs.run(home, { calls: [["listProfiles"]], killAt: 1 + (killAt % 7) });
        await expectOneOf(expected, home, killAt);
      }
    },
    60_000,
  );

  async function expectOneOf(expected: readonly unknown[], home: string, killAt: number) {
    const started = Date.now();
    const vault = createVault({ environment: { ATOA_HOME: home }, interactive: false });
    const listed = await vault.listProfiles();
    // A dead holder's lock is taken over at once.
    expect(Date.now() - started).toBeLessThan(2_000);
    for (const profile of listed) for (const key of profile.envs) expect(key).toMatchObject({ token: "stored" });
    const { config, secrets } = stateOf(home);
    if (config === undefined) expect(secrets ?? {}).toEqual({});
    expect(expected, `killed at step ${killAt}`).toContainEqual(
      config === undefined ? undefined : { config, secrets, others: [] },
    );
    // The next change finds nothing in its way, and leaves nothing lying about.
    const next = {
      profile: "next",
      env: "sandbox",
      token: "test-token-sandbox-9",
      businessId: "n",
      origin: "https://api.atoa.me",
      activate: false,
    } as const;
    await vault.storeLogin(next);
    expect(stateOf(home).others).toEqual([]);
  }

  test("that was done often", () => expect(kills).toBeGreaterThanOrEqual(times(200, 50)));
});
