import { readFileSync } from "node:fs";
import { type Emulator, startEmulator } from "@atoapayments/atoa-cli/emulator";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { configOf, keyId, pairedHome, secretsOf } from "../pairing";
import { temporaryFolder } from "../program";
import { controlC, down, enter, hasTerminal, type Seat, type Sitting, type Step, sit } from "./terminal";

/** What a person sees and answers, at a real pseudo-terminal. */

const home = temporaryFolder();
let emulator: Emulator;

beforeAll(async () => {
  emulator = await startEmulator();
  return () => emulator.close();
});

beforeEach(async () => {
  emulator.reset({ keepTokens: false });
  await pairedHome(home, emulator, { acme: ["sandbox", "production"] });
  emulator.clearRequests();
});

function atTerminal(argv: string, steps: readonly Step[], seat: Seat = {}): Promise<Sitting> {
  const env = { ATOA_HOME: home, ATOA_BASE_URL: emulator.origin, ...seat.env };
  return sit(argv.split(" "), steps, { ...seat, env });
}

/** However it ends, the terminal is as it was before: it echoes, edits lines and shows its cursor. */
function expectRestored({ echo, canonical, screen, late }: Sitting): void {
  expect(late).toBeNull();
  expect({ echo, canonical }).toEqual({ echo: true, canonical: true });
  expect(screen.lastIndexOf("\u001b[?25l")).toBeLessThanOrEqual(screen.lastIndexOf("\u001b[?25h"));
}

