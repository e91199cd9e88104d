import dns from "node:dns";
import { describe, expect, test, vi } from "vitest";
import { readNetworkSettings } from "../../../src/api/network-settings";
import { get, httpServer, jsonServer, post, request, send, tcpServer } from "./local-server";

describe("attempts", () => {
  test("a passing fault is tried again with the same key and the same id", async () => {
    let count = 0;
    const server = await httpServer((_, response) => {
      count++;
      response.writeHead(count < 3 ? 503 : 200, { "retry-after": "0" });
      response.end("{}");
    });
    const { answer, events } = await post(server.origin, { maxRetries: 2 });
    expect(answer).toMatchObject({ status: 200 });
    expect(new Set(server.requests.map(({ headers }) => headers["idempotency-key"]))).toEqual(new Set(["key-1"]));
    expect(new Set(server.requests.map(({ headers }) => headers["x-atoa-cli-request-id"])).size).toBe(1);
    expect(events.map((event) => event.type)).toEqual([
      "request",
      "response",
      "retry",
      "response",
      "retry",
      "response",
    ]);
    expect(events[2]).toEqual({ type: "retry", attempt: 1, delayMs: 0, reason: "HTTP 503" });
  });

  test("Retry-After is obeyed", async () => {
    const times: number[] = [];
    const server = await httpServer((_, response) => {
      times.push(performance.now());
      response.writeHead(429, { "retry-after": "1" });
      response.end();
    });
    const { error } = await get(server.origin, { maxRetries: 1 });
    expect(error).toMatchObject({ kind: "rateLimited", status: 429 });
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThan(950);
  });

  test("a pause that is too long ends it at once", async () => {
    const server = await jsonServer({ message: "slow down" }, { "retry-after": "31" }, 429);
    const { error } = await get(server.origin, { maxRetries: 2 });
    expect(error).toMatchObject({ kind: "rateLimited", hint: "run the command again in 31 s" });
    expect(server.requests).toHaveLength(1);
  });

  test("ATOA_MAX_RETRIES=0 turns them off, ATOA_TIMEOUT counts", async () => {
    const origin = await tcpServer(() => undefined);
    const environment = { ATOA_TIMEOUT: "0.1", ATOA_MAX_RETRIES: "0" };
    const { error, events } = await get(origin, readNetworkSettings(origin, environment));
    expect(error?.message).toContain("within 0.1 s");
    expect(events.filter((event) => event.type === "retry")).toEqual([]);
  });

  test("a DELETE that may have arrived is not repeated", async () => {
    let connections = 0;
    const origin = await tcpServer((socket) => {
      connections++;
      socket.destroy();
    });
    const { error } = await send(request(origin, { method: "DELETE" }), { maxRetries: 2 });
    expect(connections).toBe(1);
    expect(error?.message).toContain("may still have been processed");
    expect(error?.hint).toBe("check whether it was processed before you run it again");
  });

  test("a DELETE is not sent on a connection that stands only after its time was over", async () => {
    const server = await jsonServer({});
    const addresses = [{ address: "127.0.0.1", family: 4 }];
    const lookup = vi
      .spyOn(dns, "lookup")
      .mockImplementation(((_: string, __: unknown, done: CallableFunction) =>
        setTimeout(() => done(null, addresses), 300)) as unknown as typeof dns.lookup);
    try {
      const url = server.origin.replace("127.0.0.1", "late.example");
      const { error } = await send(request(url, { method: "DELETE" }), { timeoutMs: 100 });
      expect(lookup).toHaveBeenCalled();
      expect(error?.message).toContain("nothing was sent");
      await new Promise((resolve) => setTimeout(resolve, 500));
      expect(server.requests).toEqual([]);
    } finally {
      lookup.mockRestore();
    }
  });

  test("a DELETE that never left is repeated", async () => {
    const { error, events } = await send(request("http://127.0.0.1:1", { method: "DELETE" }), { maxRetries: 1 });
    expect(events.filter((event) => event.type === "retry")).toHaveLength(1);
    expect(error?.message).toContain("nothing was sent");
  });
});

describe("a write without an answer", () => {
  test.each([
    ["a lost connection", () => tcpServer((socket) => socket.destroy())],
    ["a time-out", () => tcpServer(() => undefined)],
    ["a 500", async () => (await jsonServer({}, {}, 500)).origin],
    ["a 503", async () => (await jsonServer({}, {}, 503)).origin],
    ["a success that cannot be read", async () => (await jsonServer("<html>", {}, 200)).origin],
  ])("(%s) names the key and the flag", async (_, origin) => {
    const { error } = await post(await origin(), { timeoutMs: 200 });
    expect(error?.message).toContain("; the request may still have been processed");
    expect(error?.hint).toBe(
      "run the same command again with --idempotencyKey key-1, so that it takes effect only once",
    );
  });

  test("names the key alone where the command has no such flag", async () => {
    const origin = await tcpServer((socket) => socket.destroy());
    const { error } = await send(request(origin, { method: "PUT", idempotencyKey: "it's $5" }));
    expect(error?.hint).toContain("its Idempotency-Key was 'it'\\''s $5'");
  });

  test("stays in doubt when a later attempt is refused", async () => {
    let count = 0;
    const server = await httpServer((incoming, response) => {
      if (++count === 1) return void incoming.socket.destroy();
      response.writeHead(409);
      response.end('{"message":"already done"}');
    });
    const { error } = await post(server.origin, { maxRetries: 1 });
    expect(error).toMatchObject({ kind: "failure", status: 409 });
    expect(error?.message).toBe("already done; an earlier attempt may still have been processed");
  });

  test("is in no doubt after a refusal", async () => {
    const server = await jsonServer({ message: "no" }, {}, 422);
    expect((await post(server.origin)).error?.message).toBe("no");
  });

  test("does not concern a POST that only reads", async () => {
    const origin = await tcpServer((socket) => socket.destroy());
    const { error } = await send(request(origin, { method: "POST", writes: false }));
    expect(error?.message).not.toContain("may still have been processed");
  });
});

describe("Ctrl-C", () => {
  test("ends an attempt and says what is in doubt", async () => {
    const stop = new AbortController();
    const origin = await tcpServer(() => stop.abort());
    const { error } = await post(origin, { signal: stop.signal });
    expect(error).toMatchObject({ kind: "interrupted" });
    expect(error?.message).toContain("may still have been processed");
  });

  test("ends a pause", async () => {
    const server = await jsonServer({}, { "retry-after": "20" }, 503);
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 150);
    const start = performance.now();
    const { error } = await get(server.origin, { signal: stop.signal, maxRetries: 2 });
    expect(error).toMatchObject({ kind: "interrupted", message: "Interrupted." });
    expect(performance.now() - start).toBeLessThan(2000);
  });

  test("before the start sends nothing", async () => {
    const server = await jsonServer({});
    const { error } = await post(server.origin, { signal: AbortSignal.abort() });
    expect(error).toMatchObject({ kind: "interrupted", message: "Interrupted." });
    expect(server.requests).toHaveLength(0);
  });
});
