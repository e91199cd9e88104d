import { spawn } from "node:child_process";
import { once } from "node:events";
import type { RequestListener } from "node:http";
import type { Socket } from "node:net";
import { gzipSync } from "node:zlib";
import { beforeAll, describe, expect, it } from "vitest";
import { program } from "../e2e/program";
import { needs } from "../needs";
import { full } from "../scale.mjs";
import { against, type Observed, pairedHome, sentence, token } from "./observed";
import { httpServer, tcpServer } from "./servers";

/** Servers that break every rule: the right exit code, a sentence, bounded memory and time, nothing raw. */

const mebi = 1024 * 1024;
const limits = { ATOA_TIMEOUT: "2" };
/** What starting the program may take on a busy machine, beside the limit of the attempt. */
const slack = 15_000;

const read = ["stores", "list"];
const write = ["payments", "create", "--amount", "1.00", "--orderId", "o-1", "--idempotencyKey", "night-1"];

/** Holds for every answer of every server. */
function expectDecent(outcome: Observed): void {
  expect(outcome.signal).toBeNull();
  expect(outcome.ms).toBeLessThan(2000 + slack);
  expect(outcome.peakMiB).toBeGreaterThan(20);
  expect(outcome.peakMiB).toBeLessThan(200);
  expect(outcome.stderr).not.toMatch(/[^\n\x20-\x7e\u00a3\u2014\u2026\u2713]/);
  expect(outcome.stderr).not.toContain("    at ");
  expect(outcome.stderr).not.toContain("Something unexpected");
  expect(outcome.stdout + outcome.stderr).not.toContain(token);
}

interface Case {
  readonly name: string;
  /** Plays the server with a bare socket … */
  readonly socket?: (socket: Socket) => void;
  /** … or in terms of HTTP. */
  readonly answer?: RequestListener;
  readonly argv?: readonly string[];
  readonly code: number;
  readonly says?: RegExp;
  readonly stdout?: string | RegExp;
}

let cases = 0;

/** A case; at a desk one of twelve. */
function check({ name, socket, answer, argv = read, code, says, stdout = "" }: Case): void {
  it.runIf(full || cases++ % 12 === 0)(name, async () => {
    const origin = socket ? await tcpServer(socket) : (await httpServer(answer ?? (() => undefined))).origin;
    const outcome = await against(origin)(argv, { env: limits });
    if (says !== undefined) expect(sentence(outcome.stderr)).toMatch(says);
    expect(outcome.code).toBe(code);
    if (typeof stdout === "string") expect(outcome.stdout).toBe(stdout);
    else expect(outcome.stdout).toMatch(stdout);
    expectDecent(outcome);
  });
}

/** Raw HTTP: a status line, headers and a body as they are. */
function raw(head: string, body: string | Buffer = ""): (socket: Socket) => void {
  return (socket) => {
    socket.write(`${head}\r\n\r\n`, "latin1");
    socket.end(body);
  };
}

function json(body: string | Buffer, status = 200, headers: Record<string, string> = {}): RequestListener {
  return (_, response) =>
    response.writeHead(status, { "content-type": "application/json; charset=utf-8", ...headers }).end(body);
}

describe("redirects", () => {
  it.each([
    [301, read],
    [302, read],
    [303, write],
    [307, write],
    [308, ["customers", "delete", "cust_1", "--yes"]],
  ])("HTTP %i is not followed, and the token stays", async (status, argv) => {
    const other = await httpServer((_, response) => response.end("{}"));
    const location = `${other.origin}/api/elsewhere?x=1`;
    const server = await httpServer((_, response) => response.writeHead(status, { location }).end());
    const outcome = await against(server.origin)(argv, { env: { ...limits, ATOA_MAX_RETRIES: "2" } });
    expect(outcome).toMatchObject({ code: 1, stdout: "" });
    expect(sentence(outcome.stderr)).toContain(`redirected the request to ${location} (HTTP ${status})`);
    expect(server.heard).toHaveLength(1);
    expect(other.heard).toEqual([]);
    expectDecent(outcome);
  });

  it("with an escape sequence in its target shows none", async () => {
    const server = await tcpServer(
      raw("HTTP/1.1 302 Found\r\nlocation: /\x1b]0;boo\x07\x9b31m/x\r\ncontent-length: 0"),
    );
    const outcome = await against(server)(read, { env: limits });
    expect([1, 6]).toContain(outcome.code);
    expectDecent(outcome);
  });
});

