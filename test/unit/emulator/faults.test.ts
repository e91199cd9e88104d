import { type Emulator, EmulatorError, parseFault, parseFaults, startEmulator } from "@atoapayments/atoa-cli/emulator";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Caller, callerOf } from "./caller";

describe("the one-line form", () => {
  test.each([
    [
      "POST /api/refund reset-after-commit 1",
      { method: "POST", path: "/api/refund", kind: "reset-after-commit", times: 1 },
    ],
    ["get /api/customers/{id} status=503", { method: "GET", path: "/api/customers/{id}", kind: "status", status: 503 }],
    [
      "* /api/** status=429 retry-after=2 2",
      { method: "*", path: "/api/**", kind: "status", status: 429, retryAfter: "2", times: 2 },
    ],
    ["GET /api/x latency=250 skip=3", { method: "GET", path: "/api/x", kind: "latency", latency: 250, skip: 3 }],
    ["GET /api/x hang latency=5", { method: "GET", path: "/api/x", kind: "hang", latency: 5 }],
    [
      'POST /api/x status=200 1 body={"ok": true}',
      { method: "POST", path: "/api/x", kind: "status", status: 200, times: 1, body: { ok: true } },
    ],
    [
      "POST /api/x status=200 body=<html> no",
      { method: "POST", path: "/api/x", kind: "status", status: 200, body: "<html> no" },
    ],
  ])("%s", (text, fault) => {
    expect(parseFault(text)).toEqual(fault);
  });

  test.each([
    "",
    "POST",
    "POST /api/refund",
    "POST api/refund hang",
    "POST /api/refund explode",
    "POST /api/refund status=99",
    "POST /api/refund status=soon",
    "POST /api/refund latency",
    "POST /api/refund hang colour=red",
  ])("refuses '%s' and says how to write one", (text) => {
    expect(() => parseFault(text)).toThrow(
      expect.objectContaining({ kind: "bad-request", hint: expect.stringContaining("reset-after-commit 1") }),
    );
  });
});

describe("a faults file", () => {
  const expected = [
    { method: "POST", path: "/api/refund", kind: "hang", times: 1 },
    { method: "*", path: "/api/**", kind: "status", status: 503 },
  ];
  test.each([
    ["lines", "# night run\nPOST /api/refund hang 1\r\n\n  * /api/** status=503\n"],
    ["a list", '[{"method":"post","path":"/api/refund","kind":"hang","times":1},"* /api/** status=503"]'],
  ])("may hold %s", (_, text) => {
    expect(parseFaults(text)).toEqual(expected);
  });
  test("is refused when it is neither", () => {
    for (const text of ["[{]", '[{"path":"/x","colour":1}]', "[7]", "nonsense"])
      expect(() => parseFaults(text)).toThrow(EmulatorError);
  });
});