/** What can be read: escape sequences gone. */
function words(screen: string): string {
  return screen.replace(/\u001b\[[0-9;?]*[A-Za-z]/g, "").replaceAll("\r", "");
}

const sent = () => emulator.requests().map(({ method, path }) => `${method} ${path}`);
const cancelled = "POST /api/payment-request/cancel/pr_abc123";

describe.runIf(hasTerminal)("a confirmation", () => {
  beforeEach(
    () => void emulator.preparePayment("pr_abc123", { status: "AWAITING_AUTHORIZATION", environment: "sandbox" }),
  );

  it.each([
    ["no", `n${enter}`, 1],
    ["nothing, which means no", enter, 1],
    ["NO", `NO${enter}`, 1],
    ["something else, which means no", `maybe${enter}`, 1],
    ["Ctrl-C", controlC, 130],
    ["Ctrl-D", "\u0004", 130],
  ])("answered with %s sends nothing", async (_, typed, code) => {
    const sitting = await atTerminal("payments cancel pr_abc123", [["\\(y/N\\)", typed]]);
    expect(sitting.code).toBe(code);
    expectRestored(sitting);
    expect(words(sitting.screen)).toContain("Cancel payment pr_abc123 (profile acme, sandbox)?");
    expect(words(sitting.screen)).toMatch(code === 130 ? /\nInterrupted\.\n$/ : /\nAborted\.\n$/);
    expect(sent()).toEqual([]);
  });

  it.each([
    ["no", `n${enter}`, 1, { kind: "aborted", code: "ABORTED", exitCode: 1 }],
    ["Ctrl-C", controlC, 130, { kind: "interrupted", code: "INTERRUPTED", exitCode: 130 }],
  ])("answered with %s is an error as data too", async (_, typed, code, error) => {
    const sitting = await atTerminal("payments cancel pr_abc123 --errors json", [["\\(y/N\\)", typed]]);
    expect(sitting.code).toBe(code);
    const line = words(sitting.screen).trimEnd().split("\n").at(-1) ?? "";
    expect(JSON.parse(line.slice(line.indexOf("{")))).toMatchObject({ error });
    expect(sent()).toEqual([]);
  });

  it.each(["y", "yes", "Y"])("answered with %s acts", async (typed) => {
    const sitting = await atTerminal("payments cancel pr_abc123", [["\\(y/N\\)", typed + enter]]);
    expect(sitting.code).toBe(0);
    expectRestored(sitting);
    expect(sent()).toEqual([cancelled]);
  });

  it("is not asked with --yes or --dryRun", async () => {
    expect((await atTerminal("payments cancel pr_abc123 --dryRun", [])).screen).not.toContain("y/N");
    expect((await atTerminal("payments cancel pr_abc123 --yes", [])).screen).not.toContain("y/N");
    expect(sent()).toEqual([cancelled]);
  });

  it("shouts where real money moves", async () => {
    const refund = "refunds create --paymentRequestId pr_abc123 --amount 5 --env production";
    const { screen } = await atTerminal(refund, [["\\(y/N\\)", enter]]);
    expect(words(screen)).toContain("Refund £5.00 of payment pr_abc123 (profile acme, PRODUCTION)?");
  });

  const charge = "card-on-file charge --customerId cust_123 --paymentMethodId card_456 --amount 5 --orderId o-1";
  it.each([
    [charge, "Charge £5.00 to card card_456 of customer cust_123 (profile acme, PRODUCTION)?"],
    ["post /api/customers -d fullName=Jane", "POST /api/customers (profile acme, PRODUCTION)?"],
  ])("comes before %s in production, and nowhere else", async (line, question) => {
    const refused = await atTerminal(`${line} --env production`, [["\\(y/N\\)", enter]]);
    expect(refused.code).toBe(1);
    expect(words(refused.screen)).toContain(question);
    expect(sent()).toEqual([]);
    expect((await atTerminal(`${line} --env sandbox`, [])).screen).not.toContain("y/N");
    expect((await atTerminal(`${line} --env production --yes`, [])).screen).not.toContain("y/N");
    expect(sent()).toHaveLength(2);
  });

  it("stays off stdout", async () => {
    const file = `${home}/out`;
    const sitting = await atTerminal("payments cancel pr_abc123", [["\\(y/N\\)", `y${enter}`]], {
      shell: `"$@" > ${file}`,
    });
    expect(sitting.code).toBe(0);
    expect(JSON.parse(readFileSync(file, "utf8"))).toBeTypeOf("object");
  });

  it("is refused where the answer could not be seen or typed", async () => {
    for (const shell of ['"$@" < /dev/null', '"$@" 2> /dev/null']) {
      const { code } = await atTerminal("payments cancel pr_abc123", [], { shell });
      expect(code).toBe(3);
    }
    expect(sent()).toEqual([]);
  });

  it("says ALL when all bank consents are meant", async () => {
    const { screen } = await atTerminal("bank-feed revoke", [["\\(y/N\\)", enter]]);
    expect(words(screen)).toContain("Revoke ALL bank consents (profile acme, sandbox)?");
  });
});

describe.runIf(hasTerminal)("login", () => {
  const prompt = "API token";
  beforeEach(() => pairedHome(home, emulator, {}).then(() => emulator.clearRequests()));

  it("hides the token while it is typed", async () => {
    const sitting = await atTerminal("login", [[prompt, `${emulator.tokens.sandbox}${enter}`]]);
    expect(sitting.code).toBe(0);
    expectRestored(sitting);
    expect(words(sitting.screen)).not.toContain(emulator.tokens.sandbox.slice(-6));
    expect(words(sitting.screen)).toContain("*".repeat(emulator.tokens.sandbox.length));
    expect(words(sitting.screen)).toMatch(/✓ Logged in to .* as profile \S+ \(sandbox\)/);
    expect(Object.values(secretsOf(home))).toEqual([emulator.tokens.sandbox]);
  });

  it("hides it with --stdin too, when a person types it", async () => {
    const sitting = await atTerminal("login --stdin", [[prompt, `${emulator.tokens.sandbox}${enter}`]]);
    expect(sitting.code).toBe(0);
    expect(words(sitting.screen)).not.toContain(emulator.tokens.sandbox.slice(-6));
  });

  it("ends with 130 at Ctrl-C, and nothing is stored or sent", async () => {
    const sitting = await atTerminal("login", [
      [prompt, "test-token"],
      ["\\*{10}", controlC],
    ]);
    expect(sitting.code).toBe(130);
    expectRestored(sitting);
    expect(sitting.screen).not.toContain("test-token");
    expect([sent(), configOf(home)]).toEqual([[], {}]);
  });

  it("asks for the environment when the server does not say", async () => {
    emulator.fault('GET /api/cli/identity status=200 body={"merchantId":"m-1","businessName":"Quiet Ltd"}');
    const sitting = await atTerminal("login", [
      [prompt, `${emulator.tokens.production}${enter}`],
      ["Which environment is this token for", down + enter],
    ]);
    expect(sitting.code).toBe(0);
    expectRestored(sitting);
    expect(secretsOf(home)).toEqual({ "quiet-ltd:production": emulator.tokens.production });
  });

  it("ends with 130 at Ctrl-C in that question", async () => {
    emulator.fault('GET /api/cli/identity status=200 body={"merchantId":"m-1","businessName":"Quiet Ltd"}');
    const sitting = await atTerminal("login", [
      [prompt, `${emulator.tokens.production}${enter}`],
      ["Which environment", controlC],
    ]);
    expect(sitting.code).toBe(130);
    expectRestored(sitting);
    expect(configOf(home)).toEqual({});
  });
});

describe.runIf(hasTerminal)("which of two environments", () => {
  it.each(["keys revoke", "keys regenerate", "logout", "logout --revoke"])(
    "%s asks, and acts on that one",
    async (line) => {
      const key = await keyId(emulator, "production");
      const { sandbox, production } = emulator.tokens;
      emulator.clearRequests();
      const sitting = await atTerminal(line, [
        ["Which environment", down + enter],
        ["\\(y/N\\)", `y${enter}`],
      ]);
      expect(sitting.code).toBe(0);
      expectRestored(sitting);
      expect(words(sitting.screen)).toContain("PRODUCTION");
      expect(Object.keys(secretsOf(home))).toContain("acme:sandbox");
      for (const request of emulator.requests()) {
        expect(request).toMatchObject({ environment: "production", path: expect.stringContaining(key) });
      }
      expect(secretsOf(home)["acme:sandbox"]).toBe(sandbox);
      expect(secretsOf(home)["acme:production"]).not.toBe(production);
    },
  );

  it("ends with 130 at Ctrl-C", async () => {
    const sitting = await atTerminal("keys revoke", [["Which environment", controlC]]);
    expect(sitting.code).toBe(130);
    expectRestored(sitting);
    expect(Object.keys(secretsOf(home))).toHaveLength(2);
  });
});

describe.runIf(hasTerminal)("JSON from stdin", () => {
  it("says how it ends when a person types it", async () => {
    const line = "post /api/something --dryRun --data -";
    const { screen, code } = await atTerminal(line, [
      ["press Ctrl-D on an empty line to finish", '{"typed":true}\r\u0004'],
    ]);
    expect(code).toBe(0);
    expect(screen).toContain("typed");
  });
});

describe.runIf(hasTerminal)("progress", () => {
  const slow = "POST /api/payments/transactions latency=700";
  const walk = "payments transactions --pageAll --size 50";

  it("follows a walk of more than a second on stderr, and is gone at the end", async () => {
    emulator.fault(slow);
    const { screen, code } = await atTerminal(walk, [], { shell: '"$@" > /dev/null' });
    expect(code).toBe(0);
    expect(screen).toMatch(/\d+ items so far/);
    expect(screen.endsWith("\r\u001b[2K")).toBe(true);
  });

  it("never wipes data off the screen that both share", async () => {
    emulator.fault(slow);
    const { screen, code } = await atTerminal(walk, [], { env: { NO_COLOR: "1" } });
    expect(code).toBe(0);
    // A busy machine may show progress before the first page has come: what was wiped is not on the screen any more.
    expect(JSON.parse(screen.replaceAll(/[^\n]*\r\u001b\[2K/g, ""))).toHaveLength(302);
  });

  it("makes way for an error", async () => {
    emulator.fault("POST /api/payments/transactions latency=600 status=500 skip=3");
    emulator.fault(slow);
    const { screen, code } = await atTerminal(`${walk} --output table`, []);
    expect(code).toBe(1);
    expect(screen).toMatch(/items so far\r\u001b\[2K\u001b\[31merror:/);
  });

  it("makes way for Ctrl-C", async () => {
    emulator.fault(slow);
    const sitting = await atTerminal("payments transactions --pageAll --size 10 --output table", [
      ["items so far", controlC],
    ]);
    expect(sitting.code).toBe(130);
    expect(sitting.screen).toMatch(/\r\u001b\[2K(?:\^C)?Interrupted\.\r\n$/);
  });

  it("is silent for a quick walk", async () => {
    expect((await atTerminal(walk, [], { shell: '"$@" > /dev/null' })).screen).toBe("");
  });

  it("is silent when stderr is no terminal", async () => {
    emulator.fault(slow);
    const file = `${home}/err`;
    await atTerminal(walk, [], { shell: `"$@" > /dev/null 2> ${file}` });
    expect(readFileSync(file, "utf8")).toBe("");
  });

  it("says what a poll waits for, and ends with 130 at Ctrl-C", async () => {
    emulator.preparePayment("pr_abc123", { status: "PENDING", environment: "sandbox" });
    emulator.fault("GET /api/payments/** latency=1100");
    const sitting = await atTerminal("payments status pr_abc123 --poll", [
      ["PENDING; checking again in 5 s", controlC],
    ]);
    expect(sitting).toMatchObject({ code: 130, signal: null });
    expectRestored(sitting);
  });
});

describe.runIf(hasTerminal)("colour", () => {
  const coloured = /\u001b\[3\dm/;

  it.each<[string, string, Record<string, string>, boolean]>([
    ["a terminal gets it", '"$@"', {}, true],
    ["not with NO_COLOR", '"$@"', { NO_COLOR: "1" }, false],
    ["not with TERM=dumb", '"$@"', { TERM: "dumb" }, false],
    ["not in a pipe", '"$@" | cat', {}, false],
    ["an empty FORCE_COLOR demands nothing", '"$@" | cat', { FORCE_COLOR: "" }, false],
    ["in a pipe with FORCE_COLOR", '"$@" | cat', { FORCE_COLOR: "1" }, true],
    ["not with FORCE_COLOR=0", '"$@"', { FORCE_COLOR: "0" }, false],
    ["not with NO_COLOR, FORCE_COLOR or not", '"$@"', { NO_COLOR: "1", FORCE_COLOR: "1" }, false],
    ["an empty NO_COLOR is none", '"$@"', { NO_COLOR: "" }, true],
  ])("%s", async (_, shell, env, expected) => {
    const good = await atTerminal("whoami", [], { shell, env });
    expect(coloured.test(good.screen)).toBe(expected);
    const bad = await atTerminal("whoami --profile nope", [], {
      shell: `${shell} 2>&1`.replace("| cat 2>&1", "2>&1 | cat"),
      env,
    });
    expect(coloured.test(bad.screen)).toBe(expected);
  });

  it.each([{ NO_COLOR: "1" }, { TERM: "dumb" }])("questions heed it too: %o", async (env) => {
    const { screen } = await atTerminal("payments cancel pr_abc123", [["\\(y/N\\)", enter]], { env });
    expect(screen).not.toMatch(coloured);
  });
});
