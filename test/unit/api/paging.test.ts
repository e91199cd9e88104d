import { describe, expect, test } from "vitest";
import { paginate } from "../../../src/api/paging";

type Fetch = (page: number, signal: AbortSignal) => unknown;

function walk(fetchPage: Fetch, { firstPage = 0, size = 10 } = {}) {
  const asked: number[] = [];
  let inFlight = 0;
  const seen = { asked, most: 0 };
  const pages = paginate({
    firstPage,
    size,
    fetchPage: async (page, signal) => {
      asked.push(page);
      inFlight++;
      seen.most = Math.max(seen.most, inFlight);
      // Later pages come back sooner, so that order cannot be an accident.
      await new Promise((resolve) => setTimeout(resolve, page % 3 === 0 ? 3 : 0));
      inFlight--;
      return fetchPage(page, signal);
    },
  });
  return { pages, seen };
}

async function collect(fetchPage: Fetch, options = {}) {
  const { pages, seen } = walk(fetchPage, options);
  const items: unknown[] = [];
  let error: unknown;
  try {
    for await (const page of pages) items.push(...page);
  } catch (thrown) {
    error = thrown;
  }
  return { items, error, ...seen };
}

const all = (count: number) => Array.from({ length: count }, (_, index) => index);
const slice = (count: number, page: number, size = 10) => all(count).slice(page * size, (page + 1) * size);

describe("a walk ends", () => {
  test.each([0, 1, 9, 10, 11, 45, 100])("with %d items counted by totalCount", async (count) => {
    const walked = await collect((page) => ({ data: slice(count, page), totalCount: count, page, size: 10 }));
    expect(walked).toMatchObject({ items: all(count), error: undefined });
    expect(walked.asked).toHaveLength(Math.max(1, Math.ceil(count / 10)));
  });

  test.each([0, 1, 9, 10, 11, 45])("with %d items as bare arrays, at the short page", async (count) => {
    const walked = await collect((page) => slice(count, page));
    expect(walked).toMatchObject({ items: all(count), error: undefined });
    expect(walked.asked).toHaveLength(Math.floor(count / 10) + 1);
  });

  test.each([
    ["last", (page: number) => ({ last: page === 4 })],
    ["hasMore", (page: number) => ({ hasMore: page < 4 })],
    ["totalPages and number", (page: number) => ({ totalPages: 5, number: page })],
  ])("at the sign %s, even after a short page", async (_, sign) => {
    const walked = await collect((page) => ({ content: page === 2 ? [20] : slice(45, page), ...sign(page) }));
    expect(walked.error).toBeUndefined();
    expect(walked.items).toEqual(all(45).filter((item) => item <= 20 || item >= 30));
    expect(walked.asked).toEqual([0, 1, 2, 3, 4]);
  });

  test("at the count, where the server uses smaller pages than asked", async () => {
    const walked = await collect((page) => ({ data: slice(45, page, 4), totalCount: 45 }), { size: 100 });
    expect(walked).toMatchObject({ items: all(45), error: undefined });
  });

  test("at a short page, where the server declares a smaller size than asked", async () => {
    const walked = await collect((page) => ({ data: slice(45, page, 5), itemsPerPage: 5 }), { size: 100 });
    expect(walked).toMatchObject({ items: all(45), error: undefined });
  });

  test("when it starts in the middle", async () => {
    const walked = await collect((page) => ({ data: slice(45, page), totalCount: 45, size: 10 }), { firstPage: 3 });
    expect(walked).toMatchObject({ items: all(45).slice(30), error: undefined, asked: [3, 4] });
  });
});

