import { readdirSync } from "node:fs";
import { join } from "node:path";
import { type Emulator, startEmulator } from "@atoapayments/atoa-cli/emulator";
import { beforeAll, describe, expect, it } from "vitest";
import { full, some } from "../scale.mjs";
import { pairedHome } from "./pairing";
import { atoa, root, temporaryFolder } from "./program";
import { hasTerminal, sit } from "./terminal/terminal";

/**
 * Every list, and some single objects, as a table in a terminal of 80 and of 160 columns. The pictures are in
 * test/golden/tables: look at them when they change.
 */
const home = temporaryFolder();
let emulator: Emulator;

beforeAll(async () => {
  emulator = await startEmulator({ clock: { startAt: "2026-02-01T09:00:00Z", frozen: true } });
  await pairedHome(home, emulator, { acme: ["sandbox", "production"], other: ["sandbox"] }, "acme");
  return () => emulator.close();
});

const lines = [
  "payments transactions",
  "payments status pr_abc123",
  "refunds list --paymentRequestId pr_abc123",
  "customers list",
  "customers get cust_123",
  "payment-methods list --customer cust_123",
  "webhooks list",
  "bank-feed accounts auth_999",
  "bank-feed account acct_111",
  "bank-feed balance acct_111",
  "bank-feed transactions acct_111 --from 2026-01-01 --before 2026-02-01",
  "stores list",
  "institutions list",
  "payouts list",
  "payouts transactions po_555",
  "profile list",
  "profile show acme",
  "whoami",
  "get /api/payments/stores",
];

function name(line: string): string {
  return line.replace(/ --.*$/, "").replace(/[^a-z\d]+/gi, "-");
}

const widths = [80, 160];
const pictures = join(root, "test/golden/tables");
const picture = (line: string, columns: number) => `${name(line)}.${columns}.txt`;

/** In CI each is drawn on a real terminal; at a desk one in ten, the others by streams that say they are one. */
const onTerminal = (line: string) => full || some(lines, 10).includes(line);

/** The port differs from run to run. */
function steady(text: string): string {
  return text.replaceAll("\r", "").replace(/127\.0\.0\.1:\d+/g, "127.0.0.1:4010");
}

it("every picture is of a line, and every line has one", () => {
  const expected = lines.flatMap((line) => widths.map((columns) => picture(line, columns)));
  expect(readdirSync(pictures).sort()).toEqual(expected.sort());
});

describe.runIf(hasTerminal).each(widths)("in %i columns", (columns) => {
  it.each(lines)("%s", async (line) => {
    const env = { ATOA_HOME: home, ATOA_BASE_URL: emulator.origin, NO_COLOR: "1" };
    const argv = [...line.split(" "), "--output", "table"];
    const shown = onTerminal(line)
      ? await sit(argv, [], { env, columns })
      : await atoa(argv, { env: { ...env, TERM: "xterm-256color" }, columns });
    expect(shown.code).toBe(0);
    const text = steady("screen" in shown ? shown.screen : shown.stdout);
    const table = text.split("\n").filter((row) => !row.startsWith("columns not shown: "));
    expect(Math.max(...table.map((row) => row.length))).toBeLessThanOrEqual(columns);
    expect(text).not.toMatch(/[{}[\]]|undefined|null/);
    await expect(text).toMatchFileSnapshot(join(pictures, picture(line, columns)));
  });
});

it("nothing is cut or left out in a pipe", async () => {
  const env = { ATOA_HOME: home, ATOA_BASE_URL: emulator.origin };
  const { stdout } = await atoa(["institutions", "list", "--output", "table"], { env });
  expect(stdout).toContain("Fenwick Building Society Sandbox");
  const accounts = await atoa(["bank-feed", "accounts", "auth_999", "--output", "table"], { env });
  expect(accounts.stdout).toMatch(/^BANK +SORT CODE +NUMBER\n/);
});
