/**
 * The input schemas against the OpenAPI file: each example passes, each change that a documented fact forbids fails
 * at the field that was changed, and what is only inferred blocks nobody.
 */
import Ajv from "ajv/dist/2020";
import addFormats from "ajv-formats";
import { describe, expect, test } from "vitest";
import { allOperations, type Operation, operations } from "../../../src/api/operations";
import { resolveRequest } from "../../../src/api/request";
import { AtoaError } from "../../../src/errors";
import { badAmounts, goodAmounts } from "../../money";
import { resolveSchema, type Schema, type SpecifiedOperation, specification, specified } from "./openapi";

const origin = "https://api.atoa.me";

const ajv = new Ajv({ strict: false, allErrors: true });
addFormats(ajv);
ajv.addSchema({ $id: "file", ...specification });

function validByFile(schema: Schema, body: unknown): boolean {
  const reference = schema.$ref === undefined ? schema : { $ref: `file${schema.$ref}` };
  return ajv.validate(reference, body);
}

interface Change {
  name: string;
  field: string;
  body: Record<string, unknown>;
}

/** What the file documents but we do not check, and why. */
const leftToTheServer = new Map([
  ["listTransactions status 0 enum", "the full list of statuses is unknown"],
  ["createPaymentRequest currency pattern", "the pattern is inferred"],
  ["createRefund currency pattern", "the pattern is inferred"],
  ["listTransactions status type", "text is a list with commas"],
  ["listTransactions storeIds type", "text is a list with commas"],
]);

/** Values that break one rule of the schema each, by the name of the rule. */
function violations(schema: Schema): [rule: string, value: unknown][] {
  const broken: [string, unknown][] = [];
  const types = [schema.type ?? []].flat();
  if (types.length > 0) broken.push(["type", types.includes("string") ? 5 : "text"]);
  if (schema.type === "integer") broken.push(["integer", 1.5]);
  if (schema.enum !== undefined) broken.push(["enum", "NO_SUCH_VALUE"]);
  if (schema.format === "uuid" || schema.format === "uri" || schema.format === "date" || schema.format === "email") {
    broken.push(["format", "no such thing"]);
  }
  if (schema.pattern !== undefined) broken.push(["pattern", schema.pattern === "\\S" ? "   " : "!!!!"]);
  if (schema.minLength !== undefined) broken.push(["minLength", "x".repeat(schema.minLength - 1)]);
  if (schema.maxLength !== undefined) broken.push(["maxLength", "9".repeat(schema.maxLength + 1)]);
  if (schema.minimum !== undefined) broken.push(["minimum", schema.minimum - 0.5]);
  if (schema.exclusiveMinimum !== undefined) broken.push(["minimum", schema.exclusiveMinimum]);
  if (schema.minItems !== undefined) broken.push(["minItems", []]);
  return broken;
}

function isDocumented(schema: Schema, parent: string | undefined): boolean {
  return (schema["x-evidence"] ?? parent) === "documented";
}

/** The values that break a property, its items or its own properties. */
function brokenValues(schema: Schema): [rule: string, value: unknown][] {
  const items = schema.items === undefined ? [] : violations(resolveSchema(schema.items));
  const nested = Object.entries(schema.properties ?? {}).flatMap(([name, inner]) =>
    violations(resolveSchema(inner)).map(([rule, value]): [string, unknown] => [`${name} ${rule}`, { [name]: value }]),
  );
  return [...violations(schema), ...items.map(([rule, value]): [string, unknown] => [`0 ${rule}`, [value]]), ...nested];
}

/** Every change of the operation's example that a documented fact forbids. */
function forbiddenChanges({ id, bodySchema, bodyExample }: SpecifiedOperation): Change[] {
  if (bodySchema === undefined) return [];
  const schema = resolveSchema(bodySchema);
  const example = bodyExample as Record<string, unknown>;
  const documented = Object.entries(schema.properties ?? {})
    .map(([field, property]) => [field, resolveSchema(property)] as const)
    .filter(([, property]) => isDocumented(property, schema["x-evidence"]));
  const wrong = documented.flatMap(([field, property]) =>
    brokenValues(property).map(([rule, value]) => ({
      name: `${id} ${field} ${rule}`,
      field,
      body: { ...example, [field]: value },
    })),
  );
  const missing = documented
    .filter(([field]) => schema.required?.includes(field))
    .map(([field]) => {
      const { [field]: _, ...body } = example;
      return { name: `${id} ${field} missing`, field, body };
    });
  return [...missing, ...wrong].filter((change) => !leftToTheServer.has(change.name));
}

