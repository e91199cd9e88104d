import { request } from "node:http";
import { type Emulator, startEmulator } from "@atoapayments/atoa-cli/emulator";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { choices } from "../../../src/emulator/choices";
import { hostAllowed, isLoopback, sameOrigin } from "../../../src/emulator/http/host";
import { callerOf, newPayment } from "./caller";

let emulator: Emulator;
beforeEach(async () => {
  emulator = await startEmulator({ transactions: 20 });
});
afterEach(() => emulator.close());

/** A request as no well-meaning client sends it. */
function raw(options: {
  method?: string;
  path: string;
  headers?: Record<string, string>;
  body?: string;
}): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: "127.0.0.1", port: emulator.port, agent: false, ...options }, (response) => {
      let text = "";
      response.on("data", (chunk) => {
        text += chunk;
      });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
    });
    outgoing.on("error", reject);
    outgoing.end(options.body);
  });
}

test.each([
  ["127.0.0.1:4010", true],
  ["localhost", true],
  ["LOCALHOST:4010", true],
  ["shop.localhost:4010", true],
  ["[::1]:4010", true],
  ["192.168.1.7:4010", true],
  ["emulator:4010", true],
  ["evil.example:4010", false],
  ["localhost.evil.example", false],
  ["127.0.0.1.evil.example", false],
  ["127.0.0.1@evil.example", false],
  ["", false],
  [undefined, false],
])("a request for host %s is served: %s", (host, served) => {
  expect(hostAllowed(host, ["emulator"])).toBe(served);
});

test("addresses and origins are told apart", () => {
  expect(["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"].map(isLoopback)).toEqual([true, true, true, true]);
  expect(["10.0.0.1", "::2", "::ffff:10.0.0.1", undefined].map(isLoopback)).toEqual([false, false, false, false]);
  expect(sameOrigin("http://localhost:1", "localhost:1")).toBe(true);
  expect(sameOrigin("https://localhost:1", "localhost:1")).toBe(true);
  for (const foreign of [
    "null",
    "http://localhost:2",
    "https://localhost",
    "ftp://localhost:1",
    "http://a@localhost:1",
    "",
  ])
    expect(sameOrigin(foreign, "localhost:1"), foreign).toBe(false);
  expect(sameOrigin("http://", undefined)).toBe(false);
});

describe("over the socket", () => {
  test.each(["/api/payments/stores", "/__emulator", "/pay/pr_abc"])(
    "a foreign Host is turned away from %s",
    async (path) => {
      const reply = await raw({
        path,
        headers: { host: "evil.example", authorization: `Bearer ${emulator.tokens.sandbox}` },
      });
      expect(reply.status).toBe(421);
      expect(reply.text).not.toContain(emulator.tokens.sandbox);
    },
  );

  test.each(["/__emulator/reset", "/pay/pr_abc", "/link-bank?accountAuthId=auth_999"])(
    "a page of another origin cannot post to %s",
    async (path) => {
      const headers = { origin: "https://evil.example", "content-type": "text/plain" };
      expect((await raw({ method: "POST", path, headers, body: "action=approve" })).status).toBe(403);
    },
  );

  test("bodies are bounded, announced or not", async () => {
    const body = "x".repeat(choices.largestBody + 1);
    for (const path of ["/api/payments/process-payment", "/__emulator/reset", "/pay/pr_abc"]) {
      const announced = await raw({
        method: "POST",
        path,
        headers: { "content-length": String(body.length) },
        body,
      }).catch(() => "cut");
      const chunked = await raw({ method: "POST", path, headers: { "transfer-encoding": "chunked" }, body }).catch(
        () => "cut",
      );
      for (const reply of [announced, chunked])
        expect(reply === "cut" || (typeof reply === "object" && reply.status === 413), path).toBe(true);
    }
    expect((await callerOf(emulator)("GET", "/api/cli/identity")).status).toBe(200);
  });

  test("an unknown route and an unknown method are 404 with the error body", async () => {
    const call = callerOf(emulator);
    expect(await call("GET", "/api/nothing")).toMatchObject({
      status: 404,
      body: { status: 404, name: "ROUTE_NOT_FOUND" },
    });
    expect((await call("PUT", "/api/refund", {})).status).toBe(404);
    expect((await call("GET", "/__emulator/nothing")).status).toBe(404);
  });

  test("odd paths break nothing", async () => {
    for (const path of [
      "/%",
      "/api/customers/%ff",
      "/api/customers/..%2f..%2fetc",
      "/pay/%00",
      "//api",
      "/api/customers?page=x",
      "/api/customers?page=-1",
      "/api/customers?size=0",
      "/api/customers?size=1e3",
    ]) {
      const { status } = await raw({ path, headers: { authorization: `Bearer ${emulator.tokens.sandbox}` } });
      expect(status, path).toBeGreaterThanOrEqual(200);
      expect(status, path).toBeLessThan(500);
    }
    const page = await callerOf(emulator)("GET", "/api/customers?size=1000");
    expect(page.body).toMatchObject({ size: choices.largestPage });
  });
});

