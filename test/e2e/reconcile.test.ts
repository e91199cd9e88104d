import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type PageServer, startPageServer } from "./page-server";
import { pairedHome } from "./pairing";
import { atoa, type Outcome, rig, temporaryFolder } from "./program";

/** `payouts reconcile` against books that this file writes: those of the API's documentation, and wrong ones. */

const home = temporaryFolder();
let server: PageServer;

beforeAll(async () => {
  server = await startPageServer();
  return () => server.close();
});
beforeEach(async () => {
  await pairedHome(home, server, { acme: ["sandbox"] });
  keep(sample);
});

function run(...argv: string[]): Promise<Outcome> {
  return atoa(["payouts", "reconcile", ...argv], { env: { ATOA_HOME: home, ATOA_BASE_URL: server.origin } });
}

interface Books {
  readonly payouts: readonly Record<string, unknown>[];
  readonly rows: Readonly<Record<string, readonly Record<string, unknown>[]>>;
  readonly payments: readonly Record<string, unknown>[];
}

const row = (paymentIdempotencyId: string, amount: unknown, isRefund = false) => ({
  paymentIdempotencyId,
  amount,
  isRefund,
  currency: "GBP",
  createdAt: "2026-01-10T09:04:00.000Z",
});

/** The rows that the API's documentation shows: three payments, and a refund whose amount is positive. */
const sample: Books = {
  payouts: [
    { id: "po_other", amount: "5.00" },
    { id: "po_1", payoutReferenceId: "APY1", amount: "1239.30", status: "COMPLETED" },
  ],
  rows: {
    po_1: [row("A1", "123.00"), row("A2", "162.06"), row("A3", "1000.00"), row("A1", "45.76", true)],
    po_other: [row("A4", "5.00")],
  },
  payments: [
    { paymentIdempotencyId: "A4", orderId: "order-4", paidAmount: 5 },
    { paymentIdempotencyId: "A3", orderId: "order-3", paidAmount: 1000 },
    { paymentIdempotencyId: "A2", orderId: "order-2", paidAmount: 162.06 },
    { paymentIdempotencyId: "A1", orderId: "order-1", paidAmount: 123 },
  ],
};

/** One item a page, so that every walk has several. */
function keep({ payouts, rows, payments }: Books): void {
  server.answers((page, _size, path) => {
    const id = /^\/api\/payouts\/([^/]+)\/transactions$/.exec(path)?.[1];
    const list = id !== undefined ? (rows[id] ?? []) : path === "/api/payouts" ? payouts : payments;
    return { data: list.slice(page, page + 1), totalCount: list.length, page };
  });
}

describe("a payout that meets", () => {
  it.each(["po_1", "APY1"])("%s comes to 1,239.30, refunds taken off and orders joined", async (id) => {
    const { code, stdout, stderr } = await run(id);
    expect([code, stderr]).toEqual([0, ""]);
    const [payout, ...others] = JSON.parse(stdout);
    expect(others).toEqual([]);
    expect(payout).toMatchObject({
      payoutId: "po_1",
      gross: "1285.06",
      refunds: "-45.76",
      net: "1239.30",
      payout: "1239.30",
      difference: "0.00",
    });
    expect(payout.rows.map((one: Record<string, string>) => `${one.orderId} ${one.signedAmount}`)).toEqual([
      "order-1 123.00",
      "order-2 162.06",
      "order-3 1000.00",
      "order-1 -45.76",
    ]);
  });

  it("shows a table of the rows", async () => {
    const { code, stdout } = await run("po_1", "--output", "table");
    expect(code).toBe(0);
    expect(stdout.split("\n")[0]).toMatch(/^ORDER +AMOUNT +REFUND +REFERENCE +PAYOUT/);
    expect(stdout).toMatch(/order-1 +-£45\.76 +yes +A1 +po_1/);
  });

  it("reconciles all payouts of some days", async () => {
    const { code, stdout } = await run("--from", "2026-01", "--to", "2026-01");
    expect(code).toBe(0);
    expect(JSON.parse(stdout).map((one: { payoutId: string }) => one.payoutId)).toEqual(["po_other", "po_1"]);
  });
});

