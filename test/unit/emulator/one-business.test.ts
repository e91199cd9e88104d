import { type ApiKey, type Emulator, startEmulator } from "@atoapayments/atoa-cli/emulator";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Caller, callerOf, newPayment, textOf } from "./caller";

/** Tests that share one emulator, each with a business of its own. */

// Nothing listens there: a delivery fails at once and waits for its next try.
const hooks = "http://127.0.0.1:1/hooks";

let emulator: Emulator;
let mine: Tenant;
let theirs: Tenant;
beforeEach(async () => {
  emulator = await startEmulator({
    transactions: 20,
    clock: { startAt: "2026-02-10T09:00:00Z", frozen: true },
    webhook: { url: hooks },
  });
  mine = await tenant("mine");
  theirs = await tenant("theirs");
});
afterEach(() => emulator.close());

interface Tenant {
  key: ApiKey;
  call: Caller;
  paid: string;
  open: string;
}

/** A business in which something of every kind has happened. */
async function tenant(merchantId: string): Promise<Tenant> {
  const key = emulator.mintToken({ environment: "sandbox", merchantId, businessName: `Shop ${merchantId}` });
  const call = callerOf(emulator, "sandbox", key.token);
  emulator.addWebhook(hooks, { merchantId });
  emulator.setSigningSecret("whsec_c2VjcmV0", { merchantId });
  const paid = await newPayment(call, { orderId: "paid" });
  const once = { "idempotency-key": "once" };
  const order = { amount: 3, orderId: "open" };
  const open = textOf(await call("POST", "/api/payments/process-payment", order, once), "paymentRequestId");
  emulator.approve(paid);
  await emulator.deliveriesSettled();
  emulator.fault(`GET /api/payments/stores status=503 merchant=${merchantId}`);
  return { key, call, paid, open };
}

interface Kept {
  businesses: { merchantId: string }[];
  deliveries: { merchantId: string }[];
  keys: { merchantId: string }[];
  idempotency: [string, unknown][];
}

/** Everything that is not of one business, as plain data. */
function withoutBusiness(merchantId: string): unknown {
  const { businesses, deliveries, keys, idempotency } = emulator.snapshot() as unknown as Kept;
  const other = (entry: { merchantId: string }): boolean => entry.merchantId !== merchantId;
  return {
    businesses: businesses.filter(other),
    deliveries: deliveries.filter(other),
    keys: keys.filter(other),
    idempotency: idempotency.filter(([owner]) => owner !== mine.key.sdkAccessId),
    requests: emulator.requests().filter(({ sdkAccessId }) => sdkAccessId !== mine.key.sdkAccessId),
    faults: emulator.faults().filter(({ merchantId: id }) => id !== merchantId),
    now: emulator.now(),
  };
}

const business = (merchantId: string): unknown =>
  (emulator.snapshot() as unknown as Kept).businesses.find((one) => one.merchantId === merchantId);

