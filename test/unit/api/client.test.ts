/** The typed client over a real fetch, with msw in place of the network. */
import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { createClient } from "../../../src/api/client";
import { allOperations, operations } from "../../../src/api/operations";
import { fullUrl, type ResolvedRequest } from "../../../src/api/request";

const origin = "https://api.atoa.me";
const network = setupServer();
beforeAll(() => network.listen({ onUnhandledRequest: "error" }));
afterEach(() => network.resetHandlers());
afterAll(() => network.close());

const sent: ResolvedRequest[] = [];
const client = createClient(async (request) => {
  sent.push(request);
  const response = await fetch(fullUrl(request), {
    method: request.method,
    headers: request.idempotencyKey === undefined ? {} : { "Idempotency-Key": request.idempotencyKey },
    ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
  });
  return response.json();
}, origin);

async function all(pages: AsyncIterable<readonly unknown[]>): Promise<unknown[]> {
  const items: unknown[] = [];
  for await (const page of pages) items.push(...page);
  return items;
}

describe("the client", () => {
  test("has a method for every operation of the table, and only the lists with pages have pages", () => {
    let methods = 0;
    for (const [resource, rows] of Object.entries(operations)) {
      for (const [name, row] of Object.entries(rows)) {
        const call = (client as unknown as Record<string, Record<string, object>>)[resource]?.[name];
        expect(call, `${resource}.${name}`).toBeTypeOf("function");
        expect(call !== undefined && "pages" in call).toBe("paging" in row);
        methods++;
      }
    }
    expect(methods).toBe(allOperations().length);
  });

  test("sends a call and gives its value back", async () => {
    network.use(
      http.post(`${origin}/api/refund`, async ({ request }) =>
        HttpResponse.json({ key: request.headers.get("Idempotency-Key"), body: await request.json() }),
      ),
    );
    const input = { paymentRequestId: "pr_abc", amount: 5 };
    expect(await client.refunds.create(input, { idempotencyKey: "run-1" })).toEqual({ key: "run-1", body: input });
  });

  test("makes a fresh key for each write", async () => {
    network.use(http.put(`${origin}/api/customers/cust_123`, () => HttpResponse.json({})));
    sent.length = 0;
    await client.customers.update({ id: "cust_123", city: "York" });
    await client.customers.update({ id: "cust_123", city: "York" });
    expect(new Set(sent.map((request) => request.idempotencyKey)).size).toBe(2);
  });

  test("resolves without sending", async () => {
    sent.length = 0;
    const request = await client.paymentMethods.delete.resolve({ id: "cust_123", cardId: "card_456" });
    expect(request).toMatchObject({ method: "DELETE", url: `${origin}/api/customers/cust_123/cards/card_456` });
    expect(client.rawResolve("DELETE", "/api/x")).toMatchObject({ method: "DELETE", url: `${origin}/api/x` });
    expect(sent).toEqual([]);
  });

  test("refuses bad input before anything is sent", async () => {
    sent.length = 0;
    await expect(client.payments.create({ amount: 0.5, orderId: "o" })).rejects.toMatchObject({ field: "amount" });
    await expect(client.raw("GET", "//evil.example")).rejects.toMatchObject({ kind: "usage" });
    expect(() => client.rawPages("/api/x", { page: "first" })).toThrow(expect.objectContaining({ field: "page" }));
    expect(() => client.rawPages("/api/x", { size: ["1", "2"] })).toThrow(expect.objectContaining({ field: "size" }));
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
    sent.length = 0;
    expect(await all(client.payments.transactions.pages({ status: ["COMPLETED"], size: 10 }))).toEqual(items);
    expect(sent.map((request) => request.query.page)).toEqual(["0", "1", "2", "3", "4"]);
    expect(new Set(sent.map((request) => request.idempotencyKey)).size).toBe(5);
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
    sent.length = 0;
    expect(await all(client.rawPages(path, query))).toEqual([1, 2]);
    expect(sent[0]?.query).toEqual({ page: "0", [field]: value });
  });

  test("of a raw path start where they are told to", async () => {
    network.use(
      http.get(`${origin}/api/customers`, ({ request }) => {
        const page = Number(new URL(request.url).searchParams.get("page"));
        return HttpResponse.json({ content: items.slice(page * 20, (page + 1) * 20), last: page === 2 });
      }),
    );
    expect(await all(client.rawPages("/api/customers", { page: "1", search: "x" }))).toEqual(items.slice(20));
  });
});
