import { beforeAll, describe, expect, it } from "vitest";
import { configOf, secretsOf } from "./pairing";
import { type Outcome, type Rig, rig } from "./program";

/** Ways that take several commands: a card that is charged and captured, keys that come and go. */

let shop: Rig;
beforeAll(async () => {
  shop = await rig();
  await shop.login("acme", "sandbox");
});

async function json(...argv: string[]): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await shop.run(argv);
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout) as Record<string, unknown>;
}

const run = (line: string): Promise<Outcome> => shop.run(line.split(" "));

describe("a saved card", () => {
  async function charge(captureType: string): Promise<string> {
    const line = `card-on-file charge --customerId cust_123 --paymentMethodId card_456 --amount 10.50 --orderId o-${captureType} --captureType ${captureType}`;
    const answer = await json(...line.split(" "));
    expect(answer).toMatchObject({ status: "PENDING" });
    const id = String(answer.paymentRequestId);
    shop.emulator.advance(5 * 60_000);
    return id;
  }
  const status = async (id: string) => (await json("payments", "status", id, "--poll")).status;

  it("is charged at once", async () => {
    expect(await status(await charge("AUTO_CAPTURE"))).toBe("COMPLETED");
  });

  it("is charged, then captured, and not twice", async () => {
    const id = await charge("MANUAL_CAPTURE");
    expect(await status(id)).toBe("AUTHORIZED");
    await json("card-on-file", "capture", id, "--yes");
    expect(await status(id)).toBe("COMPLETED");
    const again = await run(`card-on-file capture ${id} --yes`);
    expect(again.code).toBe(3);
    expect(again.stderr).toMatch(/^error: .* — check its status: `atoa payments status <id>`\n {2}status: 400\n/);
  });

  it("is charged, then released, and not captured any more", async () => {
    const id = await charge("MANUAL_CAPTURE");
    await json("card-on-file", "cancel", id, "--reasonCode", "requested by customer", "--yes");
    expect(await status(id)).toBe("CANCELLED");
    expect((await run(`card-on-file capture ${id} --yes`)).code).toBe(3);
  });
});

describe("keys by their id", () => {
  it("are rotated and revoked at the server; what is stored here stays as it is", async () => {
    const { emulator, home } = shop;
    const other = { ...emulator.mintToken({ environment: "sandbox", merchantId: emulator.merchantId }) };
    const before = [configOf(home), secretsOf(home)];
    const rotation = await run(`keys regenerate ${other.sdkAccessId} --yes`);
    expect(rotation.code, rotation.stderr).toBe(0);
    expect(rotation.stdout).toMatch(/test-token-/);
    expect(rotation.stdout).not.toContain(other.token);
    const revocation = await run(`keys revoke ${other.sdkAccessId} --yes`);
    expect(revocation.code, revocation.stderr).toBe(0);
    expect([configOf(home), secretsOf(home)]).toEqual(before);
    expect((await run("whoami")).code).toBe(0);
  });

  it("after its own key is rotated, the new token works and the old one does not", async () => {
    const { emulator, home } = shop;
    const old = secretsOf(home)["acme:sandbox"];
    expect((await run("keys regenerate --yes")).code).toBe(0);
    expect((await run("whoami")).code).toBe(0);
    const refused = await fetch(`${emulator.origin}/api/cli/identity`, { headers: { authorization: `Bearer ${old}` } });
    expect(refused.status).toBe(401);
  });
});

describe("a webhook's secret", () => {
  it("is in no output", async () => {
    const secret = "not-a-real-password-7f3a";
    const inline = `{"username":"hook","password":"${secret}"}`;
    for (const [event, value, stdin] of [
      ["REFUND_STATUS", "-", inline],
      ["PAYMENTS_STATUS", inline, ""],
    ] as const) {
      const line = `webhooks create --url http://127.0.0.1:9/hook --event ${event} --verbose --authentication`;
      for (const more of [["--dryRun"], []]) {
        const { code, stdout, stderr } = await shop.run([...line.split(" "), value, ...more], { stdin });
        expect(code, stderr).toBe(0);
        expect(stdout + stderr).not.toContain(secret);
        expect(stderr.includes("warning: inline --authentication is visible")).toBe(value !== "-");
      }
    }
  });
});