const rows = new Map<string, Operation>(allOperations().map((row) => [row.id, row]));
const pathIds = { id: "cust_123", cardId: "card_456", webhookId: "wh_1", sdkAccessId: "sda_1" };

function resolve(operation: SpecifiedOperation, body: unknown) {
  const row = rows.get(operation.id);
  if (row === undefined) throw new Error(`${operation.id} is not in the table`);
  const ids = Object.fromEntries(Object.entries(pathIds).filter(([name]) => row.path.includes(`{${name}}`)));
  return resolveRequest(row, { ...(body as object), ...ids }, { origin });
}

async function refusal(promise: Promise<unknown>): Promise<AtoaError> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof AtoaError)) throw new Error("the input was accepted");
  return error;
}

const withBody = specified.filter((operation) => operation.bodySchema !== undefined);
const changes = withBody.flatMap((operation) =>
  forbiddenChanges(operation).map((change) => [change.name, operation, change] as const),
);

describe("request examples of the OpenAPI file", () => {
  test.each(withBody.map((operation) => [operation.id, operation] as const))("%s", async (_, operation) => {
    const request = await resolve(operation, operation.bodyExample);
    expect(request.body).toEqual(operation.bodyExample);
    expect(operation.bodySchema && validByFile(operation.bodySchema, request.body)).toBe(true);
  });
});

describe("changes that a documented fact forbids", () => {
  test("there are many of them", () => {
    expect(changes.length).toBeGreaterThan(100);
  });

  test.each(changes)("%s", async (_, operation, change) => {
    expect(operation.bodySchema && validByFile(operation.bodySchema, change.body), "the file forbids it too").toBe(
      false,
    );
    const error = await refusal(resolve(operation, change.body));
    expect(error.kind).toBe("usage");
    expect(error.field).toBe(change.field);
    expect(error.message).not.toContain("\n");
    expect(error.message.startsWith(change.field)).toBe(true);
    expect(error.hint).not.toBe("");
  });
});

const find = (id: string) => {
  const operation = specified.find((one) => one.id === id);
  if (operation === undefined) throw new Error(`the file has no ${id}`);
  return operation;
};

describe("rules between fields", () => {
  const payment = { amount: 25, orderId: "order-001" };
  test.each([
    ["createPaymentRequest", { ...payment, savePaymentMethod: true }, "atoaCustomerId"],
    ["createCustomer", { fullName: "Ada Byron" }, "email"],
    ["updateCustomer", {}, "fullName"],
    ["cancelCardPayment", { cancelledReasonCode: "Other" }, "cancelledReasonDescription"],
    ["triggerTestWebhook", { eventType: "REFUND_STATUS", type: "REFUND_STATUS" }, "type"],
    ["triggerTestWebhook", { eventType: "REFUND_STATUS", customFields: [] }, "customFields"],
    ["triggerTestWebhook", { eventType: "PAYMENTS_STATUS", status: "AUTHORIZED" }, "status"],
    [
      "triggerTestWebhook",
      { eventType: "PAYMENTS_STATUS", status: "AUTHORIZED", paymentMethod: "PAY_BY_BANK" },
      "status",
    ],
    ["revokeBankAuth", { accountAuthId: "a", accountIds: "b,c" }, "accountAuthId"],
  ])("%s refuses %j", async (id, body, field) => {
    const error = await refusal(resolve(find(id), body));
    expect(error).toMatchObject({ kind: "usage", field });
  });

  test.each([
    ["createPaymentRequest", { ...payment, savePaymentMethod: true, atoaCustomerId: "cust_123" }],
    ["createPaymentRequest", { ...payment, savePaymentMethod: false }],
    ["createCustomer", { fullName: "Ada Byron", phoneNumber: "7700900123" }],
    ["cancelCardPayment", { cancelledReasonCode: "Duplicate" }],
    ["cancelCardPayment", {}],
    ["triggerTestWebhook", { eventType: "PAYMENTS_STATUS", status: "AUTHORIZED", paymentMethod: "CARD" }],
    ["triggerTestWebhook", { eventType: "PAYMENTS_STATUS", amount: 0 }],
    ["revokeBankAuth", {}],
  ])("%s takes %j", async (id, body) => {
    await expect(resolve(find(id), body)).resolves.toMatchObject({ operationId: id });
  });
});