describe("a payout that does not meet", () => {
  it.each<[string, Partial<Books>, string[]]>([
    [
      "another sum",
      { payouts: [{ id: "po_1", amount: "1330.82" }] },
      ["payout po_1 is 1330.82, its rows come to 1239.30: a difference of 91.52"],
    ],
    ["an unknown sum", { payouts: [{ id: "po_1" }] }, ["payout po_1 is not comparable: an amount is unknown"]],
    [
      "a row without an order",
      { payments: sample.payments.slice(0, 3) },
      ["row A1 has no order", "row A1 has no order"],
    ],
    [
      "an order of another amount",
      {
        payments: [...sample.payments.slice(0, 3), { paymentIdempotencyId: "A1", orderId: "order-1", paidAmount: 122 }],
      },
      ["row A1 is 123.00, order order-1 is 122.00"],
    ],
  ])("exits with 1, prints all the same and names %s", async (_, wrong, lines) => {
    keep({ ...sample, ...wrong });
    const { code, stdout, stderr } = await run("po_1");
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject([{ payoutId: "po_1", net: "1239.30" }]);
    const said = stderr.trimEnd().split("\n");
    expect(said.slice(0, -1)).toEqual(lines);
    expect(said.at(-1)).toMatch(/^error: The payout does not reconcile — see /);
  });

  it("is NOT_RECONCILED as data, and each reason a warning", async () => {
    keep({ ...sample, payouts: [{ id: "po_1", amount: "1330.82" }] });
    const { code, stderr } = await run("po_1", "--errors", "json");
    const said = stderr
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(code).toBe(1);
    expect(said).toMatchObject([
      { warning: { message: expect.stringContaining("a difference of 91.52") } },
      { error: { kind: "failure", code: "NOT_RECONCILED", exitCode: 1 } },
    ]);
  });
});

describe("a bad choice", () => {
  it.each([
    [["po_none"], 4, "Payout po_none not found"],
    [[], 3, "No payouts chosen"],
    [["po_1", "--from", "7d"], 3, "<payoutId> cannot be combined with --from or --to"],
    [[" "], 3, "<payoutId> must not be blank"],
    [["--from", "banana"], 3, '--from must be a date as YYYY-MM-DD, not "banana"'],
    [["--from", "2026-02-30"], 3, "--from is 2026-02-30, which does not exist in the calendar"],
    [["--from", "2026-02", "--to", "2026-01"], 3, "--to is 2026-01-31, before the range begins on 2026-02-01"],
  ])("%j exits with %d", async (argv, code, message) => {
    const outcome = await run(...argv);
    expect([outcome.code, outcome.stdout]).toEqual([code, ""]);
    expect(outcome.stderr).toContain(`error: ${message}`);
    if (code === 3) expect(server.asked).toEqual([]);
  });

  it("sends nothing in a dry run, and shows the walk", async () => {
    const { code, stdout } = await run("--from", "2026-01", "--dryRun");
    expect([code, JSON.parse(stdout)]).toMatchObject([0, { method: "GET", query: { fromDate: "2026-01-01" } }]);
    expect(server.asked).toEqual([]);
  });

  it("names a faulty date by its flag to programs too", async () => {
    const { code, stderr } = await run("--from", "2026-02", "--to", "2026-01", "--errors", "json");
    expect([code, JSON.parse(stderr).error.field]).toEqual([3, "--to"]);
  });
});

describe("against the emulator", () => {
  it("what is paid and refunded today is paid out on the next payout day, and the books meet", async () => {
    const { run: shop, emulator, login } = await rig({ clock: { startAt: "2026-03-04T12:00:00Z" } });
    await login("acme", "sandbox");
    const paid: string[] = [];
    for (const amount of ["25.00", "10.05", "99.99"]) {
      const { stdout } = await shop(["payments", "create", "--amount", amount, "--orderId", `books-${amount}`]);
      const { paymentRequestId } = JSON.parse(stdout);
      emulator.approve(paymentRequestId);
      paid.push(paymentRequestId);
    }
    await shop(["refunds", "create", "--paymentRequestId", paid[2] ?? "", "--amount", "40.01", "--yes"]);
    emulator.advance("2d");
    const { payoutId } = emulator.payment(paid[0] ?? "");
    const { code, stdout, stderr } = await shop(["payouts", "reconcile", String(payoutId)]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const [{ rows, payout, net, difference }] = JSON.parse(stdout);
    const own = rows.filter(({ orderId }: { orderId: string }) => orderId.startsWith("books-"));
    expect(own.map(({ signedAmount }: { signedAmount: string }) => signedAmount).sort()).toEqual(
      ["-40.01", "10.05", "25.00", "99.99"].sort(),
    );
    expect({ payout, difference }).toEqual({ payout: net, difference: "0.00" });
  });
});
