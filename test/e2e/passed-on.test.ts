import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { pairedHome, secretsOf } from "./pairing";
import { atoa, temporaryFolder } from "./program";

/** What the server says and what the user types arrives as it is: numbers, tokens that look like others, names, bodies. */

const tokens = { sandbox: "test-token-passed-on-sandbox-0001", production: "test-token-passed-on-production-0001" };
const home = temporaryFolder();

interface Seen {
  readonly request: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** Requests that reached the server, identity aside, and what it answers: text as it stands, or with a status. */
const seen: Seen[] = [];
let answers: ((response: ServerResponse) => void)[] = [];
let origin = "";

beforeAll(async () => {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const env = request.headers.authorization === `Bearer ${tokens.production}` ? "PRODUCTION" : "SANDBOX";
    if (request.url === "/api/cli/identity") {
      seen.push({ request: "identity", headers: request.headers, body: "" });
      response.end(JSON.stringify({ merchantId: "m-1", businessName: "Shop", key: { sdkAccessId: "sda_1", env } }));
      return;
    }
    const { method = "", url = "", headers } = request;
    seen.push({ request: `${method} ${url}`, headers, body: Buffer.concat(chunks).toString() });
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    (answer ?? says("{}"))(response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await pairedHome(home, { origin, tokens, merchantId: "m-1", businessName: "Shop" }, { acme: ["sandbox"] });
  return () => server.close();
});

beforeEach(() => {
  seen.length = 0;
  answers = [];
});

function says(body: string, status = 200, headers: Record<string, string> = {}) {
  return (response: ServerResponse) => {
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(body);
  };
}

interface More {
  readonly env?: Record<string, string | undefined>;
  readonly stdin?: string;
}

function run(argv: readonly string[], { env = {}, stdin }: More = {}) {
  return atoa(argv, { env: { ATOA_HOME: home, ATOA_BASE_URL: origin, ATOA_MAX_RETRIES: "0", ...env }, stdin });
}

describe("numbers", () => {
  const numbers = '{"id":12345678901234567890,"n":1e400,"amount":10.50,"z":-0,"usual":7}';

  it("come out digit for digit, as JSON, YAML and in a table", async () => {
    answers = [says(numbers)];
    expect((await run(["get", "/api/x"])).stdout.replace(/\s/g, "")).toBe(numbers);
    expect((await run(["get", "/api/x", "--output", "yaml"])).stdout).toMatch(
      /id: 12345678901234567890\n.*\namount: 10.50\n/s,
    );
    expect((await run(["get", "/api/x", "--output", "table"])).stdout).toMatch(/12345678901234567890.*1e400.*10\.50/s);
  });

  it("go in digit for digit, by --data and by -d", async () => {
    await run(["post", "/api/x", "--data", numbers]);
    await run([
      "post",
      "/api/x",
      "-d",
      "big=12345678901234.1234567891",
      "-d",
      "a=10.50",
      "-d",
      "id=12345678901234567890",
    ]);
    expect(seen.map(({ body }) => body)).toEqual([
      numbers,
      '{"big":12345678901234.1234567891,"a":10.50,"id":12345678901234567890}',
    ]);
  });
});

describe("bodies", () => {
  it("null is sent as null", async () => {
    await run(["post", "/api/x", "--data", "null"]);
    expect(seen.map(({ body }) => body)).toEqual(["null"]);
  });

  it("of 2 MiB are sent, from a file and from stdin", async () => {
    const body = JSON.stringify({ text: "x".repeat(2 * 1024 * 1024) });
    const folder = temporaryFolder();
    writeFileSync(join(folder, "body.json"), body);
    await run(["post", "/api/x", "--data", `@${join(folder, "body.json")}`]);
    await run(["post", "/api/x", "--data", "-"], { stdin: body });
    expect(seen.map((one) => one.body.length)).toEqual([body.length, body.length]);
  });

  it("of a flag end at 1 MiB to the byte, from stdin too, however many bytes a letter has", async () => {
    const flag = (bytes: number) => JSON.stringify({ t: `é${"x".repeat(bytes - 10)}` });
    const line = ["payments", "create", "--amount", "5", "--orderId", "o", "--consumerDetails", "-", "--dryRun"];
    expect(Buffer.byteLength(flag(1024 * 1024))).toBe(1024 * 1024);
    expect((await run(line, { stdin: flag(1024 * 1024) })).code).toBe(0);
    const { code, stderr } = await run(line, { stdin: flag(1024 * 1024 + 1) });
    expect(code).toBe(3);
    expect(stderr).toContain("stdin holds more than 1 MiB");
  });

  it("are asked for without compression", async () => {
    await run(["get", "/api/x"]);
    expect(seen[0]?.headers["accept-encoding"]).toBe("identity");
  });
});

describe("names of Object.prototype", () => {
  it.each(["constructor", "toString", "__proto__"])("%s is text like any other", async (name) => {
    const unfilled = await run(["get", `/api/:${name}`]);
    expect(unfilled).toMatchObject({ code: 3 });
    expect(unfilled.stderr).toContain(`The path needs a value for :${name}`);
    expect((await run(["get", `/api/:${name}`, "-d", `${name}=a`])).code).toBe(0);
    expect((await run(["get", `/api/x?${name}=1`])).code).toBe(0);
    expect((await run(["get", "/api/x", "-d", `${name}=1`])).code).toBe(0);
    expect((await run(["post", "/api/x", "-d", `${name}=1`])).code).toBe(0);
    expect(seen.map(({ request, body }) => request + body)).toEqual([
      "GET /api/a",
      `GET /api/x?${name}=1`,
      `GET /api/x?${name}=1`,
      `POST /api/x{"${name}":1}`,
    ]);
  });
});

describe("what a server echoes", () => {
  it("loses the token on stdout and stderr, and nothing else is touched", async () => {
    answers = [
      says(
        JSON.stringify({ at: 1712345678000, text: `Bearer ${tokens.sandbox}, ${encodeURIComponent(tokens.sandbox)}` }),
      ),
    ];
    expect(JSON.parse((await run(["get", "/api/x"])).stdout)).toEqual({
      at: 1712345678000,
      text: "Bearer [REDACTED], [REDACTED]",
    });
    answers = [says(JSON.stringify({ message: `no ${tokens.sandbox} here` }), 400)];
    expect((await run(["get", "/api/x"])).stderr).toContain("error: no [REDACTED] here");
  });

  it.each(["12345678", "test"])("leaves the JSON alone where a webhook's password is %s", async (password) => {
    const body = { createdAt: 1712345678000, url: "https://test.example.com/hooks/test", test: password };
    answers = [says(JSON.stringify(body))];
    const authentication = JSON.stringify({ username: "u", password });
    const line = [
      "webhooks",
      "create",
      "--url",
      "https://x.example",
      "--event",
      "PAYMENTS_STATUS",
      "--authentication",
      "-",
    ];
    expect(JSON.parse((await run(line, { stdin: authentication })).stdout)).toEqual(body);
    const dry = await run([...line, "--dryRun"], { stdin: authentication });
    expect(JSON.parse(dry.stdout)).toMatchObject({ body: { authentication: "<redacted>" } });
  });

  it("never alters a new token, though it contains the old one", async () => {
    const other = join(home, "rotation");
    mkdirSync(other);
    await pairedHome(other, { origin, tokens, merchantId: "m-1", businessName: "Shop" }, { acme: ["sandbox"] });
    const renewed = `${tokens.sandbox}-v2`;
    answers = [says(JSON.stringify({ sandboxApiSecret: renewed }))];
    const rotated = await run(["keys", "regenerate", "--yes"], { env: { ATOA_HOME: other } });
    expect(rotated.code).toBe(0);
    expect(JSON.parse(rotated.stdout)).toEqual({ sandboxApiSecret: renewed });
    expect(Object.values(secretsOf(other))).toEqual([renewed]);
  });
});

describe("a failure", () => {
  it("of 502 and then 401 says log in, and that an earlier attempt may count, with its key", async () => {
    answers = [says("{}", 502), says('{"message":"Unauthorised"}', 401)];
    const line = [
      "refunds",
      "create",
      "--paymentRequestId",
      "pr_1",
      "--amount",
      "5",
      "--yes",
      "--idempotencyKey",
      "night-1",
    ];
    const { code, stderr } = await run(line, { env: { ATOA_MAX_RETRIES: "1" } });
    expect(code).toBe(2);
    expect(stderr).toContain("an earlier attempt may still have been processed");
    expect(stderr).toMatch(/log in again: `atoa login --profile acme --env sandbox`; then .*--idempotencyKey night-1/);
  });

  it("shows the server's request-id", async () => {
    answers = [says('{"message":"no"}', 404, { "x-request-id": "r-42" })];
    expect((await run(["get", "/api/x"])).stderr).toContain("\n  request-id: r-42\n");
  });

  it.each([
    ["refundNotes must be shorter than paymentRequestId", "--notes must be shorter than --paymentRequestId"],
    ["currency must be GBP", "--currency must be GBP"],
    ["amount.0 should be a number", "--amount should be a number"],
  ])("of the input names the flag, not the API's field: %s", async (message, shown) => {
    answers = [says(JSON.stringify({ message }), 400)];
    const { stderr } = await run(["refunds", "create", "--paymentRequestId", "pr_1", "--amount", "5", "--yes"]);
    const flag = /^--\w+/.exec(shown)?.[0];
    expect(stderr).toContain(`error: ${shown} — correct ${flag} and run the command again\n`);
  });

  it("of the state says where to see it", async () => {
    answers = [says('{"message":"Not now"}', 422)];
    const { stderr } = await run(["payments", "cancel", "pr_1", "--yes"]);
    expect(stderr).toContain("error: Not now — check its status: `atoa payments status <id>`\n");
  });

  it("of the network shows its cause under ATOA_DEBUG=1", async () => {
    const env = {
      ATOA_HOME: home,
      ATOA_BASE_URL: origin,
      ATOA_MAX_RETRIES: "0",
      ATOA_DEBUG: "1",
      ATOA_TOKEN: tokens.sandbox,
    };
    const { code, stderr } = await atoa(["stores", "list"], { env: { ...env, ATOA_BASE_URL: "http://127.0.0.1:1" } });
    expect(code).toBe(6);
    expect(stderr).toMatch(/caused by: Error: connect ECONNREFUSED/);
  });
});

describe("a token in the wrong place", () => {
  const token = "test-token-in-the-wrong-place-0123456789abcdef";
  it.each([
    ["profile", "use", token],
    ["profile", "show", token],
    ["profile", "set", `${token}=1`],
    ["profile", "delete", token, "--yes"],
    ["login", "--stdin", "--profile", token],
    ["payments", "status", "pr_1", "--until", token],
    ["payments", "create", "--amount", token, "--orderId", "o"],
    ["webhooks", "trigger", token],
    ["webhooks", "listen", "--forward", token],
    ["stores", "list", "--profile", token],
    ["stores", "list", `--${token}`],
    ["customers", "list", "--page", token],
    ["payments", "transactions", "--paymentMethod", token],
    ["get", "/api/x", "-d", token],
    ["keys", "revoke", token],
    [token],
  ])("is not repeated: %s %s", async (...argv) => {
    const { code, stdout, stderr } = await run(argv.filter((word) => word !== undefined));
    expect([3, 4]).toContain(code);
    expect(stdout + stderr).not.toContain(token.slice(5, 30));
    expect(seen).toEqual([]);
  });
});

describe("ATOA_TOKEN", () => {
  const ATOA_TOKEN = tokens.sandbox;
  const refund = ["refunds", "create", "--paymentRequestId", "pr_1", "--amount", "5", "--yes"];
  const empty = () => ({ ATOA_HOME: join(home, "nobody") });

  it("takes the place of a profile, and is not stored", async () => {
    const { code, stdout } = await run(["whoami"], { env: { ...empty(), ATOA_TOKEN } });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      businessName: "Shop",
      context: { profile: { value: null, source: "ATOA_TOKEN" }, env: { value: "sandbox", source: "default" } },
    });
    expect(secretsOf(join(home, "nobody"))).toEqual({});
    await run(["stores", "list"], { env: { ATOA_TOKEN: tokens.production } });
    expect(seen.at(-1)?.headers.authorization).toBe(`Bearer ${tokens.production}`);
  });

  it.each([
    [["--profile", "acme"], {}, "ATOA_TOKEN and --profile are both set"],
    [[], { ATOA_PROFILE: "acme" }, "ATOA_TOKEN and ATOA_PROFILE are both set"],
    [[], { ATOA_BASE_URL: "https://pay.example.com" }, "https://pay.example.com"],
    [[], { ATOA_TOKEN: "two words" }, "visible ASCII characters"],
  ])("is refused with %j and %j", async (flags, env, says) => {
    const { code, stderr } = await run(["stores", "list", ...flags], { env: { ATOA_TOKEN, ...env } });
    expect(code).toBe(3);
    expect(stderr).toContain(says);
    expect(seen).toEqual([]);
  });

  it("asks once whose it is before it writes, and never writes to the other environment", async () => {
    expect((await run(refund, { env: { ATOA_TOKEN } })).code).toBe(0);
    expect(seen.map(({ request }) => request)).toEqual(["identity", "POST /api/refund"]);
    seen.length = 0;
    const { code, stderr } = await run([...refund, "--env", "production"], { env: { ATOA_TOKEN } });
    expect(code).toBe(3);
    expect(stderr).toContain("belongs to sandbox, but this command uses production");
    expect(seen.map(({ request }) => request)).toEqual(["identity"]);
  });

  it.each(["revoke", "regenerate"])("keys %s needs an id with it, since it is no key of this machine", async (word) => {
    const { code, stderr } = await run(["keys", word, "--yes"], { env: { ATOA_TOKEN } });
    expect(code).toBe(3);
    expect(stderr).toContain("With ATOA_TOKEN set, the key id is required");
    expect(seen).toEqual([]);
  });

  it("says itself what to do when the server refuses it", async () => {
    answers = [says('{"message":"Unauthorised"}', 401)];
    expect((await run(["stores", "list"], { env: { ATOA_TOKEN } })).stderr).toContain("check the token in ATOA_TOKEN");
  });

  it("is ignored, with a notice, by commands about stored keys", async () => {
    const { code, stderr } = await run(["profile", "list"], { env: { ATOA_TOKEN } });
    expect(code).toBe(0);
    expect(stderr).toContain("note: ATOA_TOKEN is ignored");
  });
});

it("FORCE_COLOR with nothing in it colours no pipe", async () => {
  answers = [says('{"a":1}')];
  expect((await run(["get", "/api/x"], { env: { FORCE_COLOR: "" } })).stdout).toBe('{\n  "a": 1\n}\n');
});

it("keeps the state as it was", () => {
  expect(readFileSync(join(home, ".config/atoa/secrets.json"), "utf8")).toContain(tokens.sandbox);
});
