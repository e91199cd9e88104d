import { describe, expect, test } from "vitest";
import { allOperations, type Operation } from "../../../src/api/operations";
import { takesIdempotencyKey } from "../../../src/api/request";
import * as values from "../../../src/api/values";
import { matchingValue } from "../../../src/text";
import { resolveSchema, type SpecifiedOperation, specification, specified } from "./openapi";

const byId = <Row extends { id: string }>(rows: Row[]) => [...rows].sort((a, b) => (a.id < b.id ? -1 : 1));

function named(operation: SpecifiedOperation, place: string): string[] {
  return operation.parameters.filter((parameter) => parameter.in === place).map((parameter) => parameter.name);
}

const bodyKinds = new Map<boolean | undefined, Operation["body"]>([
  [undefined, "none"],
  [true, "always"],
  [false, "present"],
]);

describe("the operation table and the OpenAPI file", () => {
  const rows = allOperations();

  test("hold the same operations, each once", () => {
    expect(byId(rows).map(({ id, method, path }) => ({ id, method, path }))).toEqual(
      byId(specified).map(({ id, method, path }) => ({ id, method, path })),
    );
  });

  test.each(specified.map((operation) => [operation.id, operation] as const))(
    "%s agrees in every fact",
    (id, operation) => {
      const row = rows.find((one) => one.id === id);
      if (row === undefined) throw new Error(`${id} is not in the table`);
      expect([...row.query].sort()).toEqual(named(operation, "query").sort());
      expect(row.body).toBe(bodyKinds.get(operation.bodyRequired));
      expect(takesIdempotencyKey(row.method)).toBe(named(operation, "header").includes("Idempotency-Key"));
      const paged = row.query.includes("page");
      expect(row.paging === undefined).toBe(!paged);
      if (row.paging !== undefined) expect(row.query).toContain(row.paging.size);
      const inPath = [...row.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      expect(inPath).toEqual(named(operation, "path"));
    },
  );

  test.each(specified.map((operation) => [operation.id, operation] as const))(
    "%s takes every field and no name twice",
    async (id, operation) => {
      const row = rows.find((one) => one.id === id);
      const schema = (await row?.input?.({ now: new Date() })) as { shape: Record<string, unknown> } | undefined;
      const body = operation.bodySchema === undefined ? {} : (resolveSchema(operation.bodySchema).properties ?? {});
      const fields = [...named(operation, "path"), ...named(operation, "query"), ...Object.keys(body)];
      expect(new Set(fields).size).toBe(fields.length);
      expect(Object.keys(schema?.shape ?? {}).sort()).toEqual(fields.sort());
    },
  );

  test("the flag for a key stands where the command line has it", () => {
    const flagged = rows.filter((row) => row.idempotencyFlag).map((row) => row.id);
    expect(flagged.sort()).toEqual(["chargeSavedCard", "createPaymentRequest", "createRefund"]);
  });

  test("one POST only reads", () => {
    expect(rows.filter((row) => row.method === "POST" && !row.writes).map((row) => row.id)).toEqual([
      "listTransactions",
    ]);
  });
});

test("the value lists are those of the OpenAPI file", () => {
  const schemas = specification.components.schemas;
  expect([...values.paymentMethodKinds]).toEqual(schemas.PaymentMethodKind?.enum);
  expect([...values.captureTypes]).toEqual(schemas.CaptureType?.enum);
  expect([...values.webhookEvents]).toEqual(schemas.WebhookEvent?.enum);
  expect([...values.paymentStatuses]).toEqual(schemas.PaymentStatusValue?.enum);
  expect([...values.qrTemplates]).toEqual(schemas.CreatePaymentRequest?.properties?.template?.enum);
  expect([...values.customerTypes]).toEqual(schemas.CustomerFields?.properties?.type?.enum);
  expect([...values.cancelReasonCodes]).toEqual(
    schemas.CancelCardPaymentRequest?.properties?.cancelledReasonCode?.enum,
  );
  expect([...values.testWebhookStatuses]).toEqual(schemas.TestWebhookRequest?.properties?.status?.enum);
  expect([...values.testWebhookTypes]).toEqual(schemas.TestWebhookRequest?.properties?.type?.enum);
});

test("a value is found in any letter case", () => {
  expect(matchingValue(values.cancelReasonCodes, "requested BY customer")).toBe("Requested by customer");
  expect(matchingValue(values.captureTypes, "later")).toBeUndefined();
});