describe("a reset of one business", () => {
  test("leaves all others as they were: records, deliveries, faults, requests, tokens, keys and the time", async () => {
    emulator.advance("1m");
    const before = withoutBusiness("mine");
    emulator.reset({ merchantId: "mine" });
    expect(withoutBusiness("mine")).toEqual(before);
    expect(emulator.payment(theirs.open).orderId).toBe("open");
    expect(emulator.deliveries().map(({ merchantId }) => merchantId)).toEqual(["theirs"]);
  });

  test("brings it back to how it began, and keeps its token and its name", async () => {
    emulator.reset({ merchantId: "mine" });
    expect(() => emulator.payment(mine.paid)).toThrow("not found");
    expect(emulator.faults().map(({ merchantId }) => merchantId)).toEqual(["theirs"]);
    expect(emulator.requests().some(({ sdkAccessId }) => sdkAccessId === mine.key.sdkAccessId)).toBe(false);
    expect((await mine.call("GET", "/api/payments/stores")).status).toBe(200);
    expect((await mine.call("GET", "/api/cli/identity")).body).toMatchObject({ businessName: "Shop mine" });
    const again = business("mine");
    emulator.mintToken({ environment: "sandbox", merchantId: "fresh", businessName: "Shop mine" });
    await callerOf(emulator, "sandbox", mine.key.token)("GET", "/api/payments/stores");
    emulator.reset({ merchantId: "mine" });
    await mine.call("GET", "/api/payments/stores");
    expect(business("mine")).toEqual(again);
  });

  test("forgets its idempotency keys, and nobody else's", async () => {
    emulator.reset({ merchantId: "mine" });
    const order = { amount: 3, orderId: "open" };
    const headers = { "idempotency-key": "once" };
    const path = "/api/payments/process-payment";
    expect(textOf(await mine.call("POST", path, order, headers), "paymentRequestId")).not.toBe(mine.open);
    expect(textOf(await theirs.call("POST", path, order, headers), "paymentRequestId")).toBe(theirs.open);
  });

  test("what it was waiting for never happens: nothing expires, and nothing is sent", async () => {
    emulator.reset({ merchantId: "mine" });
    await mine.call("GET", "/api/cli/identity");
    emulator.addWebhook(hooks, { merchantId: "mine" });
    emulator.advance("1d");
    await emulator.deliveriesSettled();
    const sent = emulator.deliveries().map(({ merchantId, event }) => [merchantId, event]);
    expect(sent).toContainEqual(["theirs", "EXPIRED_STATUS"]);
    expect(sent.filter(([merchantId]) => merchantId === "mine")).toEqual([]);
  });

  test("gives up its tokens when told to, and no others", async () => {
    emulator.reset({ merchantId: "mine", keepTokens: false });
    expect((await mine.call("GET", "/api/cli/identity")).status).toBe(401);
    expect((await theirs.call("GET", "/api/cli/identity")).status).toBe(200);
    expect((await callerOf(emulator)("GET", "/api/cli/identity")).status).toBe(200);
    expect(() => emulator.reset({ merchantId: "mine" })).toThrow("Business not found");
  });

  test("of the seeded one brings its revoked token back", async () => {
    const call = callerOf(emulator);
    const { sdkAccessId } = ((await call("GET", "/api/cli/identity")).body as { key: { sdkAccessId: string } }).key;
    await call("DELETE", `/api/cli/api-access/${sdkAccessId}`);
    expect((await call("GET", "/api/cli/identity")).status).toBe(401);
    emulator.reset({ merchantId: emulator.merchantId });
    expect((await call("GET", "/api/cli/identity")).status).toBe(200);
    expect(emulator.payment(mine.open).orderId).toBe("open");
  });

  test("of nobody is refused, and changes nothing", () => {
    const before = withoutBusiness("");
    const unknown = expect.objectContaining({ kind: "not-found", code: "BUSINESS_NOT_FOUND" });
    expect(() => emulator.reset({ merchantId: "nobody" })).toThrow(unknown);
    expect(() => emulator.reset({ merchantId: "" })).toThrow(expect.objectContaining({ kind: "bad-request" }));
    expect(withoutBusiness("")).toEqual(before);
  });
});

describe("a fault of one business", () => {
  test("hits its requests only", async () => {
    const stores = async ({ call }: Pick<Tenant, "call">) => (await call("GET", "/api/payments/stores")).status;
    expect([await stores(mine), await stores(theirs), await stores({ call: callerOf(emulator) })]).toEqual([
      503, 503, 200,
    ]);
    emulator.clearFaults();
    emulator.fault({ method: "GET", path: "/api/**", kind: "status", status: 500, merchantId: "mine" });
    expect([await stores(mine), await stores(theirs)]).toEqual([500, 200]);
    expect(emulator.faults()).toMatchObject([{ merchantId: "mine", hits: 1 }]);
  });

  test.each([["GET /api/x status=503 merchant="], ['[{"path":"/api/x","status":503,"merchantId":5}]']])(
    "%s is refused",
    (text) => {
      expect(() => emulator.addFaults(text)).toThrow("the merchant must be the id of a business");
    },
  );
});

test("the webhook of the options is there after a reset too", async () => {
  for (const options of [{}, { merchantId: emulator.merchantId }]) {
    emulator.reset(options);
    emulator.approve(await newPayment(callerOf(emulator)));
    await emulator.deliveriesSettled();
    expect(emulator.deliveries().at(-1)).toMatchObject({ event: "PAYMENTS_STATUS", url: hooks });
  }
});
