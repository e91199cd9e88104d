import { startEmulator } from "@atoapayments/atoa-cli/emulator";
import { load } from "js-yaml";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { items, type PageServer, startPageServer } from "./page-server";
import { pairedHome } from "./pairing";
import { atoa, type Outcome, temporaryFolder } from "./program";

/** --pageAll: every item once, in order, whatever the envelope; and what happens when a server does not play fair. */

const home = temporaryFolder();
let server: PageServer;

beforeAll(async () => {
  server = await startPageServer();
  return () => server.close();
});
beforeEach(() => pairedHome(home, server, { acme: ["sandbox"] }));

function walk(...more: string[]): Promise<Outcome> {
  const env = { ATOA_HOME: home, ATOA_BASE_URL: server.origin };
  return atoa(["get", "/api/things", "--pageAll", "-d", "size=10", ...more], { env });
}

const ids = (from: number, count: number) => items(from, count).map(({ id }) => id);

/** Cuts a list of `total` items into pages. */
function cut(total: number, envelope: (part: { id: string }[], page: number, pages: number) => unknown, cap = 10) {
  return (page: number, size: number) => {
    const here = Math.min(size, cap);
    return envelope(items(page * here, Math.min(here, total - page * here)), page, Math.ceil(total / here));
  };
}

describe("every item once, in order", () => {
  it.each<[string, number, (page: number, size: number) => unknown, number[]]>([
    ["bare arrays", 34, cut(34, (part) => part), [0, 1, 2, 3]],
    ["bare arrays that end with a full page", 30, cut(30, (part) => part), [0, 1, 2, 3]],
    ["data and totalCount", 34, cut(34, (data, page) => ({ data, totalCount: 34, page, size: 10 })), [0, 1, 2, 3]],
    ["totalCount on a full last page", 30, cut(30, (data) => ({ data, totalCount: 30 })), [0, 1, 2]],
    [
      "itemPerPage, in the singular",
      34,
      cut(34, (data, page) => ({ data, totalCount: 34, page, itemPerPage: 10 })),
      [0, 1, 2, 3],
    ],
    ["content and last", 34, cut(34, (content, page, pages) => ({ content, last: page === pages - 1 })), [0, 1, 2, 3]],
    ["data and hasMore", 30, cut(30, (data, page, pages) => ({ data, hasMore: page < pages - 1 })), [0, 1, 2]],
    [
      "content, number and totalPages",
      30,
      cut(30, (content, number, totalPages) => ({ content, number, totalPages })),
      [0, 1, 2],
    ],
    ["data alone", 34, cut(34, (data) => ({ data })), [0, 1, 2, 3]],
    [
      "a server that sends less than asked, with totalCount",
      17,
      cut(17, (data) => ({ data, totalCount: 17 }), 5),
      [0, 1, 2, 3],
    ],
    [
      "a server that sends less than asked, and says so",
      17,
      cut(17, (data, page) => ({ data, page, size: 5 }), 5),
      [0, 1, 2, 3],
    ],
    ["no items at all", 0, cut(0, (data) => ({ data, totalCount: 0 })), [0]],
  ])("%s", async (_, total, body, asked) => {
    server.answers(body);
    const { code, stdout, stderr } = await walk();
    expect([code, stderr]).toEqual([0, ""]);
    expect(JSON.parse(stdout)).toEqual(items(0, total));
    expect(server.asked.toSorted((left, right) => left - right)).toEqual(asked);
  });

  it("starts where it is told to", async () => {
    server.answers(cut(34, (data) => ({ data, totalCount: 34 })));
    const { stdout } = await walk("-d", "page=2");
    expect(JSON.parse(stdout)).toEqual(items(20, 14));
  });

  it("as YAML and as a table", async () => {
    server.answers(cut(34, (data) => ({ data, totalCount: 34 })));
    const yaml = await walk("--output", "yaml");
    expect(load(yaml.stdout)).toEqual(items(0, 34));
    const table = await walk("--output", "table");
    expect(table.stdout.trim().split("\n")).toEqual(["ID", ...ids(0, 34)]);
    expect(table.stderr).toBe("34 items\n");
  });

  it("none, as YAML and as a table", async () => {
    server.answers(() => []);
    expect(await walk("--output", "yaml")).toMatchObject({ code: 0, stdout: "[]\n" });
    expect(await walk("--output", "table")).toMatchObject({ code: 0, stdout: "", stderr: "no items\n" });
  });
});

