import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Emulator, startEmulator } from "@atoapayments/atoa-cli/emulator";
import { load } from "js-yaml";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { callerOf, newPayment } from "./caller";

let emulator: Emulator;
beforeEach(async () => {
  emulator = await startEmulator({ transactions: 20 });
});
afterEach(() => emulator.close());

interface OpenApi {
  openapi: string;
  info: Record<string, unknown>;
  servers: unknown[];
  paths: Record<string, Record<string, { operationId: string; responses: Record<string, Record<string, unknown>> }>>;
  components: { schemas: Record<string, unknown> };
}

describe.each([
  ["/openapi.json", "spec/atoa-openapi.yaml", "/"],
  ["/__emulator/openapi.json", "spec/emulator-openapi.yaml", "/__emulator"],
])("%s", (path, file, server) => {
  const read = async () => {
    const response = await fetch(emulator.origin + path);
    expect(response.headers.get("content-type")).toContain("application/json");
    return (await response.json()) as OpenApi;
  };

  test(`has the operations and schemas of ${file}, with this emulator as its server`, async () => {
    const written = load(readFileSync(join(import.meta.dirname, "../../..", file), "utf8")) as OpenApi;
    const served = await read();
    const idsOf = ({ paths }: OpenApi): unknown =>
      Object.entries(paths).map(([name, methods]) => [
        name,
        Object.entries(methods).map(([method, { operationId, responses }]) => [
          method,
          operationId,
          Object.keys(responses),
        ]),
      ]);
    expect(idsOf(served)).toEqual(idsOf(written));
    expect(Object.keys(served.components.schemas)).toEqual(Object.keys(written.components.schemas));
    expect(served).toMatchObject({ openapi: written.openapi, servers: [{ url: server }] });
    expect(served.info).toMatchObject({ title: expect.any(String), version: expect.any(String) });
  });

  test("is a whole OpenAPI document: each response has its description", async () => {
    const { paths } = await read();
    const responses = Object.values(paths).flatMap((methods) =>
      Object.values(methods).flatMap((operation) => Object.values(operation.responses)),
    );
    expect(responses.length).toBeGreaterThan(50);
    for (const response of responses) expect(typeof (response.description ?? response.$ref)).toBe("string");
  });
});

describe("the report of operations", () => {
  const used = () => emulator.operations().filter(({ calls }) => calls > 0);

  test("names every operation of the file, and counts calls by status", async () => {
    expect(emulator.operations()).toHaveLength(39);
    expect(used()).toEqual([]);
    const call = callerOf(emulator);
    await newPayment(call);
    await newPayment(call);
    await call("POST", "/api/payments/process-payment", { amount: -1 });
    await call("GET", "/api/payments/stores", undefined, { authorization: "Bearer nobody" });
    await call("GET", "/api/no-such-route");
    emulator.fault("GET /api/payouts reset-before-commit 1");
    await call("GET", "/api/payouts").catch(() => undefined);
    expect(used()).toEqual([
      {
        operationId: "createPaymentRequest",
        method: "POST",
        path: "/api/payments/process-payment",
        calls: 3,
        statuses: { 200: 2, 400: 1 },
      },
      { operationId: "listStores", method: "GET", path: "/api/payments/stores", calls: 1, statuses: { 401: 1 } },
      { operationId: "listPayouts", method: "GET", path: "/api/payouts", calls: 1, statuses: { none: 1 } },
    ]);
  });

  test("is of a whole suite: a reset and a cleared request log keep it", async () => {
    await callerOf(emulator)("GET", "/api/payments/stores");
    emulator.reset();
    emulator.clearRequests();
    expect(used().map(({ operationId }) => operationId)).toEqual(["listStores"]);
    emulator.clearOperations();
    expect(used()).toEqual([]);
  });
});
