import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { atoa, type Rig, rig } from "../e2e/program";
import { root } from "./sources";

/** Each message of docs/troubleshooting.md, provoked as a reader would run into it. */

const page = readFileSync(join(root, "docs/troubleshooting.md"), "utf8");
const messages = [...page.matchAll(/^### (`+)(.+)\1$/gm)].map((match) => match[2] ?? "");

/** What provokes a message, by its first words; the rest takes a person, a keychain or ten seconds and is tested elsewhere. */
const provocations: Record<string, (shop: Rig) => Promise<{ stderr: string }>> = {
  "this token belongs to": ({ run, emulator }) =>
    run(["login", "--stdin", "--env", "sandbox"], { stdin: emulator.tokens.production }),
  "No profile is": ({ run, home }) => run(["whoami"], { env: { ATOA_HOME: join(home, "nobody") } }),
  "Multiple profiles": async (shop) => {
    await shop.login("acme-two", "sandbox");
    const config = JSON.parse(readFileSync(state(shop, "config.json"), "utf8"));
    writeFileSync(state(shop, "config.json"), JSON.stringify({ ...config, activeProfile: undefined }), { mode: 0o600 });
    return shop.run(["whoami"]);
  },
  "No credentials for": ({ run }) => run(["whoami", "--env", "production"]),
  "status: 401": async ({ run }) => {
    const { key } = JSON.parse((await run(["whoami"])).stdout);
    // Revoked where this machine does not notice, as from the dashboard.
    await run(["delete", `/api/cli/api-access/${key.sdkAccessId}`, "--yes"]);
    return run(["whoami"]);
  },
  NODE_TLS_REJECT_UNAUTHORIZED: () => atoa(["whoami"], { env: { NODE_TLS_REJECT_UNAUTHORIZED: "0" } }),
  "Refusing to read": (shop) => {
    chmodSync(state(shop, "secrets.json"), 0o644);
    return shop.run(["whoami"]);
  },
  "Refusing to parse": (shop) => {
    writeFileSync(state(shop, "secrets.json"), "{", { mode: 0o600 });
    return shop.run(["whoami"]);
  },
};
const elsewhere = ["Timed out acquiring lock", "The system keychain"];

function state({ home }: Rig, name: string): string {
  return join(home, ".config/atoa", name);
}

describe("troubleshooting", () => {
  let shop: Rig;
  beforeAll(async () => {
    shop = await rig();
  });
  beforeEach(async () => {
    shop.emulator.reset({ keepTokens: false });
    await shop.run(["reset", "--yes"]);
    expect(await shop.login("acme", "sandbox")).toMatchObject({ code: 0 });
  });

  it("has a provocation for every message", () => {
    const known = [...Object.keys(provocations), ...elsewhere];
    expect(messages.filter((message) => !known.some((words) => message.startsWith(words)))).toEqual([]);
    expect(known.filter((words) => !messages.some((message) => message.startsWith(words)))).toEqual([]);
  });

  it.for(Object.keys(provocations))("%s …", async (words, context) => {
    if (words === "Refusing to read") context.skip(process.platform === "win32", "Windows has no such modes");
    const message = messages.find((one) => one.startsWith(words)) ?? "";
    const parts = message.split("…").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    expect((await provocations[words]?.(shop))?.stderr).toMatch(new RegExp(parts.join(".*")));
  });
});