test("a fault of the emulator itself is a 500 without a token", async () => {
  const { token } = emulator.mintToken({ environment: "sandbox" });
  const spied = await startEmulator({
    onRequest: () => {
      throw new TypeError(`observer tripped over ${token}`);
    },
  });
  spied.mintToken({ environment: "sandbox", token });
  const reply = await fetch(`${spied.origin}/api/nothing`, { headers: { authorization: `Bearer ${token}` } });
  expect(reply.status).toBe(500);
  expect(await reply.json()).toEqual({ status: 500, message: "observer tripped over <token>" });
  await spied.close();
});

describe("the request log", () => {
  test("has method, path, query, headers and body, and no token wherever it stands", async () => {
    const call = callerOf(emulator);
    const token = emulator.tokens.sandbox;
    await call("GET", `/api/customers?search=${token}`, undefined, { "x-cli-version": "0.1.1", "x-echo": token });
    await call("POST", "/api/refund", { paymentRequestId: token, amount: 1 }, { "idempotency-key": "run-1" });
    const log = await (await fetch(`${emulator.origin}/__emulator/requests`)).text();
    expect(log).not.toContain(token);
    expect(JSON.parse(log)).toMatchObject([
      {
        number: 1,
        method: "GET",
        path: "/api/customers",
        query: {},
        headers: { "x-cli-version": "0.1.1" },
        environment: "sandbox",
        status: 200,
      },
      {
        number: 2,
        method: "POST",
        path: "/api/refund",
        body: { amount: 1 },
        headers: { "idempotency-key": "run-1" },
        status: 404,
      },
    ]);
    const filtered = await fetch(`${emulator.origin}/__emulator/requests?method=post&path=/api/refund`);
    expect(await filtered.json()).toHaveLength(1);
    await fetch(`${emulator.origin}/__emulator/requests`, { method: "DELETE" });
    expect(emulator.requests()).toEqual([]);
  });

  test("keeps the last requests only", async () => {
    const headers = { authorization: `Bearer ${emulator.tokens.sandbox}` };
    const made = choices.requestsRemembered + 100;
    for (let count = 0; count < made; count += 1) await emulator.fetch("/api/cli/identity", { headers });
    const log = emulator.requests();
    expect(log).toHaveLength(choices.requestsRemembered);
    expect(log.at(-1)?.number).toBe(made);
  });

  test("is bounded in bytes too: large bodies do not fill the memory", async () => {
    const call = callerOf(emulator);
    const fullName = "x".repeat(900_000);
    for (let round = 0; round < 12; round += 1) await call("POST", "/api/customers", { fullName });
    const log = emulator.requests();
    expect(log.at(-1)?.number).toBe(12);
    expect(JSON.stringify(log).length).toBeLessThanOrEqual(choices.requestBytesRemembered + 1024 * 1024);
  });

  test("is told to onRequest, once for each exchange", async () => {
    const seen: string[] = [];
    const other = await startEmulator({
      onRequest: ({ method, path, status }) => seen.push(`${method} ${path} ${status}`),
    });
    await callerOf(other)("GET", "/api/cli/identity");
    await newPayment(callerOf(other));
    await other.close();
    expect(seen).toEqual(["GET /api/cli/identity 200", "POST /api/payments/process-payment 200"]);
  });
});

test("a port in use is named, with a remedy", async () => {
  await expect(startEmulator({ port: emulator.port })).rejects.toMatchObject({
    name: "EmulatorError",
    kind: "unavailable",
    code: "PORT_IN_USE",
    message: expect.stringContaining(`Port ${emulator.port}`),
  });
});

test("a host that is none of this machine's is an error of the emulator too", async () => {
  await expect(startEmulator({ host: "203.0.113.1" })).rejects.toMatchObject({
    name: "EmulatorError",
    kind: "unavailable",
    code: "CANNOT_LISTEN",
  });
});

test("the control API prepares no state that there is not, and knows no other verbs", async () => {
  const control = (path: string, body: unknown) =>
    fetch(`${emulator.origin}/__emulator/payments/pr_abc123${path}`, { method: "POST", body: JSON.stringify(body) });
  expect((await control("/prepare", { status: "PAID" })).status).toBe(400);
  expect((await control("/bribe", {})).status).toBe(404);
});
