import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { type Rig, rig } from "./program";

/** ATOA_TOKEN beside the commands about webhooks, which sign and check here: it takes the place of a profile, or is refused. */

const stopSoon = ["--port", "0", "--timeout", "1s"];
const sent = ({ emulator }: Rig) => emulator.requests().map(({ method, path }) => `${method} ${path}`);

describe("beside --profile or ATOA_PROFILE", () => {
  it.each([
    "webhooks verify --body -",
    "webhooks check --to 3000",
    "webhooks trigger PAYMENTS_STATUS --to 3000",
    "webhooks trigger PAYMENTS_STATUS --print",
    "webhooks listen --port 0 --timeout 1s",
    "webhooks listen --port 0 --timeout 1s --publicUrl https://tunnel.example.net/hooks",
  ])("`%s` is refused, and nothing is sent", async (line) => {
    const at = await rig();
    await at.login("acme", "sandbox");
    at.emulator.clearRequests();
    const ATOA_TOKEN = at.emulator.tokens.sandbox;
    const tries = [
      { name: "--profile", argv: ["--profile", "acme"], env: {} },
      { name: "ATOA_PROFILE", argv: [], env: { ATOA_PROFILE: "acme" } },
    ];
    for (const { name, argv, env } of tries) {
      const options = { stdin: "{}", tokenTyped: true, env: { ATOA_TOKEN, ...env } };
      const refused = await at.run([...line.split(" "), ...argv], options);
      expect(refused).toMatchObject({ code: 3, stdout: "" });
      expect(refused.stderr).toContain(`error: ATOA_TOKEN and ${name} are both set`);
    }
    expect(sent(at)).toEqual([]);
  });
});

describe("webhooks listen", () => {
  const tunnel = ["--publicUrl", "https://tunnel.example.net/hooks", "--event", "PAYMENTS_STATUS"];

  it("registers with it at --publicUrl, once the server has said whose it is, and takes it back", async () => {
    const at = await rig();
    const options = { tokenTyped: true, env: { ATOA_TOKEN: at.emulator.tokens.sandbox } };
    const listened = await at.run(["webhooks", "listen", ...stopSoon, ...tunnel], options);
    expect(listened.code, listened.stderr).toBe(0);
    expect(listened.stderr).toContain("Registered for PAYMENTS_STATUS");
    expect(sent(at).filter((request) => !request.startsWith("GET /api/webhook"))).toEqual([
      "GET /api/cli/identity",
      "POST /api/webhook/merchant",
      expect.stringMatching(/^DELETE \/api\/webhook\/[^/]+\/merchant$/),
    ]);
    expect(new Set(at.emulator.requests().map(({ environment }) => environment))).toEqual(new Set(["sandbox"]));
  });

  it("registers nothing when it belongs to the other environment", async () => {
    const at = await rig();
    const options = { tokenTyped: true, env: { ATOA_TOKEN: at.emulator.tokens.production } };
    const refused = await at.run(["webhooks", "listen", ...stopSoon, ...tunnel], options);
    expect(refused.code).toBe(3);
    expect(refused.stderr).toContain("The token in ATOA_TOKEN belongs to production, but this command uses sandbox");
    expect(sent(at).filter((request) => !request.startsWith("GET "))).toEqual([]);
  });

  it("does not send it to an emulator that is not the server in use", async () => {
    const at = await rig();
    let asked = 0;
    const server = createServer((_, response) => {
      asked++;
      response.end("{}");
    });
    await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
    const ATOA_BASE_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const env = { ATOA_TOKEN: "test-token-of-another-server", ATOA_BASE_URL, ATOA_EMULATOR_URL: at.emulator.origin };
    const listened = await at.run(["webhooks", "listen", ...stopSoon, "--event", "PAYMENTS_STATUS"], { env });
    server.close();
    expect(listened.code, listened.stderr).toBe(0);
    expect(asked).toBe(0);
    // The emulator is asked with its own token.
    expect(new Set(at.emulator.requests().map(({ status }) => status))).toEqual(new Set([200]));
  });

  it("says what to do when the server refuses it", async () => {
    const at = await rig();
    const env = { ATOA_TOKEN: "test-token-nobody-knows" };
    const refused = await at.run(["webhooks", "listen", ...stopSoon, ...tunnel], { env });
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain("check the token in ATOA_TOKEN");
  });
});
