import { describe, expect, it } from "vitest";
import { against, sentence } from "./observed";
import { httpServer, ok } from "./servers";

/** Retries of the whole program, against a server that counts. */

const read = ["stores", "list", "--verbose"];
const write = ["payments", "create", "--amount", "1.00", "--orderId", "o-1", "--verbose"];
const twice = { ATOA_MAX_RETRIES: "2" };

interface Failing {
  readonly status: number;
  readonly headers?: () => Record<string, string>;
  /** How many requests fail before one succeeds. */
  readonly times: number;
}

async function failing({ status, headers, times }: Failing) {
  const moments: number[] = [];
  const server = await httpServer((request, response) => {
    moments.push(Date.now());
    if (moments.length > times) return ok(request, response);
    response.writeHead(status, { "content-type": "application/json", ...headers?.() }).end('{"message":"busy"}');
  });
  const gaps = () => moments.slice(1).map((moment, index) => moment - (moments[index] ?? 0));
  return { ...server, gaps, run: against(server.origin) };
}

describe("retries", () => {
  it.each([429, 502, 503, 504])("of HTTP %i: every attempt carries the same key and id", async (status) => {
    const server = await failing({ status, times: 2 });
    const outcome = await server.run(write, { env: twice });
    expect(outcome.code).toBe(0);
    expect(server.heard).toHaveLength(3);
    for (const name of ["idempotency-key", "x-atoa-cli-request-id", "authorization", "user-agent"]) {
      const values = new Set(server.heard.map(({ headers }) => headers[name]));
      expect(values.size).toBe(1);
      expect([...values][0]).toBeTruthy();
    }
    const lines = outcome.stderr.match(/^\* HTTP \d+; attempt [23] in \d+ ms$/gm);
    expect(lines).toHaveLength(2);
    expect(outcome.stderr.match(new RegExp(`^< ${status} in \\d+ ms`, "gm"))).toHaveLength(2);
    expect(outcome.stderr).toMatch(/^< 200 in \d+ ms/m);
    const [first = 0, second = 0] = server.gaps();
    expect(first).toBeGreaterThanOrEqual(240);
    expect(second).toBeGreaterThanOrEqual(490);
  });

  it.each([400, 401, 403, 404, 408, 409, 422, 500, 501, 505])("never of HTTP %i", async (status) => {
    const server = await failing({ status, times: 9 });
    const outcome = await server.run(write, { env: twice });
    expect(outcome.code).not.toBe(0);
    expect(server.heard).toHaveLength(1);
  });

  it("end after ATOA_MAX_RETRIES, and 0 turns them off", async () => {
    for (const [retries, attempts] of Object.entries({ 0: 1, 1: 2, 2: 3 })) {
      const server = await failing({ status: 429, times: 99 });
      const outcome = await server.run(read, { env: { ATOA_MAX_RETRIES: retries } });
      expect(outcome.code).toBe(5);
      expect(server.heard).toHaveLength(attempts);
    }
  });

  it("wait as many seconds as Retry-After says", async () => {
    const server = await failing({ status: 429, times: 1, headers: () => ({ "retry-after": "2" }) });
    const outcome = await server.run(read, { env: twice });
    expect(outcome.code).toBe(0);
    expect(server.gaps()[0]).toBeGreaterThanOrEqual(1990);
    expect(outcome.stderr).toContain("attempt 2 in 2000 ms");
  });

  it("wait until the date that Retry-After names", async () => {
    const date = () => new Date(Date.now() + 2500).toUTCString();
    const server = await failing({ status: 503, times: 1, headers: () => ({ "retry-after": date() }) });
    const outcome = await server.run(write, { env: twice });
    expect(outcome.code).toBe(0);
    // The date has whole seconds only.
    expect(server.gaps()[0]).toBeGreaterThanOrEqual(1400);
  });

  it.each([
    [429, "31"],
    [429, "999999999"],
    [503, "3600"],
    [503, new Date(Date.now() + 3_600_000).toUTCString()],
  ])("HTTP %i with Retry-After %s: fails at once with 5 and says how long", async (status, value) => {
    const server = await failing({ status, times: 9, headers: () => ({ "retry-after": value }) });
    const outcome = await server.run(read, { env: twice });
    expect(outcome.code).toBe(5);
    expect(server.heard).toHaveLength(1);
    expect(sentence(outcome.stderr)).toMatch(/ — run the command again in \d+ s$/);
    expect(outcome.ms).toBeLessThan(10_000);
  });

  it.each(["soon", "-1", "1e9", "", "0x10"])("take no notice of Retry-After %j", async (value) => {
    const server = await failing({ status: 503, times: 1, headers: () => ({ "retry-after": value }) });
    expect((await server.run(read, { env: twice })).code).toBe(0);
  });

  it("of a DELETE: none once it is connected, and the error says that it may have happened", async () => {
    const server = await httpServer((request) => request.socket.resetAndDestroy());
    const outcome = await against(server.origin)(["customers", "delete", "c_1", "--yes"], { env: twice });
    expect(outcome.code).toBe(6);
    expect(server.heard).toHaveLength(1);
    expect(sentence(outcome.stderr)).toMatch(
      /may still have been processed — check whether it was processed before you run it/,
    );
    expect(outcome.stderr).not.toMatch(/idempotency/i);

    const busy = await failing({ status: 503, times: 9 });
    expect((await busy.run(["refunds", "cancel", "r_1", "--yes"], { env: twice })).code).toBe(1);
    expect(busy.heard).toHaveLength(1);
  });

  it("of a PUT: the final error names the key, but no flag that the command does not have", async () => {
    const server = await httpServer((request) => request.socket.resetAndDestroy());
    const outcome = await against(server.origin)(["customers", "update", "c_1", "--city", "Leeds"], { env: twice });
    expect(outcome.code).toBe(6);
    expect(server.heard).toHaveLength(3);
    const key = server.heard[0]?.headers["idempotency-key"];
    expect(key).toMatch(/^[0-9a-f-]{36}$/);
    expect(sentence(outcome.stderr)).toContain(`(its Idempotency-Key was ${key})`);
    expect(outcome.stderr).not.toContain("--idempotencyKey");
  });

  it("of a GET: the final error speaks of no key", async () => {
    const server = await httpServer((request) => request.socket.resetAndDestroy());
    const outcome = await against(server.origin)(["stores", "list"], { env: twice });
    expect(outcome.code).toBe(6);
    expect(server.heard).toHaveLength(3);
    expect(outcome.stderr).not.toMatch(/idempotency|happened/i);
  });
});
