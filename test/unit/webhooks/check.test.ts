import type { IncomingMessage, ServerResponse } from "node:http";
import { describe, expect, test } from "vitest";
import { attackNames, type CheckOptions, check } from "../../../src/webhooks/check";
import { noKeys } from "../../../src/webhooks/hypotheses";
import { makeEvent, parseSetting, type Signer } from "../../../src/webhooks/made-event";
import { verify } from "../../../src/webhooks/verify";
import { type Got, receiver } from "./receivers";

const v1: Signer = { scheme: "v1", secret: "test-token-of-the-shop" };
const v2: Signer = { scheme: "v2", secret: `whsec_${Buffer.from("0123456789abcdef").toString("base64")}` };
const keysFor = ({ scheme, secret }: Signer) =>
  scheme === "v1"
    ? { ...noKeys, tokens: [{ name: "own", secret }] }
    : { ...noKeys, secrets: [{ name: "own", secret }] };

type Answer = (got: Got, request: IncomingMessage, response: ServerResponse) => void;

const careful =
  (signer: Signer, keys = keysFor(signer)): Answer =>
  ({ body }, request, response) => {
    const header = request.headers["x-atoa-signature"];
    const { verified } = verify({ body, signature: typeof header === "string" ? header : undefined }, keys);
    response.writeHead(verified ? 200 : 401).end();
  };

async function findings(signer: Signer, answer: Answer, only?: CheckOptions["only"]): Promise<Record<string, boolean>> {
  const target = await receiver(answer);
  const { signal } = new AbortController();
  const found = await check({ url: target.url, signer, orderId: undefined, only, report: () => undefined, signal });
  return Object.fromEntries((found ?? []).map(({ attack, passed }) => [attack, passed]));
}

const failed = (found: Record<string, boolean>) => Object.keys(found).filter((name) => found[name] === false);
const quick = attackNames.filter((name) => name !== "slow");

describe.each([v1, v2])("check, $scheme", (signer) => {
  test("a careful receiver passes every attack", async () => {
    const found = await findings(signer, careful(signer));
    expect(failed(found)).toEqual([]);
    expect(Object.keys(found)).toEqual(attackNames.filter((name) => name !== "altered" || signer.scheme === "v2"));
  });

  test("one that believes everything is found out", async () => {
    const found = await findings(signer, (_got, _request, response) => void response.end(), quick);
    const altered = signer.scheme === "v2" ? ["altered"] : [];
    expect(failed(found)).toEqual(["forged", "unsigned", ...altered, "another-secret"]);
  });

  test("one whose secret is not set is found out", async () => {
    const empty = { ...signer, secret: signer.scheme === "v1" ? "" : "whsec_" };
    const both = {
      ...keysFor(signer),
      ...(signer.scheme === "v1"
        ? { tokens: [signer, empty].map(({ secret }) => ({ name: "own", secret })) }
        : { secrets: [signer, empty].map(({ secret }) => ({ name: "own", secret })) }),
    };
    expect(failed(await findings(signer, careful(signer, both), ["another-secret"]))).toEqual(["another-secret"]);
  });

  test("one that answers 204, one that fails on odd bodies, one that hangs up", async () => {
    const accepted: Answer = (got, request, response) => {
      response.writeHead = (
        (write) => (status: number) =>
          write.call(response, status === 200 ? 204 : status)
      )(response.writeHead) as typeof response.writeHead;
      careful(signer)(got, request, response);
    };
    expect(failed(await findings(signer, accepted, ["genuine", "forged"]))).toEqual(["genuine"]);
    const fragile: Answer = (got, request, response) => {
      try {
        if (typeof JSON.parse(got.body.toString()).orderId === "string") careful(signer)(got, request, response);
        else response.writeHead(400).end();
      } catch {
        response.writeHead(500).end();
      }
    };
    expect(failed(await findings(signer, fragile, ["odd-bodies", "alive"]))).toEqual(["odd-bodies"]);
    const dying: Answer = (got, request, response) =>
      got.body.length > 100_000 ? void request.socket.destroy() : careful(signer)(got, request, response);
    expect(failed(await findings(signer, dying, ["large", "alive"]))).toEqual(["large"]);
  });
});

test("a receiver that is not there is no finding", async () => {
  const gone = await receiver();
  await gone.close();
  const { signal } = new AbortController();
  const options = { url: gone.url, signer: v1, orderId: undefined, only: undefined, report: () => undefined, signal };
  expect(await check(options)).toBeUndefined();
});

describe("a made event", () => {
  test("is genuine by its own scheme, whatever is set", () => {
    for (const signer of [v1, v2]) {
      const settings = ["orderId=order-9", "status=NEW", "storeDetails.id=42", 'notes={"a":1}'].map(parseSetting);
      const { body, signature } = makeEvent({ eventType: "REFUND_STATUS" }, signer, [parseSetting("orderId=x")], 0);
      expect(verify({ body, ...(signer.scheme === "v2" ? { signature } : {}) }, keysFor(signer)).verified).toBe(true);
      const set = makeEvent({ eventType: "PAYMENTS_STATUS" }, signer, settings, 0);
      expect(JSON.parse(set.body.toString())).toMatchObject({
        status: "NEW",
        storeDetails: { id: 42 },
        notes: { a: 1 },
      });
      const header = signer.scheme === "v2" ? { signature: set.signature } : {};
      expect(verify({ body: set.body, ...header }, keysFor(signer)).verified).toBe(true);
    }
  });
  test.each([
    ["storeDetails.idd=1", "storeDetails.id"],
    ["statuss=NEW", "status"],
    ["__proto__.x=1", ""],
    ["constructor=1", ""],
  ])("--set %s names the nearest field", (text, nearest) => {
    const make = () => makeEvent({ eventType: "PAYMENTS_STATUS" }, v1, [parseSetting(text)], 0);
    expect(make).toThrow(expect.objectContaining({ kind: "usage", hint: expect.stringContaining(nearest) }));
  });
  test("v1 is refused for POS events", () => {
    expect(() => makeEvent({ eventType: "POS_PAYMENT_STATUS" }, v1, [], 0)).toThrow("v2 only");
  });
});
