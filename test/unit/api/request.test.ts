import { describe, expect, test } from "vitest";
import { isLoopback, resolveOrigin } from "../../../src/api/network-settings";
import { operations } from "../../../src/api/operations";
import { fillPath, resolveRawRequest } from "../../../src/api/raw-request";
import { checkIdempotencyKey, describeRequest, fullUrl, resolveRequest } from "../../../src/api/request";
import { AtoaError } from "../../../src/errors";

const options = { origin: "https://api.atoa.me" };
const uuidV4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

function thrown(run: () => unknown): AtoaError {
  try {
    run();
  } catch (error) {
    if (error instanceof AtoaError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

describe("a call of the table becomes a request", () => {
  test("path, query and body take their fields from one input", async () => {
    const { transactions, create } = operations.payments;
    expect(await resolveRequest(transactions, { status: ["COMPLETED"], size: 5, search: undefined }, options)).toEqual({
      operationId: "listTransactions",
      method: "POST",
      url: "https://api.atoa.me/api/payments/transactions",
      query: { page: "0", size: "5" },
      body: { status: ["COMPLETED"] },
      idempotencyKey: expect.stringMatching(uuidV4),
      idempotencyFlag: false,
      writes: false,
      paging: { page: 0, size: 5 },
    });
    const input = { amount: 10.05, orderId: "test-001", customerId: "cust_123", redirectUrl: "https://example.com" };
    expect(await resolveRequest(create, input, { ...options, idempotencyKey: "ci/1" })).toEqual({
      operationId: "createPaymentRequest",
      method: "POST",
      url: "https://api.atoa.me/api/payments/process-payment",
      query: {},
      body: input,
      idempotencyKey: "ci/1",
      idempotencyFlag: true,
      writes: true,
    });
  });

  test("falsy values are sent, undefined ones are not", async () => {
    const input = { amount: 1, orderId: "o", enableTips: false, notes: "", splitBill: undefined };
    const { body } = await resolveRequest(operations.payments.create, input, options);
    expect(body).toStrictEqual({ amount: 1, orderId: "o", enableTips: false, notes: "" });
  });

  test("a body is sent where one is due, and only there", async () => {
    expect(await resolveRequest(operations.payments.transactions, {}, options)).toMatchObject({ body: {} });
    expect(await resolveRequest(operations.payments.cancel, { id: "pr_1" }, options)).not.toHaveProperty("body");
    expect(await resolveRequest(operations.bankFeed.revoke, {}, options)).not.toHaveProperty("body");
    expect(await resolveRequest(operations.cardOnFile.cancel, { id: "pr_1" }, options)).not.toHaveProperty("body");
    expect(await resolveRequest(operations.customers.get, { id: "c_1" }, options)).not.toHaveProperty("idempotencyKey");
    expect(await resolveRequest(operations.customers.delete, { id: "c_1" }, options)).not.toHaveProperty(
      "idempotencyKey",
    );
    expect(await resolveRequest(operations.customers.update, { id: "c_1", city: "York" }, options)).toMatchObject({
      body: { city: "York" },
      idempotencyKey: expect.stringMatching(uuidV4),
    });
  });

  test("ids are percent-encoded", async () => {
    const { url } = await resolveRequest(operations.paymentMethods.get, { id: "a/b c?d#é", cardId: "%2e%2e" }, options);
    expect(url).toBe("https://api.atoa.me/api/customers/a%2Fb%20c%3Fd%23%C3%A9/cards/%252e%252e");
  });

  test.each(["", "  ", "\t", ".", "..", "\ud800"])("the id %j is refused", async (id) => {
    const error = await resolveRequest(operations.customers.get, { id }, options).catch((refusal: unknown) => refusal);
    expect(error).toMatchObject({ kind: "usage", field: "id" });
  });

  test("a field that the operation does not have is refused, not dropped", async () => {
    const input = { id: "cust_123", nmae: "x" };
    const error = await resolveRequest(operations.customers.get, input, options).catch((refusal: unknown) => refusal);
    expect(error).toMatchObject({ kind: "usage", field: "nmae", message: "nmae is not a field of getCustomer" });
    const none = resolveRequest<object>(operations.stores.list, { id: "st_1" }, options);
    await expect(none).rejects.toMatchObject({
      kind: "usage",
      field: "id",
      message: "id is not a field of listStores",
    });
  });

  test("an error calls the fields what the user calls them", async () => {
    const spelling = (field: string) => ({ cancelledReasonCode: "--reasonCode", id: "<id>" })[field] ?? `--${field}`;
    const refusal = (operation: Parameters<typeof resolveRequest>[0], input: object) =>
      resolveRequest(operation, input, { ...options, spelling }).catch((error: unknown) => error);
    expect(await refusal(operations.cardOnFile.cancel, { id: "pr_1", cancelledReasonCode: "OTHER" })).toMatchObject({
      message: "--cancelledReasonDescription is needed when --reasonCode is Other",
      field: "--cancelledReasonDescription",
    });
    expect(await refusal(operations.customers.get, { id: ".." })).toMatchObject({
      message: '<id> must not be blank, . or ..; got ".."',
      field: "<id>",
    });
    const keyed = { ...options, spelling, idempotencyKey: "a b" };
    await expect(resolveRequest(operations.customers.create, { fullName: "Ada", email: "a@b" }, keyed)).rejects.toThrow(
      "--idempotencyKey must be 1 to 255",
    );
  });
});

describe("a path of the user", () => {
  test("a parameter in the path and beside it is refused, so that none is dropped", () => {
    expect(() => resolveRawRequest("GET", "/api/x?a=1", { query: { a: "2" } }, options)).toThrow("a is given twice");
  });

  test("keeps its query and gets more", () => {
    const request = resolveRawRequest("GET", "/api/customers?search=a%26b&x=1&x=2", { query: { page: "0" } }, options);
    expect(request).toMatchObject({
      url: "https://api.atoa.me/api/customers",
      query: { search: "a&b", x: ["1", "2"], page: "0" },
    });
    expect(fullUrl(request)).toBe("https://api.atoa.me/api/customers?search=a%26b&x=1&x=2&page=0");
  });

  test("POST carries a key and a body, DELETE neither", () => {
    expect(resolveRawRequest("POST", "/x", { body: [] }, { ...options, idempotencyKey: "k" })).toMatchObject({
      body: [],
      idempotencyKey: "k",
      idempotencyFlag: true,
      writes: true,
    });
    expect(resolveRawRequest("DELETE", "/x", {}, options)).not.toHaveProperty("idempotencyKey");
  });

  test.each([
    "https://evil.example/x",
    "//evil.example/x",
    "/\\evil.example/x",
    "/x\\y",
    "api/x",
    "",
    "@evil.example",
    "/api/../admin",
    "/api/./x",
    "/api/%2e%2E/x",
    "/api/x#y",
    "/api/x y",
    "/a\tpi",
    "/a\npi",
    "/a\u0000pi",
    "/\t/evil.example",
  ])("%j is refused", (path) => {
    expect(thrown(() => resolveRawRequest("GET", path, {}, options))).toMatchObject({ kind: "usage", field: "path" });
  });

  test.each(["/", "/api/x/", "/api/é", "/api/a..b", "/api/...", "/api/x?y=../z", "/@evil.example/"])(
    "%j stays on the origin",
    (path) => {
      const { url } = resolveRawRequest("GET", path, {}, options);
      expect(new URL(url).origin).toBe(options.origin);
    },
  );

  test("parameters fill its :names", () => {
    expect(fillPath("/api/customers/:id/cards/:cardId", { id: "a/b", cardId: "c", page: "0" })).toEqual({
      path: "/api/customers/a%2Fb/cards/c",
      others: { page: "0" },
    });
    expect(fillPath("/api/time/12:30", { "30": "x" })).toEqual({ path: "/api/time/12:30", others: { "30": "x" } });
    expect(thrown(() => fillPath("/api/:id", {}))).toMatchObject({ kind: "usage", field: "id" });
    expect(thrown(() => fillPath("/api/:id", { id: ".." }))).toMatchObject({ kind: "usage", field: ":id" });
  });
});

describe("what a dry run shows", () => {
  test("leaves out what is not there", async () => {
    expect(describeRequest(await resolveRequest(operations.stores.list, {}, options))).toStrictEqual({
      method: "GET",
      url: "https://api.atoa.me/api/payments/stores",
    });
  });

  test("hides what signs in to a webhook", async () => {
    const authentication = { username: "ada", password: "example-password" };
    const input = { url: "https://x", event: "REFUND_STATUS", authentication } as const;
    const request = await resolveRequest(operations.webhooks.create, input, options);
    expect(describeRequest(request).body).toEqual({ ...input, authentication: "<redacted>" });
    expect(request.body).toEqual(input);
  });
});

describe("origin", () => {
  test.each([
    [undefined, "https://api.atoa.me", "default"],
    ["", "https://api.atoa.me", "default"],
    ["https://api.example.com", "https://api.example.com", "ATOA_BASE_URL"],
    ["https://API.example.com:443/", "https://api.example.com", "ATOA_BASE_URL"],
    ["http://localhost:4010", "http://localhost:4010", "ATOA_BASE_URL"],
    ["http://127.0.0.1:4010", "http://127.0.0.1:4010", "ATOA_BASE_URL"],
    ["http://127.1", "http://127.0.0.1", "ATOA_BASE_URL"],
    ["http://[::1]:4010/", "http://[::1]:4010", "ATOA_BASE_URL"],
  ])("%j", (ATOA_BASE_URL, origin, source) => {
    expect(resolveOrigin({ ATOA_BASE_URL })).toEqual({ origin, source });
  });

  test.each([
    "api.atoa.me",
    "http://api.atoa.me",
    "http://localhost.example.com",
    "http://127.0.0.1.example.com",
    "ftp://localhost",
    "https://user:secret@api.atoa.me",
    "https://api.atoa.me/v1",
    "https://api.atoa.me/?x",
    "https://api.atoa.me/#x",
    "javascript:1",
  ])("%j is refused", (ATOA_BASE_URL) => {
    const error = thrown(() => resolveOrigin({ ATOA_BASE_URL }));
    expect(error).toMatchObject({ kind: "usage", field: "ATOA_BASE_URL" });
    expect(error.message + error.hint).not.toContain("secret");
  });

  test("loopback is this machine only", () => {
    expect(["localhost", "127.0.0.1", "127.9.9.9", "[::1]"].every(isLoopback)).toBe(true);
    expect(["127.0.0.1.nip.io", "10.0.0.1", "api.atoa.me", "::1"].some(isLoopback)).toBe(false);
  });
});

describe("idempotency keys", () => {
  test.each(["x", "atoa-cli/refund/42/pr_1", "!~", "k".repeat(255)])("%j is taken", (key) => {
    expect(checkIdempotencyKey(key)).toBe(key);
  });
  test.each(["", " ", "a b", "é", "a\nb", "a\u0000", "k".repeat(256)])("%j is refused", (key) => {
    expect(thrown(() => checkIdempotencyKey(key))).toMatchObject({ kind: "usage", field: "idempotencyKey" });
  });
});
