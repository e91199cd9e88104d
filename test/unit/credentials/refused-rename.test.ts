import { spawnSync } from "node:child_process";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createVault, type Vault } from "../../../src/credentials/vault";
import { needs } from "../../needs";
import { exampleLogin as login, seenIn, temporaryHomes } from "./processes";
import { followWrites } from "./writes";

const again = { ...login, token: "test-token-sandbox-2" } as const;
const origin = { value: login.origin, source: "default" };

/**
 * A config.json that can be read but not replaced, as one that is mounted into a container by itself. From any step of a
 * change on it cannot be replaced, and then it can: what was there before works, or what was to be.
 */
describe.runIf(needs("mounted file systems"))("a config that cannot be renamed over", () => {
  const homes = temporaryHomes();
  let home: string;
  let vault: Vault;
  let mountAt = 0;
  let steps = 0;
  beforeAll(() => followWrites(() => ++steps === mountAt && mount()));
  beforeEach(async () => {
    home = homes.make();
    mountAt = 0;
    vault = createVault({ environment: { ATOA_HOME: home }, interactive: false });
    await vault.storeLogin(login);
  });
  afterAll(() => homes.remove());

  function mount(): void {
    expect(spawnSync("mount", ["--bind", vault.paths.config, vault.paths.config]).status).toBe(0);
  }

  /** Makes the change with the config refused from its nth step on. @returns false when it was done before that step */
  async function refusedFrom(step: number, change: () => Promise<unknown>): Promise<boolean> {
    [steps, mountAt] = [0, step];
    const failed = await change().then(
      () => undefined,
      (error: unknown) => error,
    );
    const wasMounted = steps >= step;
    if (wasMounted) expect(spawnSync("umount", [vault.paths.config]).status).toBe(0);
    mountAt = 0;
    if (failed !== undefined)
      expect(failed).toMatchObject({ kind: "failure", message: expect.stringContaining("config.json") });
    return wasMounted;
  }

  test("a login over a key: the old token works, or the new one", async () => {
    for (let step = 1; await refusedFrom(step, () => vault.storeLogin(again)); step += 1) {
      expect([login.token, again.token]).toContain(await vault.readToken({ ...login, origin }));
      await vault.storeLogin(login);
      expect(await seenIn(home)).toMatchObject({ tokens: { "acme/sandbox": login.token }, strays: [] });
      expect(vault.config().pending).toEqual([]);
    }
  });

  test("a rotation: the same", async () => {
    const rotate = () => vault.rotateToken(login, async () => again.token);
    for (let step = 1; await refusedFrom(step, rotate); step += 1) {
      expect([login.token, again.token]).toContain(await vault.readToken({ ...login, origin }));
      await vault.storeLogin(login);
    }
  });

  test("a first login: nothing, or a token that reset and the next login know of", async () => {
    const first = { ...again, profile: "beta" };
    for (let step = 1; await refusedFrom(step, () => vault.storeLogin(first)); step += 1) {
      expect(await seenIn(home)).toMatchObject({ tokens: { "acme/sandbox": login.token }, strays: [] });
      await vault.storeLogin(first);
      expect(await vault.readToken({ ...first, origin })).toBe(again.token);
      await vault.deleteProfile("beta");
    }
  });

  test("a rename: the token is found by the old name, or by the new one", async () => {
    for (let step = 1; await refusedFrom(step, () => vault.renameProfile("acme", "beta")); step += 1) {
      const [name = ""] = vault.config().profiles.keys();
      expect(await vault.readToken({ ...login, profile: name, origin })).toBe(login.token);
      if (name === "beta") await vault.renameProfile("beta", "acme");
    }
  });

  test("a logout: what is left of it goes when it is repeated", async () => {
    for (let step = 1; await refusedFrom(step, () => vault.forget(login)); step += 1) {
      if (vault.config().profiles.has("acme")) await vault.forget(login);
      expect(await seenIn(home)).toMatchObject({ tokens: {}, strays: [] });
      await vault.storeLogin(login);
    }
  });
});
