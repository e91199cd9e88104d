import dns from "node:dns";
import { createServer } from "node:http";
import { gzipSync } from "node:zlib";
import { describe, expect, test, vi } from "vitest";
import { version } from "../../../package.json";
import { get, httpServer, jsonServer, listen, post, request, send, tcpServer, token } from "./local-server";

const uuidV4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const mebibyte = 1024 * 1024;

describe("a request on the wire", () => {
  test("carries the headers of the contract and nothing more", async () => {
    const server = await jsonServer({ ok: true });
    await send(
      request(`${server.origin}/a`, { method: "POST", query: { x: ["1", "2"], y: "é&" }, body: { n: 10.05 } }),
    );
    const [seen] = server.requests;
    expect(seen).toMatchObject({ method: "POST", url: "/a?x=1&x=2&y=%C3%A9%26", body: '{"n":10.05}' });
    expect(seen?.headers).toEqual({
      host: new URL(server.origin).host,
      connection: "keep-alive",
      authorization: `Bearer ${token}`,
      accept: "application/json",
      "accept-encoding": "identity",
      "user-agent": `atoa-cli/${version} (node ${process.versions.node}; ${process.platform}-${process.arch})`,
      "x-cli-version": version,
      "x-atoa-cli-request-id": expect.stringMatching(uuidV4),
      "idempotency-key": "key-1",
      "content-type": "application/json",
      "content-length": "11",
    });
  });

  test("has no body headers and no key on a GET", async () => {
    const server = await jsonServer([]);
    await get(`${server.origin}/a`);
    const names = Object.keys(server.requests[0]?.headers ?? {});
    expect(names).not.toContain("content-type");
    expect(names).not.toContain("idempotency-key");
  });

  test("is reported without any of a short token", async () => {
    const server = await jsonServer({ ok: true });
    const { events } = await get(server.origin, { token: "test-token-1234" });
    expect(events[0]).toMatchObject({ type: "request", tokenSuffix: "" });
  });

  test("is reported with the end of the token only", async () => {
    const server = await jsonServer({ ok: true }, { "x-request-id": `r-1\u0009${token}` });
    const { answer, events } = await get(`${server.origin}/a?b=c`);
    expect(answer).toEqual({ status: 200, requestId: `r-1 ${token}`, value: { ok: true } });
    expect(events).toEqual([
      { type: "request", method: "GET", url: `${server.origin}/a?b=c`, tokenSuffix: "6789" },
      { type: "response", status: 200, ms: expect.any(Number), requestId: `r-1 ${token}` },
    ]);
  });

  test.each(["", "a b", "é", "a\nb", "x".repeat(8193)])("is not sent with the damaged token %j", async (bad) => {
    const server = await jsonServer({});
    const { error } = await get(server.origin, { token: bad });
    expect(error).toMatchObject({ kind: "auth" });
    if (bad !== "") expect(`${error?.message}${error?.hint}`).not.toContain(bad);
    expect(server.requests).toHaveLength(0);
  });

  test.each(["127.0.0.1", "::1"])("reaches localhost when only %s listens", async (host) => {
    const origin = await listen(
      createServer((_, response) => response.end("{}")),
      host,
    );
    // This machine may know localhost by one address only.
    const addresses = [
      { address: "::1", family: 6 },
      { address: "127.0.0.1", family: 4 },
    ];
    const lookup = vi
      .spyOn(dns, "lookup")
      .mockImplementation(((_: string, __: unknown, done: CallableFunction) =>
        done(null, addresses)) as unknown as typeof dns.lookup);
    const { answer, error } = await get(`http://localhost:${new URL(origin).port}/`);
    expect(lookup).toHaveBeenCalled();
    lookup.mockRestore();
    expect(error).toBeUndefined();
    expect(answer?.status).toBe(200);
  });
});

