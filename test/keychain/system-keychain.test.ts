import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Rig, rig } from "../e2e/program";

/** The keychain of macOS and Windows, as CI's machines have it. Linux has its Secret Service in the files beside this one. */
const tried = process.platform === "darwin" || process.platform === "win32";
if (!tried)
  process.stdout.write(
    "system keychain: not tried here, since it is macOS's and Windows'; keychain.test.ts is Linux's\n",
  );

describe.runIf(tried)("atoa beside the keychain of this system", () => {
  const profile = `test-${randomBytes(4).toString("hex")}`;
  const keychain = { env: { ATOA_SECRET_STORE: "keychain" } };
  let shop: Rig;
  beforeAll(async () => {
    shop = await rig();
  });
  afterAll(() => shop.run(["reset", "--yes"], keychain).then(() => undefined));

  test("keeps a token, gives it to the next process, and forgets it", async () => {
    const stdin = shop.emulator.tokens.sandbox;
    const login = await shop.run(["login", "--stdin", "--profile", profile], { ...keychain, stdin });
    expect(login).toMatchObject({ code: 0, stderr: expect.stringContaining("the system keychain") });
    expect(await shop.run(["whoami"], keychain)).toMatchObject({ code: 0 });
    const renamed = await shop.run(["profile", "rename", profile, `${profile}-b`, "--yes"], keychain);
    expect(renamed.code).toBe(0);
    expect(await shop.run(["stores", "list"], keychain)).toMatchObject({ code: 0 });
    expect((await shop.run(["logout", "--yes"], keychain)).code).toBe(0);
    expect((await shop.run(["whoami"], keychain)).code).toBe(2);
  });
});