describe("on the wire", () => {
  let emulator: Emulator;
  let call: Caller;
  beforeEach(async () => {
    emulator = await startEmulator({ transactions: 20 });
    call = callerOf(emulator);
  });
  afterEach(() => emulator.close());

  const refund = () => call("POST", "/api/refund", { paymentRequestId: "pr_abc", amount: 1 });
  const refunds = async (): Promise<unknown[]> => (await call("GET", "/api/refund/pr_abc")).body as unknown[];

  test("a status comes with its Retry-After and body, as often as it says, and changes nothing", async () => {
    emulator.fault("POST /api/refund status=503 retry-after=7 2");
    for (const round of [1, 2]) {
      const reply = await refund();
      expect(reply.status, `round ${round}`).toBe(503);
      expect(reply.headers.get("retry-after")).toBe("7");
    }
    expect(await refunds()).toHaveLength(0);
    expect((await refund()).status).toBe(200);
    expect(emulator.faults()).toMatchObject([{ hits: 2 }]);
  });

  test.each([200, 204, 205, 304, 404, 599])(
    "a status of %i is the status, over a socket and in process",
    async (status) => {
      emulator.fault(`GET /api/payments/stores status=${status}`);
      const bodyless = [204, 205, 304].includes(status);
      for (const ask of [fetch, emulator.fetch]) {
        const response = await ask(`${emulator.origin}/api/payments/stores`);
        expect(response.status).toBe(status);
        expect((await response.text()) === "").toBe(bodyless);
      }
    },
  );

  test("a reset strikes before or after the commit", async () => {
    emulator.fault("POST /api/refund reset-before-commit 1");
    await expect(refund()).rejects.toThrow();
    expect(await refunds()).toHaveLength(0);
    emulator.fault("POST /api/refund reset-after-commit 1");
    await expect(refund()).rejects.toThrow();
    expect(await refunds()).toHaveLength(1);
    expect(
      emulator
        .requests()
        .filter(({ method }) => method === "POST")
        .map(({ status }) => status),
    ).toEqual([null, null]);
  });

  test("a hang never answers, before or after the commit, and a close ends it", async () => {
    for (const [kind, count] of [
      ["hang", 0],
      ["hang-after-commit", 1],
    ] as const) {
      emulator.fault(`POST /api/refund ${kind} 1`);
      const given = new AbortController();
      const before = emulator.requests().length;
      const reply = fetch(`${emulator.origin}/api/refund`, {
        method: "POST",
        headers: { authorization: `Bearer ${emulator.tokens.sandbox}` },
        body: JSON.stringify({ paymentRequestId: "pr_abc", amount: 1 }),
        signal: given.signal,
      });
      const cut = expect(reply).rejects.toThrow();
      while (emulator.requests().length === before) await new Promise((resolve) => setTimeout(resolve, 5));
      await new Promise((resolve) => setTimeout(resolve, 50));
      given.abort();
      await cut;
      expect(await refunds(), kind).toHaveLength(count);
    }
  });

  test("a close does not wait for what hangs", async () => {
    const other = await startEmulator({ faults: ["* /api/** hang"] });
    const hanging = callerOf(other)("GET", "/api/cli/identity").catch(() => "cut");
    while (other.requests().length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await other.close();
    expect(await hanging).toBe("cut");
  });

  test("latency delays a right answer", async () => {
    emulator.fault({ method: "GET", path: "/api/cli/identity", kind: "latency", latency: 120 });
    const start = performance.now();
    expect((await call("GET", "/api/cli/identity")).status).toBe(200);
    expect(performance.now() - start).toBeGreaterThanOrEqual(115);
  });

  test("a slow drip gives the right answer in pieces", async () => {
    emulator.fault("GET /api/cli/identity slow-drip 1");
    const slow = await call("GET", "/api/cli/identity");
    expect(slow.body).toEqual((await call("GET", "/api/cli/identity")).body);
  });

  test("broken JSON claims to be JSON and is none", async () => {
    emulator.fault("GET /api/cli/identity broken-json 1");
    const reply = await fetch(`${emulator.origin}/api/cli/identity`, {
      headers: { authorization: `Bearer ${emulator.tokens.sandbox}` },
    });
    expect(reply.headers.get("content-type")).toContain("application/json");
    const text = await reply.text();
    expect(() => JSON.parse(text)).toThrow();
  });

  test("an error can repeat the token, and only then", async () => {
    emulator.fault("GET /api/cli/identity echo-token 1");
    expect(JSON.stringify((await call("GET", "/api/cli/identity")).body)).toContain(emulator.tokens.sandbox);
  });

  test("skip lets requests through first, and a pattern covers ids", async () => {
    emulator.fault("GET /api/customers/{id} status=500 skip=2");
    emulator.fault("GET /api/payouts/** status=502");
    const statuses = [];
    for (let count = 0; count < 3; count += 1) statuses.push((await call("GET", "/api/customers/cust_123")).status);
    expect(statuses).toEqual([200, 200, 500]);
    expect((await call("GET", "/api/customers")).status).toBe(200);
    expect((await call("GET", "/api/payouts/po_555/transactions")).status).toBe(502);
  });

  test("a route that the API does not have can be played", async () => {
    emulator.fault('POST /api/something status=200 body={"ok":true}');
    expect(await call("POST", "/api/something", {})).toMatchObject({ status: 200, body: { ok: true } });
  });

  test("they are switched over HTTP, as text, as object and as a list, and off again", async () => {
    const control = (method: string, path = "", body?: string) =>
      fetch(`${emulator.origin}/__emulator/faults${path}`, { method, ...(body === undefined ? {} : { body }) });
    const added = (await (await control("POST", "", "GET /api/cli/identity status=500")).json()) as { ids: number[] };
    await control(
      "POST",
      "",
      JSON.stringify([{ method: "GET", path: "/api/payouts", status: 503 }, "GET /api/institutions hang"]),
    );
    expect(await (await control("GET")).json()).toHaveLength(3);
    expect((await call("GET", "/api/cli/identity")).status).toBe(500);
    expect((await control("DELETE", `/${added.ids[0]}`)).status).toBe(200);
    expect((await control("DELETE", "/99")).status).toBe(404);
    expect((await call("GET", "/api/cli/identity")).status).toBe(200);
    const bad = await control("POST", "", "GET /api/x explode");
    expect(bad.status).toBe(400);
    expect(await bad.json()).toMatchObject({ hint: expect.stringContaining("METHOD PATH KIND") });
    await control("DELETE");
    expect(emulator.faults()).toEqual([]);
  });

  test("they can be on from the start", async () => {
    const other = await startEmulator({ faults: ["GET /api/cli/identity status=418 1"] });
    expect((await callerOf(other)("GET", "/api/cli/identity")).status).toBe(418);
    await other.close();
  });
});