describe("what is not documented blocks nobody", () => {
  const payment = { amount: 1, orderId: "x" };
  test.each([
    ["createPaymentRequest", { ...payment, notes: "n".repeat(31) }],
    ["createPaymentRequest", { ...payment, orderId: "o".repeat(51) }],
    ["createPaymentRequest", { ...payment, currency: "pounds" }],
    ["createPaymentRequest", { ...payment, redirectUrl: "shop://return" }],
    ["createRefund", { paymentRequestId: "pr_abc", amount: 1, currency: "gbp" }],
    ["listTransactions", { status: ["SOMETHING_NEW"], atoaCustomerIds: ["cust_123"] }],
    ["createWebhook", { url: "https://x", event: "REFUND_STATUS", authentication: { apiKey: "x" } }],
    ["initiateBankAuth", { redirectUrl: "https://x", callbackParams: { ref: 42 } }],
  ])("%s takes %j", async (id, body) => {
    await expect(resolve(find(id), body)).resolves.toMatchObject({ body });
  });
});

describe("amounts", () => {
  const charge = { customerId: "cust_123", paymentMethodId: "card_456", captureType: "AUTO_CAPTURE", orderId: "o" };
  const places: [string, object][] = [
    ["createPaymentRequest", { orderId: "o" }],
    ["chargeSavedCard", charge],
    ["createRefund", { paymentRequestId: "pr_1" }],
  ];
  const notPounds = [0, -1, 0.99, 10.005, 1e10, 1e-7, Number.NaN, Number.POSITIVE_INFINITY, null, undefined, true, [5]];

  test.each(places)("%s refuses what is not pounds, one or more, and repeats it", async (id, rest) => {
    for (const [typed, sentence] of badAmounts) {
      const error = await refusal(resolve(find(id), { ...rest, amount: typed }));
      expect(error, typed).toMatchObject({ kind: "usage", field: "amount", message: `amount ${sentence}` });
      expect(error.hint).not.toBe("");
    }
    for (const amount of notPounds) {
      expect((await refusal(resolve(find(id), { ...rest, amount }))).field, String(amount)).toBe("amount");
    }
  });

  test.each(places)("%s takes pounds as text and as a number, and sends a number", async (id, rest) => {
    for (const [typed, sent] of goodAmounts) {
      for (const amount of [typed, sent]) {
        await expect(resolve(find(id), { ...rest, amount })).resolves.toMatchObject({ body: { amount: sent } });
      }
    }
  });

  test("zero is an amount where nothing is charged", async () => {
    const event = { eventType: "PAYMENTS_STATUS" };
    await expect(resolve(find("triggerTestWebhook"), { ...event, amount: "0" })).resolves.toMatchObject({
      body: { amount: 0 },
    });
    const error = await refusal(resolve(find("triggerTestWebhook"), { ...event, amount: "-0.01" }));
    expect(error.message).toBe('amount must not be negative; got "-0.01"');
  });
});

