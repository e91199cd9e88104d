/** The typed client over a real fetch, with msw in place of the network. */
import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { AtoaClient } from "../../../src/api/client";
import { operations } from "../../../src/api/operations";
import { resolveRawRequest } from "../../../src/api/raw-request";
import { type PagedRequest, resolveRequest } from "../../../src/api/request";
import type { Wire } from "../../../src/api/transport";

const origin = "https://api.atoa.me";
const network = setupServer();
beforeAll(() => network.listen({ onUnhandledRequest: "error" }));
afterEach(() => network.resetHandlers());
afterAll(() => network.close());

const sent: { query: Record<string, string>; key: string | undefined }[] = [];
beforeEach(() => {
  sent.length = 0;
});

/** The wire that msw can see. */
const wire: Wire = {
  async send({ method, origin: server, path, headers, body }) {
    const url = new URL(path, server);
    sent.push({ query: Object.fromEntries(url.searchParams), key: headers["Idempotency-Key"] });
    const response = await fetch(url, { method, headers, ...(body === undefined ? {} : { body }) });
    const bytes = new Uint8Array(await response.arrayBuffer());
    return { status: response.status, headers: Object.fromEntries(response.headers), body: bytes };
  },
};

const settings = { timeoutMs: 1000, maxRetries: 0, proxy: undefined };
const client = new AtoaClient({ ...settings, origin, token: "test-token-client-0123456789" }, wire);

async function all(pages: AsyncIterable<readonly unknown[]>): Promise<unknown[]> {
  const items: unknown[] = [];
  for await (const page of pages) items.push(...page);
  return items;
}

function rawPages(path: string, query: Record<string, string | string[]> = {}) {
  return client.pages(resolveRawRequest("GET", path, { query, pageAll: true }, { origin }) as PagedRequest);
}

describe("a token that no login has checked", () => {
  const refund = { paymentRequestId: "pr_abc", amount: 5 };
  const checked = () =>
    new AtoaClient({ ...settings, origin, token: "test-token-client-0123456789", writesTo: "production" }, wire);
  const belongsTo = (env: string) => {
    const asked: string[] = [];
    network.use(
      http.all(`${origin}/*`, ({ request }) => {
        asked.push(`${request.method} ${new URL(request.url).pathname}`);
        return HttpResponse.json({ merchantId: "m_1", key: { env } });
      }),
    );
    return asked;
  };

  test("writes to its own environment only, whoever holds the client", async () => {
    const asked = belongsTo("SANDBOX");
    await expect(checked().call(operations.refunds.create, refund)).rejects.toThrow(
      /belongs to sandbox.*nothing was sent/,
    );
    expect(asked).toEqual(["GET /api/cli/identity"]);
  });

  test("is asked about once, and for reading not at all", async () => {
    const asked = belongsTo("production");
    const client = checked();
    await client.call(operations.stores.list, {});
    await client.call(operations.refunds.create, refund);
    await client.call(operations.refunds.create, refund);
    expect(asked).toEqual([
      "GET /api/payments/stores",
      "GET /api/cli/identity",
      "POST /api/refund",
      "POST /api/refund",
    ]);
  });
});

describe("the client", () => {
  test("sends a call and gives its response back", async () => {
    network.use(
      http.post(`${origin}/api/refund`, async ({ request }) =>
        HttpResponse.json({ key: request.headers.get("Idempotency-Key"), body: await request.json() }),
      ),
    );
    const input = { paymentRequestId: "pr_abc", amount: 5 };
    const response = await client.send(
      await resolveRequest(operations.refunds.create, input, { origin, idempotencyKey: "run-1" }),
    );
    expect(response).toMatchObject({ status: 200, value: { key: "run-1", body: input } });
  });

  test("makes a fresh key for each write", async () => {
    network.use(http.put(`${origin}/api/customers/cust_123`, () => HttpResponse.json({})));
    await client.call(operations.customers.update, { id: "cust_123", city: "York" });
    await client.call(operations.customers.update, { id: "cust_123", city: "York" });
    expect(new Set(sent.map(({ key }) => key)).size).toBe(2);
  });

  test("refuses bad input before anything is sent", async () => {
    const payment = { amount: 0.5, orderId: "o" };
    await expect(client.call(operations.payments.create, payment)).rejects.toMatchObject({ field: "amount" });
    expect(() => rawPages("//evil.example")).toThrow(expect.objectContaining({ kind: "usage" }));
    expect(() => rawPages("/api/x", { page: "first" })).toThrow(expect.objectContaining({ field: "page" }));
    expect(() => rawPages("/api/x", { size: ["1", "2"] })).toThrow(expect.objectContaining({ field: "size" }));
    expect(sent).toEqual([]);
  });
});

describe("pages", () => {
  const items = Array.from({ length: 45 }, (_, index) => ({ id: index }));

  test("of a POST keep the filters in the body and have a key each", async () => {
    network.use(
      http.post(`${origin}/api/payments/transactions`, async ({ request }) => {
        const query = new URL(request.url).searchParams;
        const [page, size] = [Number(query.get("page")), Number(query.get("size"))];
        expect(await request.json()).toEqual({ status: ["COMPLETED"] });
        return HttpResponse.json({ data: items.slice(page * size, (page + 1) * size), totalCount: 45, page, size });
      }),
    );
    const filter = { status: ["COMPLETED"], size: 10 };
    const request = await resolveRequest(operations.payments.transactions, filter, { origin });
    expect(await all(client.pages(request as PagedRequest))).toEqual(items);
    expect(sent.map(({ query }) => query.page)).toEqual(["0", "1", "2", "3", "4"]);
    expect(new Set(sent.map(({ key }) => key)).size).toBe(5);
  });

  test.each([
    ["/api/customers", {}, "size", "20"],
    ["/api/payouts", {}, "limit", "20"],
    ["/api/payouts/po_1/transactions", {}, "limit", "20"],
    ["/api/bank/accounts/acct_1/transactions", {}, "itemsPerPage", "20"],
    ["/api/payouts?limit=7", {}, "limit", "7"],
    ["/api/unheard/of", {}, "size", "20"],
    ["/api/unheard/of", { itemsPerPage: "5" }, "itemsPerPage", "5"],
  ])("of %s with %j count by %s", async (path, query, field, value) => {
    network.use(http.get(`${origin}${path.split("?")[0]}`, () => HttpResponse.json([1, 2])));
    expect(await all(rawPages(path, query))).toEqual([1, 2]);
    expect(sent[0]?.query).toEqual({ page: "0", [field]: value });
  });

  test("of a raw path start where they are told to", async () => {
    network.use(
      http.get(`${origin}/api/customers`, ({ request }) => {
        const page = Number(new URL(request.url).searchParams.get("page"));
        return HttpResponse.json({ content: items.slice(page * 20, (page + 1) * 20), last: page === 2 });
      }),
    );
    expect(await all(rawPages("/api/customers", { page: "1", search: "x" }))).toEqual(items.slice(20));
  });
});
