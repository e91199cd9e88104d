import { cpSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createVault } from "../../../src/credentials/vault";
import { some, times } from "../../scale.mjs";
import {
  ageLock,
  seenIn,
  stateOf,
  temporaryHomes,
  type VaultPrograms,
  vaultPrograms,
} from "../../unit/credentials/processes";
import type { Job } from "../../unit/credentials/vault-program";

/**
 * Every kind of change, killed at every one of its steps: what the next command finds is the
 * state from before, or from after, or it says which token is missing.
 */
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
    // Of the env that is the default already: which profile and env come first changes with the last step of a login only.
    ["login with another token", two, [login("acme", "production", "test-token-production-2")]],
    [
      "login under a name that a renamed profile had",
      [...two, ["renameProfile", "acme", "acme-uk"]],
      [login("acme", "sandbox", "test-token-sandbox-2")],
    ],
    [
      "login of the second env",
      [login("acme", "sandbox", "test-token-sandbox-1")],
      [login("acme", "production", "test-token-production-1")],
    ],
    ["rotation", two, [["rotateToken", { profile: "acme", env: "production" }, "test-token-production-2"]]],
    ["signing secret", two, [["storeSigningSecret", "acme", "test-token-signing-1"]]],
    [
      "another signing secret",
      [...two, ["storeSigningSecret", "acme", "test-token-signing-1"]],
      [["storeSigningSecret", "acme", "test-token-signing-2"]],
    ],
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
    [
      "logout of the last env of a renamed profile with a signing secret",
      [
        login("acme", "sandbox", "test-token-sandbox-1"),
        ["storeSigningSecret", "acme", "test-token-signing-1"],
        ["renameProfile", "acme", "acme-uk"],
      ],
      [["forget", { profile: "acme-uk", env: "sandbox" }]],
    ],
    ["delete", two, [["deleteProfile", "acme"]]],
    [
      "delete of a profile with a signing secret",
      [...two, ["storeSigningSecret", "acme", "test-token-signing-1"]],
      [["deleteProfile", "acme"]],
    ],
    ["default env", two, [["setDefaultEnv", "acme", "production"]]],
    ["use", [...two, login("beta", "sandbox", "test-token-sandbox-2")], [["useProfile", "acme"]]],
  ];
  let kills = 0;

  test.each(some(changes, 3))(
    "%s",
    async (_name, prepare, change) => {
      const before = homes.make();
      await programs.run(before, { calls: [...prepare, ["listProfiles"]] });
      const after = homes.make();
      cpSync(before, after, { recursive: true });
      const whole = await programs.run(after, { calls: change });
      expect(whole.outcome).toHaveProperty("results");
      const expected = [await seenIn(before), await seenIn(after)];

      for (let killAt = 1; ; killAt += times(1, 8)) {
        const home = homes.make();
        cpSync(before, home, { recursive: true });
        const { signal } = await programs.run(home, { calls: change, killAt });
        if (signal === null) break;
        kills += 1;
        // Every third time whoever tries again is killed as well.
        if (killAt % 3 === 0) {
          ageLock(home);
          await programs.run(home, { calls: change, killAt: 1 + (killAt % 7) });
        }
        await expectOneOf(expected, home, killAt, change);
      }
    },
    60_000,
  );

  async function expectOneOf(expected: readonly unknown[], home: string, killAt: number, change: Job["calls"]) {
    ageLock(home);
    // A logout that was cut off says which token is missing, and the same command completes it.
    if (JSON.stringify(await seenIn(home)).includes('"missing"')) {
      expect(["forget", "deleteProfile"]).toContain(change[0]?.[0]);
      const { outcome } = await programs.run(home, { calls: change });
      expect(outcome).toHaveProperty("results");
      expect(await seenIn(home), `killed at step ${killAt}`).toEqual(expected[1]);
    }
    expect(expected, `killed at step ${killAt}`).toContainEqual(await seenIn(home));
    // The next change finds nothing in its way, and leaves nothing lying about.
    const next = {
      profile: "next",
      env: "sandbox",
      token: "test-token-sandbox-9",
      businessId: "n",
      origin: "https://api.atoa.me",
      activate: false,
    } as const;
    await createVault({ environment: { ATOA_HOME: home }, interactive: false }).storeLogin(next);
    expect(stateOf(home).others).toEqual([]);
  }

  test("that was done often", () => expect(kills).toBeGreaterThanOrEqual(times(200, 8)));
});