describe("answers that are no JSON", () => {
  const page = "<!DOCTYPE html><html><body><h1>502 Bad Gateway</h1><script>alert(1)</script></body></html>";
  const html: (status: number) => RequestListener = (status) => (_, response) =>
    response.writeHead(status, { "content-type": "text/html" }).end(page);
  check({ name: "a web page with 200", answer: html(200), code: 1, says: /a web page instead of JSON — check that/ });
  check({ name: "a web page of a gateway, 502", answer: html(502), code: 1, says: /HTTP 502 — try again later/ });
  check({ name: "a web page with 404", answer: html(404), code: 4, says: /HTTP 404/ });
  check({ name: "a web page with 403", answer: html(403), code: 2, says: /HTTP 403/ });
  check({
    name: "a write that met the gateway's page names its key",
    answer: html(502),
    argv: write,
    code: 1,
    says: /may still have been processed — run the same command again with --idempotencyKey night-1/,
  });
  check({ name: "half a JSON", answer: json('{"a":[1,2'), code: 1, says: /claims to be JSON but is not/ });
  check({
    name: "half a JSON for a write names its key",
    answer: json('{"paymentRequestId":'),
    argv: write,
    code: 1,
    says: /may still have been processed.*--idempotencyKey night-1/,
  });
  check({ name: "plain text", answer: (_, response) => response.end("hello"), code: 1, says: /is not JSON/ });
  check({ name: "NaN", answer: json("NaN"), code: 1, says: /claims to be JSON but is not/ });
  check({ name: "invalid UTF-8", answer: json(Buffer.from('{"a":"\xff\xfe"}', "latin1")), code: 1, says: /UTF-8/ });
  check({ name: "UTF-16", answer: json(Buffer.from('\ufeff{"a":1}', "utf16le")), code: 1, says: /UTF-8/ });
  check({ name: "a byte order mark is no harm", answer: json('\ufeff{"a":1}'), code: 0, stdout: '{\n  "a": 1\n}\n' });
  check({
    name: "an unpaired surrogate is no harm",
    answer: json('{"a":"\\ud800"}'),
    code: 0,
    stdout: '{\n  "a": "\\ud800"\n}\n',
  });
  check({ name: "204", answer: (_, response) => response.writeHead(204).end(), code: 0 });
  check({ name: "an empty 200", answer: json(""), code: 0 });
  check({ name: "blanks", answer: json(" \r\n\t "), code: 0 });
  check({ name: "null", answer: json("null"), code: 0, stdout: "null\n" });
  check({ name: "the last of two keys counts", answer: json('{"a":1,"a":2}'), code: 0, stdout: '{\n  "a": 2\n}\n' });
  check({
    name: "__proto__ is a name like any other",
    answer: json('{"__proto__":{"polluted":1},"constructor":2}'),
    code: 0,
    stdout: /"__proto__": \{\n {4}"polluted": 1/,
  });
});

describe("size", () => {
  check({
    name: "65 MiB that say so",
    answer: (_, response) => {
      response.writeHead(200, { "content-type": "application/json", "content-length": 65 * mebi });
      response.write('{"a":"');
    },
    code: 1,
    says: /larger than 64 MiB/,
  });
  check({
    name: "65 MiB that do not say so",
    answer: (_, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      const piece = Buffer.alloc(mebi, "a");
      let sent = 0;
      const more = (): void => {
        if (sent++ < 65 && !response.destroyed) response.write(piece, more);
        else response.end();
      };
      more();
    },
    code: 1,
    says: /larger than 64 MiB/,
  });
  check({
    name: "a body that never ends, fast",
    answer: (_, response) => {
      const piece = Buffer.alloc(mebi, " ");
      const more = (): void => {
        if (!response.destroyed) response.write(piece, () => setImmediate(more));
      };
      more();
    },
    code: 1,
    says: /larger than 64 MiB/,
  });
  check({
    name: "a body that never ends, slowly",
    answer: (_, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      const timer = setInterval(() => response.write(" "), 20);
      response.on("close", () => clearInterval(timer));
    },
    code: 6,
    says: /No complete response from \S+ within 2 s — .*ATOA_TIMEOUT/,
  });
  const bomb = gzipSync(Buffer.alloc(300 * mebi, " "), { level: 1 });
  check({
    name: "a compressed bomb is not unpacked",
    answer: json(bomb, 200, { "content-encoding": "gzip" }),
    code: 1,
    says: /compressed, although that was not requested/,
  });
  check({
    name: "a compressed error keeps its meaning",
    answer: json(gzipSync('{"message":"boo"}'), 404, { "content-encoding": "br" }),
    code: 4,
    says: /HTTP 404/,
  });
  check({
    name: "one header of a megabyte",
    socket: raw(`HTTP/1.1 200 OK\r\nx-big: ${"a".repeat(mebi)}`),
    code: 6,
    says: /response headers from \S+ are too large — check that ATOA_BASE_URL/,
  });
  check({
    name: "twenty thousand headers",
    socket: raw(`HTTP/1.1 200 OK\r\n${"x-more: 1\r\n".repeat(20_000)}x-last: 1`),
    code: 6,
    says: /response headers from \S+ are too large/,
  });
  const deep = (levels: number) => "[".repeat(levels) + "]".repeat(levels);
  for (const format of ["json", "yaml", "table"]) {
    it(`${format} of JSON nested too deep to be shown`, async () => {
      const server = await httpServer(json(`{"data":[{"a":${deep(200_000)}}]}`));
      const outcome = await against(server.origin)([...read, "--output", format], { env: limits });
      expect(sentence(outcome.stderr)).toMatch(/nested too deeply/);
      expect(outcome).toMatchObject({ code: 1, stdout: "" });
      expectDecent(outcome);
    });
  }
  check({ name: "JSON nested 100 deep is shown", answer: json(deep(100)), code: 0, stdout: /^\[\n {2}\[/ });
  check({
    name: "an error nested too deep",
    answer: json(`{"message":${deep(200_000)}}`, 400),
    code: 3,
    says: /HTTP 400/,
  });
});

describe("time and connections", () => {
  check({ name: "silence", socket: () => undefined, code: 6, says: /No complete response from \S+ within 2 s/ });
  check({
    name: "headers, then silence",
    socket: (socket) => socket.write("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n"),
    code: 6,
    says: /No complete response from \S+ within 2 s/,
  });
  check({
    name: "half a status line, then silence",
    socket: (socket) => socket.write("HTTP/1.1 20"),
    code: 6,
    says: /No complete response from \S+ within 2 s/,
  });
  check({
    name: "the headers of a refusal, then silence: it stays a refusal",
    socket: (socket) => socket.write("HTTP/1.1 401 Unauthorized\r\ncontent-length: 10\r\n\r\n"),
    code: 2,
    says: /HTTP 401/,
  });
  check({
    name: "a drip that is too slow",
    answer: drip('{"answered": true, "and": "more than this server will ever get to send within two seconds"}', 100),
    code: 6,
    says: /within 2 s/,
  });
  check({ name: "a drip that arrives in time", answer: drip('{"a":1}', 20), code: 0, stdout: '{\n  "a": 1\n}\n' });
  check({ name: "a reset at once", socket: (socket) => socket.resetAndDestroy(), code: 6, says: /was lost before/ });
  check({ name: "an end at once", socket: (socket) => socket.end(), code: 6, says: /was lost before the response/ });
  check({
    name: "a reset in the middle of the body",
    socket: (socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"a":');
      setTimeout(() => socket.resetAndDestroy(), 50);
    },
    code: 6,
    says: /was lost before the response was complete/,
  });
  check({
    name: "a reset in the middle of a chunk, for a write",
    socket: (socket) => {
      socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nff\r\n{"paymentRequestId":"pr_1"}');
      setTimeout(() => socket.resetAndDestroy(), 50);
    },
    argv: write,
    code: 6,
    says: /may still have been processed — run the same command again with --idempotencyKey night-1/,
  });
  check({
    name: "fewer bytes than promised",
    socket: raw("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100", '{"a":1}'),
    code: 6,
    says: /was lost before the response was complete|not valid HTTP/,
  });
  check({
    name: "more bytes than promised",
    socket: raw("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 3", '{"a":1}'),
    code: 1,
    says: /claims to be JSON but is not/,
  });
  for (const head of [
    "content-length: -5",
    "content-length: 5\r\ncontent-length: 6",
    "content-length: 99999999999999999999",
    "content-length: five",
  ]) {
    check({
      name: head.replace("\r\n", ", "),
      socket: raw(`HTTP/1.1 200 OK\r\n${head}`, "hello"),
      code: 6,
      says: / — ./,
    });
  }
  check({
    name: "no HTTP at all",
    socket: raw("SSH-2.0-boo \x1b[31m"),
    code: 6,
    says: /not valid HTTP — check that ATOA/,
  });
  check({ name: "HTTP/3.7", socket: raw("HTTP/3.7 200 OK"), code: 6, says: /not valid HTTP|was lost before/ });
  check({
    name: "an upgrade that nobody asked for",
    socket: raw("HTTP/1.1 101 Switching Protocols\r\nupgrade: boo\r\nconnection: upgrade"),
    code: 6,
    says: / — ./,
  });
  check({
    name: "early hints before the answer are no harm",
    socket: raw("HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2", "{}"),
    code: 0,
    stdout: "{}\n",
  });
  check({
    name: "HTTP/1.0 without a length is no harm",
    socket: raw("HTTP/1.0 200 OK", "{}"),
    code: 0,
    stdout: "{}\n",
  });
});

function drip(text: string, gapMs: number): RequestListener {
  return (_, response) => {
    response.writeHead(200, { "content-type": "application/json" });
    const left = [...text];
    const timer = setInterval(() => {
      const next = left.shift();
      if (next === undefined) response.end();
      else response.write(next);
    }, gapMs);
    response.on("close", () => clearInterval(timer));
  };
}

describe("text of a server", () => {
  const nasty =
    "\u001b[2J\u001b]0;title\u0007\u001b]8;;http://evil.example\u0007click\u009b31m\r\nerror: forged\u202edlrow\u0000\u0008\u2028x";
  let origin = "";
  beforeAll(async () => {
    const server = await httpServer((request, response) => {
      const status = Number(/status=(\d+)/.exec(request.url ?? "")?.[1] ?? 200);
      const body = { message: nasty, errorCode: `CODE${nasty}`, data: [{ id: nasty, [nasty]: nasty, status: nasty }] };
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    });
    origin = server.origin;
  });

  it.each([
    [400, 3],
    [401, 2],
    [404, 4],
    [429, 5],
    [500, 1],
  ])("of an error %i shows no control character, and no second line of its own", async (status, code) => {
    const outcome = await against(origin)(["get", "/api/x", "-d", `status=${status}`], { env: limits });
    expect(outcome.code).toBe(code);
    expect(outcome.stdout).toBe("");
    expectDecent(outcome);
    expect(outcome.stderr.split("\n").filter((line) => line.startsWith("error:"))).toHaveLength(1);
    expect(outcome.stderr).toContain("click");
  });

  it.each(["json", "yaml", "table"])("of an answer as %s shows no control character", async (format) => {
    const outcome = await against(origin)(["get", "/api/x", "--output", format], { env: limits });
    expect(outcome.code).toBe(0);
    // Without a terminal, data is exact: JSON and YAML escape what is below a blank by themselves.
    expect(outcome.stdout).not.toMatch(format === "table" ? /[^\n\P{Cc}]|\u202e/u : /[^\n\P{Cc}\u0080-\u009f]/u);
    expectDecent(outcome);
  });

  it.runIf(needs("Linux", "script")).each(["json", "yaml", "table"])(
    "on a terminal, as %s, obeys nothing",
    async (format) => {
      const home = pairedHome(origin);
      const command = [process.execPath, program, "get", "/api/x", "--output", format].join(" ");
      const env = { ...process.env, ATOA_HOME: home, ATOA_BASE_URL: origin, NO_COLOR: "1" };
      const terminal = spawn("script", ["-qec", command, "/dev/null"], { env, stdio: ["ignore", "pipe", "inherit"] });
      let text = "";
      terminal.stdout.setEncoding("utf8").on("data", (more: string) => (text += more));
      await once(terminal, "close");
      expect(text).toContain("click");
      expect(text).not.toMatch(/[^\r\n\P{Cc}]/u);
    },
  );

  it("that repeats the token is blanked, in an answer and in an error", async () => {
    const server = await httpServer((request, response) => {
      const { authorization = "" } = request.headers;
      const status = Number(/status=(\d+)/.exec(request.url ?? "")?.[1] ?? 200);
      const body = { message: `no ${authorization}`, errorCode: authorization.slice(7), [authorization.slice(7)]: 1 };
      response.writeHead(status, { "x-request-id": authorization.slice(7) }).end(JSON.stringify(body));
    });
    const run = against(server.origin);
    for (const argv of [
      ["get", "/api/x", "--verbose"],
      ["get", "/api/x", "--output", "table"],
      ["get", "/api/x", "-d", "status=400", "--verbose"],
    ]) {
      const outcome = await run(argv, { env: limits });
      expect(outcome.stdout + outcome.stderr).toContain("[REDACTED");
      expectDecent(outcome);
    }
  });
});