describe("text as it is typed becomes what is sent", () => {
  const payment = { amount: "5", orderId: "o" };
  test.each([
    [
      "createPaymentRequest",
      { ...payment, paymentMethod: " card, Pay_By_Bank ,," },
      { paymentMethod: ["CARD", "PAY_BY_BANK"] },
    ],
    ["createPaymentRequest", { ...payment, template: "receipt_png" }, { template: "RECEIPT_PNG" }],
    ["createPaymentRequest", { ...payment, expiresIn: "300000" }, { expiresIn: 300_000 }],
    ["createPaymentRequest", { ...payment, callbackParams: '{"a":1}' }, { callbackParams: { a: 1 } }],
    [
      "cancelCardPayment",
      { cancelledReasonCode: "requested BY customer" },
      { cancelledReasonCode: "Requested by customer" },
    ],
    ["listTransactions", { status: "completed,Odd_One" }, { status: ["COMPLETED", "Odd_One"] }],
    ["listTransactions", { fromDate: "2026-01", toDate: "2026-02" }, { fromDate: "2026-01-01", toDate: "2026-02-28" }],
    [
      "triggerTestWebhook",
      { eventType: "pos_payment_status", customFields: '[{"fieldName":"a","value":"b"}]' },
      { customFields: [{ fieldName: "a", value: "b" }] },
    ],
    ["initiateBankAuth", { redirectUrl: "https://x", callbackParams: '{"a":1}' }, { callbackParams: '{"a":1}' }],
  ])("%s %j", async (id, input, body) => {
    await expect(resolve(find(id), input)).resolves.toMatchObject({ body });
  });

  test("a list without any entry is not sent", async () => {
    const { body } = await resolve(find("createPaymentRequest"), { ...payment, paymentMethod: " , " });
    expect(body).toStrictEqual({ amount: 5, orderId: "o" });
  });

  test("page and size become numbers, a payout's status the API's spelling or stays as typed", async () => {
    const query = async (input: object) => (await resolve(find("listPayouts"), input)).query;
    expect(await query({ page: "2", limit: "007", status: "completed" })).toEqual({
      page: "2",
      limit: "7",
      status: "COMPLETED",
    });
    expect(await query({ status: "On_Its_Way" })).toMatchObject({ status: "On_Its_Way" });
  });

  test.each([
    [
      "createPaymentRequest",
      { ...payment, expiresIn: "5m" },
      "expiresIn",
      'expiresIn must be a whole number of milliseconds, at least 1; got "5m"',
      "for 5m, give expiresIn 300000",
    ],
    [
      "createPaymentRequest",
      { ...payment, paymentMethod: "CARD,CASH" },
      "paymentMethod",
      'paymentMethod must be one of PAY_BY_BANK, CARD; got "CASH"',
      "choose one, for example PAY_BY_BANK",
    ],
    [
      "createPaymentRequest",
      { ...payment, consumerDetails: "[]" },
      "consumerDetails",
      "consumerDetails must be a JSON object, not an array",
      'give an object such as {"email":"ada@example.com"}',
    ],
    [
      "createPaymentRequest",
      { ...payment, consumerDetails: '{"email":"x"}' },
      "consumerDetails",
      'consumerDetails.email must be an email address; got "x"',
      "give an address such as ada@example.com",
    ],
    [
      "createWebhook",
      { url: "https://x", event: "REFUND_STATUS", authentication: '{"password":"secret' },
      "authentication",
      "authentication is not valid JSON",
      'give an object such as {"username":"…","password":"…"}',
    ],
    [
      "listTransactions",
      { fromDate: "2026-02-01", toDate: "2026-01-01" },
      "toDate",
      "toDate is 2026-01-01, before the range begins on 2026-02-01",
      "use a later end or an earlier start",
    ],
  ])("%s %j is refused", async (id, input, field, message, hint) => {
    const error = await refusal(resolve(find(id), input));
    expect(error).toMatchObject({ field, message, hint });
  });
});

describe("dates", () => {
  const calendar = { now: new Date("2026-03-15T12:00:00Z"), zone: "Europe/London" };
  const ranges = [
    { operation: operations.payments.transactions, start: "fromDate", end: "toDate", rest: {} },
    { operation: operations.payouts.list, start: "fromDate", end: "toDate", rest: {} },
    { operation: operations.bankFeed.transactions, start: "from", end: "before", rest: { id: "acct_1" } },
  ] as const;

  test.each(ranges)("$operation.id takes days only, and no range that ends before it begins", async (row) => {
    const { operation, start, end, rest } = row;
    const read = (from: string, to: string) =>
      resolveRequest(operation as Operation, { ...rest, [start]: from, [end]: to }, { origin, calendar });
    for (const bad of ["03/01/2026", "banana", "2026-02-30", "2026-1-1", "", "2026-01-01T00:00:00Z"]) {
      expect((await refusal(read(bad, "2026-12-31"))).field, bad).toBe(start);
      expect((await refusal(read("2026-01-01", bad))).field, bad).toBe(end);
    }
    expect((await refusal(read("2026-02-02", "2026-02-01"))).field).toBe(end);
    const request = await read("last-month", "2026-03");
    const sent = operation.query.includes(start) ? request.query : request.body;
    expect(sent).toMatchObject({ [start]: "2026-02-01", [end]: end === "before" ? "2026-04-01" : "2026-03-31" });
  });
});
