import { type Emulator, startEmulator } from "@atoapayments/atoa-cli/emulator";
import { beforeAll, describe, expect, it } from "vitest";
import { type PageServer, startPageServer } from "../page-server";
import { pairedHome } from "../pairing";
import { temporaryFolder } from "../program";
import { hasTerminal, type Seat, sit } from "./terminal";

/** How lines look on a real pseudo-terminal: colour by meaning, lines of its width, nothing that steers it. */

const [home, otherHome] = [temporaryFolder(), temporaryFolder()];
let emulator: Emulator;
/** Says what no honest server says. */
let liar: PageServer;

beforeAll(async () => {
  [emulator, liar] = await Promise.all([startEmulator(), startPageServer()]);
  await pairedHome(home, emulator, { acme: ["sandbox", "production"] });
  await pairedHome(otherHome, liar, { acme: ["sandbox"] });
  return () => Promise.all([emulator.close(), liar.close()]);
});

async function screen(argv: readonly string[], seat: Seat = {}): Promise<string> {
  const env = { ATOA_HOME: home, ATOA_BASE_URL: emulator.origin, ...seat.env };
  const sitting = await sit(argv, [], { ...seat, env });
  return sitting.screen.replaceAll("\r\n", "\n");
}

const [green, red, yellow, plain] = ["\u001b[32m", "\u001b[31m", "\u001b[33m", "\u001b[39m"];

describe.runIf(hasTerminal)("colour says what is meant", () => {
  const payments = ["COMPLETED", "FAILED", "PENDING", "SOMETHING_NEW"];
  const list = async (seat?: Seat) => {
    const data = payments.map((status, index) => ({ orderId: `o-${index}`, status, currency: "GBP" }));
    liar.answers(() => ({ data, totalCount: data.length }));
    const env = { ATOA_HOME: otherHome, ATOA_BASE_URL: liar.origin, ...seat?.env };
    return (await sit(["payments", "transactions", "--output", "table"], [], { ...seat, env })).screen;
  };

  it("of a status", async () => {
    const shown = await list();
    expect(shown).toContain(`${green}COMPLETED${plain}`);
    expect(shown).toContain(`${red}FAILED${plain}`);
    expect(shown).toContain(`${yellow}PENDING${plain}`);
    expect(shown).toMatch(/ {2}SOMETHING_NEW/);
  });

  it.each([{ NO_COLOR: "1" }, { TERM: "dumb" }])("and is gone with %o", async (env) => {
    const shown = await list({ env });
    expect(shown).toContain("COMPLETED");
    expect(shown).not.toContain("\u001b[3");
  });

  it("of a line: done, a warning, a failure", async () => {
    expect(await screen(["profile", "use", "acme"])).toContain(`${green}✓${plain} acme is the active profile`);
    expect(await screen(["payments", "status"])).toContain(`${red}error:${plain} `);
    const create = ["webhooks", "create", "--url", "https://x.example/h", "--event", "PAYMENTS_STATUS", "--dryRun"];
    const warned = await screen([...create, "--authentication", '{"username":"u","password":"p"}']);
    expect(warned).toContain(`${yellow}warning:${plain} `);
  });
});

describe.runIf(hasTerminal)("a line keeps to the terminal's width", () => {
  it("an error breaks between words, and never inside a command that it names", async () => {
    const shown = await screen(["payments", "stauts", "pr_1"], { columns: 40, env: { NO_COLOR: "1" } });
    const lines = shown.trimEnd().split("\n");
    expect(lines.length).toBeGreaterThan(1);
    expect(lines.filter((line) => line.length > 40 && !/^`[^`]*`\S*$/.test(line))).toEqual([]);
    expect(lines.join(" ")).toMatch(/payments status/);
  });

  it("and stays one line in a pipe", async () => {
    const shown = await screen(["payments", "stauts", "pr_1"], { columns: 40, shell: '"$@" 2>&1 | cat' });
    expect(shown.trimEnd().split("\n")).toHaveLength(1);
  });

  it("progress is cut, so that all of it can be wiped", async () => {
    emulator.reset({ keepTokens: true });
    emulator.preparePayment("pr_abc123", { status: "AWAITING_AUTHORIZATION", environment: "sandbox" });
    const { screen: shown } = await sit(["payments", "status", "pr_abc123", "--poll", "--timeout", "7"], [], {
      columns: 20,
      env: { ATOA_HOME: home, ATOA_BASE_URL: emulator.origin },
    });
    const passing = [...shown.matchAll(/\r\u001b\[2K([^\r\n\u001b]+)/g)].map(([, text = ""]) => text);
    expect(passing.length).toBeGreaterThan(0);
    expect(Math.max(...passing.map((text) => text.length))).toBeLessThan(20);
  });
});

describe.runIf(hasTerminal)("marks that turn text round", () => {
  const name = "Jane \u202e00.52\u202c \u2066Doe\u2069 \u009b31m";

  it.each([
    ["json", ["\\u202e00.52\\u202c", "\\u2066Doe\\u2069", "\\u009b31m"]],
    ["yaml", ["202e", "2066", "x9b"]],
    ["table", ["Jane 00.52 Doe"]],
  ])("never reach it as %s", async (format, shown) => {
    liar.answers(() => ({ data: [{ id: "c-1", fullName: name }], totalCount: 1 }));
    const env = { ATOA_HOME: otherHome, ATOA_BASE_URL: liar.origin, NO_COLOR: "1" };
    const { screen: text } = await sit(["customers", "list", "--output", format], [], { env });
    expect(text).not.toMatch(/[\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/);
    for (const part of shown) expect(text.toLowerCase()).toContain(part.toLowerCase());
  });
});

describe.runIf(hasTerminal)("what stands below a table", () => {
  const table = (...argv: string[]) => screen([...argv, "--output", "table"], { columns: 160, env: { NO_COLOR: "1" } });

  it("the next step of a list, by its flags, until there is none", async () => {
    expect(await table("payments", "transactions")).toMatch(
      /\n20 of \d+ items; `--page 1` for the next, `--pageAll` for all\n$/,
    );
    expect(await table("payouts", "list", "--page", "2")).toMatch(/; `--page 3` for the next, `--pageAll` for all\n$/);
    expect(await table("customers", "list", "--page", "1")).toMatch(/\n\d+ of \d+ items\n$/);
    expect(await table("get", "/api/customers", "-d", "page=0", "-d", "size=5")).toMatch(
      /\n5 of \d+ items; `--pageAll` for all\n$/,
    );
  });

  it("where ids of bank accounts come from, and no empty column", async () => {
    const shown = await table("bank-feed", "accounts", "auth_999");
    expect(shown).not.toMatch(/^ACCOUNT/m);
    expect(shown).toContain("Account ids come back on the consent's redirect URL");
  });

  it("who one is, in words", async () => {
    const shown = await table("whoami");
    expect(shown).toMatch(/^business +\S.*\n/);
    expect(shown).toMatch(/^environment +sandbox, the profile's default$/m);
    expect(shown).toMatch(/^profile +acme, the active profile$/m);
  });
});