describe("a server that does not play fair", () => {
  /** What was printed is the start of an array that nobody can take for the whole. */
  function expectLeftOpen({ stdout }: Outcome, count: number): void {
    expect(() => JSON.parse(stdout)).toThrow();
    expect(JSON.parse(`${stdout}]`)).toEqual(items(0, count));
  }

  it("promises more than there is: the empty page is an error, and the list no whole one", async () => {
    server.answers(cut(34, (data) => ({ data, totalCount: 1000 })));
    const outcome = await walk();
    expect(outcome.code).toBe(1);
    expect(outcome.stderr).toMatch(/^error: Page 4 of the list is empty although there should be more items — /);
    expectLeftOpen(outcome, 34);
  });

  it("changes its mind about totalCount", async () => {
    server.answers(cut(34, (data, page) => ({ data, totalCount: page === 0 ? 500 : 34 })));
    expect(JSON.parse((await walk()).stdout)).toEqual(items(0, 34));
    server.answers(cut(34, (data, page) => ({ data, totalCount: page === 0 ? 15 : 34 })));
    expect(JSON.parse((await walk()).stdout)).toEqual(items(0, 34));
  });

  it("sends the same page again", async () => {
    server.answers(() => ({ data: items(0, 10), totalCount: 100 }));
    const outcome = await walk();
    expect(outcome.code).toBe(1);
    expect(outcome.stderr).toMatch(/^error: The server sent page 0 again instead of page 1 — .*\n$/);
    expectLeftOpen(outcome, 10);
  });

  it.each([
    [500, 1],
    [401, 2],
    [429, 5],
  ])("answers %i on page 500", async (status, code) => {
    server.answers(cut(10_000, (data, page) => (page === 500 ? status : { data, totalCount: 10_000 })));
    const outcome = await walk();
    expect(outcome.code).toBe(code);
    expect(outcome.stderr).toContain(`  status: ${status}\n`);
    expectLeftOpen(outcome, 5000);
  });

  it("answers something else on the first page: nothing is printed", async () => {
    server.answers(() => ({ message: "moved" }));
    const outcome = await walk();
    expect(outcome).toMatchObject({ code: 1, stdout: "" });
    expect(outcome.stderr).toMatch(/^error: Page 0 of the list has an unknown format — leave out --pageAll/);
  });

  it("leaves no table and no YAML list that looks whole, either", async () => {
    server.answers(cut(100, (data, page) => (page === 5 ? 500 : { data, totalCount: 100 })));
    expect(await walk("--output", "table")).toMatchObject({ code: 1, stdout: "" });
    expect((await walk("--output", "yaml")).code).toBe(1);
  });
});

it("a reader that closes the pipe early ends the walk quietly", async () => {
  server.answers(cut(100_000, (data) => ({ data, totalCount: 100_000 })));
  const { code, stderr } = await atoa(["get", "/api/things", "--pageAll", "-d", "size=10"], {
    env: { ATOA_HOME: home, ATOA_BASE_URL: server.origin },
    whileRunning: ({ stdout }) => stdout?.once("data", () => stdout.destroy()),
  });
  expect([code, stderr]).toEqual([0, ""]);
  expect(server.asked.length).toBeLessThan(1000);
});

describe("each list of the API", () => {
  it.each([
    ["payments transactions", "size", "paymentRequestId"],
    ["payments transactions --status FAILED --search RM", "size", "paymentRequestId"],
    ["customers list", "size", "id"],
    ["payouts list", "limit", "id"],
    ["payouts transactions po_555", "limit", "paymentIdempotencyId"],
    ["bank-feed transactions acct_111 --from 2025-01-01 --before 2027-01-01", "itemsPerPage", "id"],
    ["get /api/customers", undefined, "id"],
    [
      "get /api/bank/accounts/acct_111/transactions -d from=2025-01-01 -d before=2027-01-01 -d page=0 -d itemsPerPage=20",
      undefined,
      "id",
    ],
  ])("%s", async (line, size, id) => {
    const emulator = await startEmulator();
    try {
      await pairedHome(home, emulator, { acme: ["sandbox"] });
      emulator.clearRequests();
      const env = { ATOA_HOME: home, ATOA_BASE_URL: emulator.origin };
      const whole = await atoa([...line.split(" "), "--pageAll", ...(size === undefined ? [] : [`--${size}`, "7"])], {
        env,
      });
      expect(whole.code, whole.stderr).toBe(0);
      const all = JSON.parse(whole.stdout) as Record<string, unknown>[];
      expect(all.length).toBeGreaterThan(0);
      expect(new Set(all.map((row) => row[id])).size).toBe(all.length);
      const pages = emulator.requests().map(({ query }) => Number(query.page));
      expect(pages.toSorted((left, right) => left - right)).toEqual(pages.map((_, index) => index));
      // Each page of a list by POST is a call of its own.
      const keys = emulator.requests().flatMap(({ headers }) => headers["idempotency-key"] ?? []);
      expect(new Set(keys).size).toBe(keys.length);
      const page = JSON.parse((await atoa(line.split(" "), { env })).stdout) as { data: unknown[]; totalCount: number };
      expect(all).toHaveLength(page.totalCount);
      expect(all.slice(0, page.data.length)).toEqual(page.data);
    } finally {
      await emulator.close();
    }
  });
});