describe("an answer", () => {
  test.each([
    ["204", 204, "", undefined],
    ["an empty 200", 200, "", undefined],
    ["blanks", 200, " \r\n", undefined],
    ["a byte order mark and nothing", 200, "\ufeff", undefined],
    ["a byte order mark", 200, '\ufeff{"a":1}', { a: 1 }],
    ["any 2xx", 299, "[1]", [1]],
    ["null", 200, "null", null],
    ["a status field that means nothing", 200, '{"status":200}', { status: 200 }],
  ])("%s", async (_, status, body, value) => {
    const server = await jsonServer(body, {}, status);
    expect((await get(server.origin)).answer).toMatchObject({ status, value });
  });

  test("without a server's id has ours", async () => {
    const server = await jsonServer({});
    const { answer } = await get(server.origin);
    expect(answer?.requestId).toBe(server.requests[0]?.headers["x-atoa-cli-request-id"]);
  });

  test("that contains the token is passed on unaltered", async () => {
    const value = { token: `${token}-v2`, message: `Bearer ${token}` };
    const server = await jsonServer(value);
    expect((await get(server.origin)).answer?.value).toEqual(value);
  });

  test.each([
    ["claims JSON and is not", "application/json", "{oops", "claims to be JSON"],
    ["is a web page", "text/html", "<!DOCTYPE html><h1>Hi", "a web page"],
    ["is a web page by its looks", "", "\n<html>", "a web page"],
    ["is plain text", "text/plain", "OK", "is not JSON"],
    ["is not UTF-8", "application/json", Buffer.from([0x22, 0xff, 0xfe, 0x22]), "not valid UTF-8"],
  ])("that %s is an error", async (_, type, body, words) => {
    const server = await jsonServer(body, { "content-type": type });
    const { error } = await get(server.origin);
    expect(error).toMatchObject({ kind: "failure", status: 200 });
    expect(error?.message).toContain(words);
  });

  test("that is nested beyond reason is an error", async () => {
    const nested = (levels: number) => `${"[".repeat(levels)}${"]".repeat(levels)}`;
    expect((await get((await jsonServer(nested(200))).origin)).answer?.status).toBe(200);
    const { error } = await get((await jsonServer(nested(100_000))).origin);
    expect(error).toMatchObject({ kind: "failure", message: "The server's response is nested too deeply" });
  });

  test("that is a gateway's web page keeps the meaning of its status", async () => {
    const server = await jsonServer("<html><body>502 Bad Gateway</body></html>", { "content-type": "text/html" }, 502);
    expect((await get(server.origin)).error).toMatchObject({ kind: "failure", status: 502, message: "HTTP 502" });
  });

  test("that is compressed is refused, bomb or not", async () => {
    const bomb = gzipSync(Buffer.alloc(256 * mebibyte), { level: 1 });
    const server = await jsonServer(bomb, { "content-encoding": "gzip" });
    const before = process.memoryUsage().rss;
    const { error } = await get(server.origin);
    expect(error?.message).toContain("compressed");
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * mebibyte);
    const refused = await jsonServer(gzipSync('{"message":"x"}'), { "content-encoding": "gzip" }, 401);
    expect((await get(refused.origin)).error).toMatchObject({ kind: "auth", message: "HTTP 401" });
  });

  test("that announces more than 64 MiB is refused before it is read", async () => {
    const server = await httpServer((_, response) => {
      response.writeHead(200, { "content-length": String(65 * mebibyte) });
      response.write("[");
    });
    const { error } = await get(server.origin);
    expect(error).toMatchObject({ kind: "failure", message: expect.stringContaining("larger than 64 MiB") });
  });

  test("that does not end is refused at 64 MiB", async () => {
    let sent = 0;
    const server = await httpServer((_, response) => {
      const chunk = Buffer.alloc(mebibyte, "x");
      const more = () => {
        while (!response.destroyed && response.write(chunk)) sent++;
      };
      response.on("drain", more);
      more();
    });
    const { error } = await get(server.origin);
    expect(error?.message).toContain("larger than 64 MiB");
    expect(sent).toBeLessThan(100);
  });
});

describe("a redirect", () => {
  test("is not followed, and the token stays", async () => {
    const other = await jsonServer({});
    for (const status of [301, 302, 303, 307, 308]) {
      const server = await jsonServer("", { location: `${other.origin}/x` }, status);
      const { error } = await post(server.origin);
      expect(error).toMatchObject({ kind: "failure", status });
      expect(error?.message).toContain(`${other.origin}/x`);
    }
    expect(other.requests).toHaveLength(0);
  });
});