describe("a server that lies", () => {
  test("that says there is more and sends an empty page is a failure", async () => {
    const walked = await collect((page) => ({ data: page === 0 ? slice(10, 0) : [], hasMore: true }));
    expect(walked).toMatchObject({ error: { kind: "failure", message: expect.stringContaining("Page 1") } });
  });

  test("that starts late counts by the page size that the server uses", async () => {
    const pages: unknown[] = [];
    const ten = (page: number) => ({ data: all(45).slice(page * 10, page * 10 + 10), totalCount: 45, size: 10 });
    for await (const page of paginate({ firstPage: 3, size: 100, fetchPage: async (page) => ten(page) })) {
      pages.push(...page);
    }
    expect(pages).toHaveLength(15);
  });

  test("with too high a count: an empty page ends it, and it is no whole list", async () => {
    const walked = await collect((page) => ({ data: slice(25, page), totalCount: 1e9 }));
    expect(walked).toMatchObject({ items: all(25), error: { kind: "failure" } });
    expect(walked.most).toBeLessThanOrEqual(6);
    expect(walked.asked.length).toBeLessThan(12);
  });

  test("with too low a count: the page that reaches it is whole", async () => {
    const walked = await collect((page) => ({ data: slice(45, page), totalCount: 15 }));
    expect(walked).toMatchObject({ items: all(20), error: undefined });
  });

  test.each(["45", -1, 1.5, null, Number.NaN])("with %j as count: it does not count", async (totalCount) => {
    const walked = await collect((page) => ({ data: slice(45, page), totalCount }));
    expect(walked).toMatchObject({ items: all(45), error: undefined });
  });

  test("by sending the same page again", async () => {
    for (const envelope of [{}, { totalCount: 1000 }, { hasMore: true }, { page: 0 }]) {
      const walked = await collect(() => ({ data: all(10), ...envelope }));
      expect(walked.error).toMatchObject({
        kind: "failure",
        message: "The server sent page 0 again instead of page 1",
      });
      expect(walked.items).toEqual(all(10));
    }
    const bare = await collect(() => all(10));
    expect(bare.error).toMatchObject({ kind: "failure" });
  });

  test("equal items on pages with other numbers are two pages", async () => {
    const walked = await collect((page) => ({ data: Array(10).fill("same"), page, last: page === 2 }));
    expect(walked).toMatchObject({ items: Array(30).fill("same"), error: undefined });
  });

  test("by never ending", async () => {
    let pages = 0;
    const endless = paginate({ firstPage: 0, size: 1, fetchPage: async (page) => [page] });
    const run = async () => {
      for await (const _ of endless) pages++;
    };
    await expect(run()).rejects.toMatchObject({ kind: "failure", message: "The list did not end within 10000 pages" });
    expect(pages).toBe(10_000);
  });

  test.each([undefined, null, "text", 5, {}, { items: [] }, { data: {} }, { data: "x", totalCount: 1 }])(
    "by sending %j",
    async (value) => {
      const walked = await collect(() => value);
      expect(walked.error).toMatchObject({ kind: "failure" });
    },
  );
});

describe("pages in flight", () => {
  test("are several, bounded and in order once the count is known", async () => {
    const walked = await collect((page) => ({ data: slice(500, page), totalCount: 500 }));
    expect(walked.items).toEqual(all(500));
    expect(walked.asked).toEqual(all(50));
    expect(walked.most).toBeGreaterThan(3);
    expect(walked.most).toBeLessThanOrEqual(6);
  });

  test("are never asked for beyond the count", async () => {
    const walked = await collect((page) => ({ data: slice(25, page), totalCount: 25 }));
    expect(walked.asked).toEqual([0, 1, 2]);
  });

  test("a page that fails fails in its turn", async () => {
    const walked = await collect((page) => {
      if (page === 5) throw new Error("page 5 died");
      return { data: slice(500, page), totalCount: 500 };
    });
    expect(walked.items).toEqual(all(50));
    expect(walked.error).toMatchObject({ message: "page 5 died" });
  });

  test("are given up when nobody reads on", async () => {
    const signals: AbortSignal[] = [];
    const { pages } = walk((page, signal) => {
      signals.push(signal);
      return { data: slice(500, page), totalCount: 500 };
    });
    for await (const _ of pages) break;
    expect(signals[0]?.aborted).toBe(true);
  });
});
