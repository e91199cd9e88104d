import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { noKeys } from "../../../src/webhooks/hypotheses";
import { journalOf, readJournal } from "../../../src/webhooks/journal";
import { lineOf } from "../../../src/webhooks/line";
import { type Happening, type Listener, type ListenOptions, openListener } from "../../../src/webhooks/listen";
import { makeEvent } from "../../../src/webhooks/made-event";
import { post } from "../../../src/webhooks/post";
import { parseTarget } from "../../../src/webhooks/target";
import { afterFile } from "../../after-file";
import { times } from "../../scale.mjs";
import { receiver } from "./receivers";

const token = "test-token-of-the-shop";
const keys = { ...noKeys, tokens: [{ name: "the token of acme (sandbox)", secret: token }] };
const events = ["PAYMENTS_STATUS", "EXPIRED_STATUS", "REFUND_STATUS", "POS_PAYMENT_STATUS"];
const to = (text: string) => parseTarget(text, "forward", events);
const made = (orderId = "order-1", secret = token) =>
  makeEvent({ eventType: "PAYMENTS_STATUS", orderId, amount: 25 }, { scheme: "v1", secret }, [], Date.now());

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "atoa-listen-"));
  afterFile(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

interface Running extends Listener {
  readonly happenings: Happening[];
  readonly url: URL;
}

async function listener(options: Partial<ListenOptions> = {}): Promise<Running> {
  const happenings: Happening[] = [];
  const running = await openListener({
    port: 0,
    targets: [],
    events: undefined,
    onlyGenuine: false,
    count: undefined,
    keys,
    journal: () => undefined,
    report: (happening) => happenings.push(happening),
    ...options,
  });
  afterFile(() => running.close());
  return { ...running, happenings, url: new URL(`http://127.0.0.1:${running.port}/`) };
}

const send = (url: URL, message: Parameters<typeof post>[1]) => post(url, message, { limitMs: 100_000 });
const lines = ({ happenings }: Running) =>
  happenings.flatMap((one) =>
    one.kind === "answered" ? [lineOf(one.delivery, one.scheme, one.body, one.forwarded, one.status)] : [],
  );

describe("what is forwarded", () => {
  test("is the same bytes with the same end-to-end headers, in order", async () => {
    const target = await receiver();
    const { url } = await listener({ targets: [to(String(target.port))] });
    const body = Buffer.from('{ "orderId":"é",\r\n  "n": 10.50 }\n');
    const headers = ["X-Two", "b", "Content-Type", "application/json", "x-TWO", "a", "Authorization", "Basic eDp5"];
    const hops = ["Connection", "X-Hop, close", "X-Hop", "1", "TE", "trailers"];
    expect((await send(url, { headers: [...headers, ...hops], body })).status).toBe(200);
    const [got] = target.got;
    expect(got?.body.equals(body)).toBe(true);
    expect(got?.rawHeaders.slice(0, 2)).toEqual(["Host", `localhost:${target.port}`]);
    expect(got?.rawHeaders.slice(2, 2 + headers.length)).toEqual(headers);
    expect(got?.rawHeaders).not.toContain("X-Hop");
    expect(got?.rawHeaders).not.toContain("TE");
  });

  test("a megabyte arrives whole", async () => {
    const target = await receiver();
    const { url } = await listener({ targets: [to(String(target.port))] });
    const body = Buffer.alloc(1024 * 1024, "é");
    expect((await send(url, { headers: [], body })).status).toBe(200);
    expect(target.got[0]?.body.equals(body)).toBe(true);
  });

  test("goes to every target of its event, over IPv4 and IPv6", async () => {
    const [all, payments, refunds] = [await receiver(), await receiver(undefined, { host: "::1" }), await receiver()];
    const { url } = await listener({
      targets: [to(String(all.port)), to(`payments_status=${payments.port}`), to(`REFUND_STATUS=${refunds.url}`)],
    });
    expect((await send(url, made())).status).toBe(200);
    expect([all, payments, refunds].map(({ got }) => got.length)).toEqual([1, 1, 0]);
  });

  const many = times(1000, 100);
  test(`${many} at once arrive one at a time, in the order of the journal`, async () => {
    const home = folder();
    let busy = 0;
    let most = 0;
    const target = await receiver((_got, _request, response) => {
      most = Math.max(most, ++busy);
      setImmediate(() => {
        busy--;
        response.end();
      });
    });
    const { url, tally } = await listener({
      targets: [to(String(target.port))],
      journal: (port) => journalOf(home, port),
    });
    const orders = Array.from({ length: many }, (_, n) => `order-${n}`);
    const statuses = await Promise.all(orders.map(async (order) => (await send(url, made(order))).status));
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(most).toBe(1);
    expect(tally).toEqual({ received: many, forged: 0, failed: 0 });
    const journalled = readJournal(join(home, "journal")).map(({ body }) => body);
    expect(journalled).toHaveLength(many);
    expect(target.got.map(({ body }) => body.toString("base64"))).toEqual(journalled);
  }, 120_000);
});

describe("the sender is told", () => {
  const cases = [
    ["200", 200, "→ 200 in"],
    ["204", 204, "204 in"],
    ["503", 503, "503 in"],
  ] as const;
  test.each(cases)("the target's own %s", async (_, status, shown) => {
    const target = await receiver((_got, _request, response) => void response.writeHead(status).end());
    const running = await listener({ targets: [to(String(target.port))] });
    expect((await send(running.url, made())).status).toBe(status);
    expect(lines(running)[0]).toContain(shown);
    expect(lines(running)[0]?.includes("Atoa accepts only 200")).toBe(status === 204);
    expect(running.tally.failed).toBe(status === 200 ? 0 : 1);
  });

  test("502 when the target is down, hangs up or is too slow, with the reason in the line", async () => {
    const down = await receiver();
    await down.close();
    const cutting = await receiver((_got, request) => void request.socket.destroy());
    const silent = await receiver(() => undefined);
    for (const [port, reason] of [
      [down.port, "connection refused"],
      [cutting.port, "the receiver closed the connection"],
      [silent.port, "no response in 0.3 s"],
    ] as const) {
      const running = await listener({ targets: [to(String(port))], limitMs: 300 });
      expect((await send(running.url, made())).status).toBe(502);
      expect(lines(running)[0]).toContain(`→ ${reason}`);
    }
  });

  test("the worst of several targets", async () => {
    const [good, bad] = [
      await receiver(),
      await receiver((_got, _request, response) => void response.writeHead(500).end()),
    ];
    const { url } = await listener({ targets: [to(String(good.port)), to(String(bad.port))] });
    expect((await send(url, made())).status).toBe(500);
  });

  test("200 without a target, and 405 for what is no delivery", async () => {
    const running = await listener();
    expect((await send(running.url, made("order-004"))).status).toBe(200);
    expect(lines(running)[0]).toMatch(
      /^\d\d:\d\d:\d\d PAYMENTS_STATUS COMPLETED order-004 £25\.00 · genuine \(v1\) → 200$/,
    );
    expect((await fetch(running.url)).status).toBe(405);
  });
});

describe("a forged delivery", () => {
  test("is shown, counted and forwarded, so that the target's own check can be tried", async () => {
    const target = await receiver((_got, _request, response) => void response.writeHead(401).end());
    const running = await listener({ targets: [to(String(target.port))] });
    expect((await send(running.url, made("order-1", "another"))).status).toBe(401);
    expect(running.tally).toMatchObject({ forged: 1 });
    expect(target.got).toHaveLength(1);
    expect(lines(running)[0]).toContain("NOT GENUINE: UNKNOWN");
  });
  test("stays here with onlyGenuine", async () => {
    const target = await receiver();
    const running = await listener({ targets: [to(String(target.port))], onlyGenuine: true });
    expect((await send(running.url, made("order-1", "another"))).status).toBe(401);
    expect(target.got).toHaveLength(0);
  });
  test("is not claimed without a key to try", async () => {
    const running = await listener({ keys: noKeys });
    await send(running.url, made());
    expect(lines(running)[0]).toContain("not verified: no key");
    expect(running.tally.forged).toBe(0);
  });
});

describe("the journal", () => {
  test("is for its owner only, and keeps no credential of the sender", async () => {
    const home = folder();
    const { url, port } = await listener({ journal: (at) => journalOf(home, at) });
    const { headers, body } = made();
    await send(url, { headers: [...headers, "Authorization", "Bearer granted", "X-Kept", "ab"], body });
    const path = join(home, "journal", `${port}.ndjson`);
    if (process.platform !== "win32") {
      expect(statSync(path).mode & 0o777).toBe(0o600);
      expect(statSync(join(home, "journal")).mode & 0o777).toBe(0o700);
    }
    const [entry] = readJournal(path);
    expect(entry).toMatchObject({ event: "PAYMENTS_STATUS", verified: true, headers: { "x-kept": "ab" } });
    expect(readFileSync(path, "utf8")).not.toContain("granted");
  });

  test("keeps a thousand of seven days, and survives a line that was cut off", () => {
    const home = folder();
    const entry = (n: number, receivedAt = new Date().toISOString()) => ({
      ...{ type: "delivery" as const, id: `wd_${n}`, receivedAt, event: null, headers: {} },
      ...{ body: "", verified: null, reason: null, targets: [] },
    });
    const journal = journalOf(home, 4020);
    journal.add(entry(0, "2020-01-01T00:00:00.000Z"));
    for (let n = 1; n <= 1200; n++) journal.add(entry(n));
    const kept = readJournal(join(home, "journal"));
    expect(kept).toHaveLength(1000);
    expect(kept.at(0)?.id).toBe("wd_201");
    expect(readFileSync(journal.path, "utf8").split("\n").length).toBeLessThanOrEqual(1101);
    expect(existsSync(`${journal.path}.tmp`)).toBe(false);
  });

  test("a journal that cannot be written is an error before anything is received", async () => {
    await expect(listener({ journal: () => journalOf("/dev/null", 1) })).rejects.toThrow("journal");
  });
});

test("two listeners do not share a port", async () => {
  const { port } = await listener();
  await expect(listener({ port })).rejects.toThrow(`Port ${port} on 127.0.0.1 is in use`);
});

test("a count is reached when the deliveries are answered", async () => {
  const running = await listener({ count: 2 });
  let reached = false;
  running.counted.then(() => {
    reached = true;
  });
  await send(running.url, made());
  expect(reached).toBe(false);
  await send(running.url, made());
  await running.counted;
  expect(running.tally.received).toBe(2);
});

test("an event that was not asked for is answered and left alone", async () => {
  const target = await receiver();
  const running = await listener({ events: ["REFUND_STATUS"], targets: [to(String(target.port))] });
  expect((await send(running.url, made())).status).toBe(200);
  expect([target.got.length, running.tally.received]).toEqual([0, 0]);
  expect(running.happenings[0]).toMatchObject({ kind: "odd" });
});

describe("--forward", () => {
  test.each([
    ["3000", "http://localhost:3000/"],
    ["localhost:3000/hooks", "http://localhost:3000/hooks"],
    ["http://[::1]:3000/a?b=c", "http://[::1]:3000/a?b=c"],
    ["https://tunnel.example.com", "https://tunnel.example.com/"],
    ["refund_status=3000", "http://localhost:3000/"],
  ])("%s", (text, href) => {
    expect(to(text).url.href).toBe(href);
  });
  test.each([
    "",
    "0",
    "70000",
    "ftp://x",
    "file:///etc/passwd",
    "http://user:pw@localhost:3000",
    "OTHER=3000",
    "nonsense",
  ])("%j is refused", (text) => {
    expect(() => to(text)).toThrow(expect.objectContaining({ kind: "usage" }));
  });
});