describe("a connection", () => {
  test.each([["reset before the answer", (origin: () => Promise<string>) => origin(), "was lost before"]])(
    "%s",
    async (_, origin, words) => {
      const { error } = await get(await origin(() => tcpServer((socket) => socket.resetAndDestroy())));
      expect(error).toMatchObject({ kind: "network" });
      expect(error?.message).toContain(words);
    },
  );

  test.each([
    ["closed before the answer", "", "was lost before"],
    ["closed in the headers", "HTTP/1.1 200 OK\r\nContent-Le", "was lost before"],
    ["closed in the body", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{", "was lost before"],
    ["closed in a chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n[1", "was lost before"],
    ["that speaks no HTTP", "SSH-2.0-OpenSSH_9.2\r\n\r\n", "not valid HTTP"],
    ["with endless headers", `HTTP/1.1 200 OK\r\nX: ${"x".repeat(100_000)}\r\n\r\n`, "headers"],
  ])("%s", async (_, bytes, words) => {
    const { error } = await get(await tcpServer((socket) => socket.end(bytes)));
    expect(error).toMatchObject({ kind: "network", facts: { requestId: expect.stringMatching(uuidV4) } });
    expect(error?.message).toContain(words);
  });

  test("closed in the body of a refusal leaves a refusal", async () => {
    const bytes = "HTTP/1.1 403 Forbidden\r\nContent-Length: 100\r\n\r\n{";
    const { error } = await get(await tcpServer((socket) => socket.end(bytes)));
    expect(error).toMatchObject({ kind: "auth", status: 403, message: "HTTP 403" });
  });

  test.each([
    ["101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n"],
    ["1234 Strange\r\nContent-Length: 2\r\n\r\n{}"],
    ["000 Strange\r\nContent-Length: 2\r\n\r\n{}"],
    ["200 OK\r\nContent-Length: -5\r\n\r\n{}"],
    ["200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}"],
    ["200 OK\r\nX: a\u0000b\r\nContent-Length: 2\r\n\r\n{}"],
  ])("that answers %j is a network failure", async (bytes) => {
    const { error } = await get(await tcpServer((socket) => socket.end(`HTTP/1.1 ${bytes}`)), { timeoutMs: 2000 });
    expect(error).toMatchObject({ kind: "network" });
  });

  test.each([
    ["103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", 200],
    ["200 OK\r\n\r\n{}", 200],
    ["204 No Content\r\nContent-Length: 2\r\n\r\n{}", 204],
  ])("that answers %j is good enough", async (bytes, status) => {
    const { answer } = await get(await tcpServer((socket) => socket.end(`HTTP/1.1 ${bytes}`)), { timeoutMs: 2000 });
    expect(answer?.status).toBe(status);
  });

  test("with more body than announced gives what was announced", async () => {
    const bytes = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}trailing";
    expect((await get(await tcpServer((socket) => socket.end(bytes)))).answer?.value).toEqual({});
  });

  test.each([
    ["silence", ""],
    ["headers only", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n"],
    ["half a body", 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{"a'],
  ])("time runs out over %s", async (_, bytes) => {
    const origin = await tcpServer((socket) => socket.write(bytes));
    const start = performance.now();
    const { error } = await get(origin, { timeoutMs: 200 });
    expect(error).toMatchObject({ kind: "network", hint: expect.stringContaining("ATOA_TIMEOUT") });
    expect(error?.message).toContain("No complete response");
    expect(error?.message).toContain("within 0.2 s");
    expect(performance.now() - start).toBeLessThan(1500);
  });

  test("time runs out over a slow drip", async () => {
    const server = await httpServer((_, response) => {
      const drip = setInterval(() => response.write(" "), 20);
      response.on("close", () => clearInterval(drip));
    });
    expect((await get(server.origin, { timeoutMs: 300 })).error).toMatchObject({ kind: "network" });
  });

  test("refused says so, and that nothing was sent", async () => {
    const { error } = await post("http://127.0.0.1:1");
    expect(error).toMatchObject({
      kind: "network",
      message: "Could not connect to 127.0.0.1:1: connection refused; nothing was sent",
    });
    expect((await get("http://127.0.0.1:1")).error?.message).toBe(
      "Could not connect to 127.0.0.1:1: connection refused",
    );
  });

  test("to an unknown host says so", async () => {
    const { error } = await get("https://no-such-host.invalid");
    expect(error).toMatchObject({ kind: "network", message: expect.stringMatching(/Could not resolve/) });
  });
});

describe("what comes before a response", () => {
  const ok = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}";
  const hint = "HTTP/1.1 103 Early Hints\r\nretry-after: 99\r\nx-request-id: hint\r\ncontent-encoding: gzip\r\n\r\n";

  test("counts for nothing", async () => {
    const { answer } = await get(await tcpServer((socket) => socket.end(hint + ok)));
    expect(answer).toMatchObject({ status: 200, value: {} });
    expect(answer?.requestId).not.toBe("hint");
    const failed = hint + ok.replace("200 OK", "503 Busy");
    expect((await get(await tcpServer((socket) => socket.end(failed)))).error?.facts).toMatchObject({
      kind: "failure",
      status: 503,
    });
  });

  test.each(["000", "099"])("status %s is no response, and is said at once", async (status) => {
    const begin = performance.now();
    const origin = await tcpServer((socket) => socket.write(ok.replace("200 OK", `${status} Odd`)));
    expect((await get(origin)).error).toMatchObject({
      kind: "network",
      message: expect.stringContaining("not valid HTTP"),
    });
    expect(performance.now() - begin).toBeLessThan(10_000);
  });

  test("content-encoding: identity is no compression", async () => {
    const server = await jsonServer({ a: 1 }, { "content-encoding": "identity" });
    expect((await get(server.origin)).answer?.value).toEqual({ a: 1 });
  });

  test("an interruption right before a pause ends it at once", async () => {
    const stop = new AbortController();
    const server = await jsonServer({}, { "retry-after": "20" }, 503);
    const begin = performance.now();
    const { error } = await get(server.origin, {
      maxRetries: 1,
      signal: stop.signal,
      onProgress: ({ type }) => type === "retry" && stop.abort(),
    });
    expect(error).toMatchObject({ kind: "interrupted" });
    expect(performance.now() - begin).toBeLessThan(10_000);
  });
});
