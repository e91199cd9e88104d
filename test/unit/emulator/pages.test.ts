import { type Emulator, startEmulator } from "@atoapayments/atoa-cli/emulator";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { choices } from "../../../src/emulator/choices";
import { signatureOfPayment } from "../../../src/webhooks/signature";
import { type Caller, callerOf, newPayment, textOf } from "./caller";

let emulator: Emulator;
let call: Caller;
beforeEach(async () => {
  emulator = await startEmulator({ transactions: 20, clock: { startAt: "2026-02-10T09:00:00Z", frozen: true } });
  call = callerOf(emulator);
});
afterEach(() => emulator.close());

const get = (path: string) => fetch(emulator.origin + path, { redirect: "manual" });
const post = (path: string, fields: Record<string, string>) =>
  fetch(emulator.origin + path, { method: "POST", body: new URLSearchParams(fields), redirect: "manual" });
const status = async (id: string): Promise<string> =>
  textOf(await call("GET", `/api/payments/v1/payment-status/${id}`), "status");

describe("the hosted payment page", () => {
  test("is where paymentUrl points, and the codes lead there", async () => {
    const reply = await call("POST", "/api/payments/process-payment", {
      amount: 25,
      orderId: "o",
      template: "RECEIPT_PNG",
    });
    const page = await fetch(textOf(reply, "paymentUrl"));
    expect(page.status).toBe(200);
    expect(await page.text()).toContain("£25.00");
    const svg = await fetch(textOf(reply, "qrCodeUrl"));
    expect(svg.headers.get("content-type")).toBe("image/svg+xml");
    expect(await svg.text()).toContain("<svg");
    for (const field of ["qrCodeUrlPng", "templateUrl"]) {
      const png = Buffer.from(await (await fetch(textOf(reply, field))).arrayBuffer());
      expect(png.subarray(1, 4).toString("latin1"), field).toBe("PNG");
    }
  });

  test("allows no script and no frame, loads nothing from elsewhere, and lets the form lead to the shop", async () => {
    const id = await newPayment(call, { redirectUrl: "https://shop.example.com/return?x=1" });
    const page = await get(`/pay/${id}`);
    const policy = page.headers.get("content-security-policy");
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("form-action 'self' https://shop.example.com;");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain("script-src");
    expect(await page.text()).not.toMatch(/<script|(?:src|href)="(?:https?:)?\/\/(?!shop\.example\.com)/);
  });

  test("escapes everything that a merchant or payer wrote", async () => {
    const nasty = `"><script>alert(1)</script>&'`;
    const { token } = emulator.mintToken({
      environment: "sandbox",
      merchantId: "5f0e6c1e-0000-4000-8000-00000000000a",
      businessName: nasty,
    });
    const id = await newPayment(callerOf(emulator, "sandbox", token), {
      orderId: nasty,
      notes: `<b>${nasty}`.slice(0, 30),
      redirectUrl: `https://shop.example.com/?q=${encodeURIComponent(nasty)}'`,
      callbackParams: { [nasty]: nasty },
    });
    for (const step of ["start", "decline"] as const) {
      const text = await (await get(`/pay/${id}`)).text();
      expect(text).not.toContain("<script>");
      expect(text).not.toContain("<b>");
      expect(text).toContain("&lt;script&gt;");
      emulator[step](id, { reason: nasty });
    }
    expect(await (await get(`/pay/${id}`)).text()).not.toContain("<script>");
  });

  test("sends the payer back with the documented parameters, which the shop's own cannot replace", async () => {
    const id = await newPayment(call, {
      redirectUrl: "myshop://return/here?keep=1",
      callbackParams: { basket: "42", lines: [1, 2], status: "COMPLETED", orderId: "forged" },
    });
    await post(`/pay/${id}`, { action: "choose", with: "bank:northgate-sandbox", tip: "0" });
    const reply = await post(`/pay/${id}`, { action: "decline" });
    expect(reply.status).toBe(303);
    const url = new URL(reply.headers.get("location") ?? "");
    expect(url.href).toMatch(/^myshop:\/\/return\/here\?keep=1&/);
    expect(Object.fromEntries(url.searchParams)).toEqual({
      keep: "1",
      basket: "42",
      lines: "[1,2]",
      status: "FAILED",
      orderId: "order-1",
      paymentRequestId: id,
      paymentIdempotencyId: expect.stringMatching(/^ATOA\d+$/),
      atoaSignatureHash: signatureOfPayment(emulator.tokens.sandbox, "order-1", id),
    });
  });

  test("without a redirectUrl comes back to itself", async () => {
    const id = await newPayment(call);
    expect((await post(`/pay/${id}`, { action: "choose", with: "card:4242" })).headers.get("location")).toBe(
      `/pay/${id}`,
    );
    expect((await post(`/pay/${id}`, { action: "approve" })).headers.get("location")).toBe(`/pay/${id}`);
    expect(await (await get(`/pay/${id}`)).text()).toContain("Payment complete");
    expect(await status(id)).toBe("COMPLETED");
  });

  test("declines the test card that is there to be declined", async () => {
    const id = await newPayment(call);
    await post(`/pay/${id}`, { action: "choose", with: `card:${choices.decliningCardDigits}` });
    await post(`/pay/${id}`, { action: "approve" });
    expect(await status(id)).toBe("FAILED");
  });

  test("refuses what is not on it: no button, an unknown bank, a bank that is closed or too small, a second payment", async () => {
    const id = await newPayment(call, { amount: 12_000 });
    for (const fields of [
      {},
      { action: "pay" },
      { action: "choose" },
      { action: "choose", with: "bank:nowhere" },
      { action: "choose", with: "bank:old-mill-sandbox" },
      { action: "choose", with: "bank:larkspur-sandbox" },
      { action: "cancel", with: "x" },
    ] as Record<string, string>[]) {
      const reply = await post(`/pay/${id}`, fields);
      if (fields.action === "cancel") continue;
      expect(reply.status, JSON.stringify(fields)).toBe(400);
      expect(await reply.text()).toContain('role="alert"');
    }
    expect(await (await get(`/pay/${id}`)).text()).not.toContain("Larkspur");
    emulator.approve(id);
    expect((await post(`/pay/${id}`, { action: "approve" })).status).toBe(400);
  });

  test("minds its limits, which the API does not", async () => {
    const id = await newPayment(call, { amount: 15_000.01 });
    expect(await (await get(`/pay/${id}`)).text()).toContain("Payments of up to £15,000.00");
    expect((await post(`/pay/${id}`, { action: "choose", with: "card:4242" })).status).toBe(400);
  });

  test("says what has become of a payment", async () => {
    const id = await newPayment(call);
    for (const [state, words] of [
      ["PENDING", "Waiting for the bank"],
      ["AUTHORIZED", "Payment authorised"],
      ["CANCELLED", "This payment was cancelled"],
      ["EXPIRED", "This payment request has expired"],
      ["COMPLETED", "Payment complete"],
    ] as const) {
      emulator.preparePayment(id, { status: state });
      expect(await (await get(`/pay/${id}`)).text(), state).toContain(words);
    }
    const missing = await get("/pay/nothing");
    expect(missing.status).toBe(404);
    expect(await missing.text()).toContain("not found");
    expect((await get("/banks/nowhere.svg")).status).toBe(404);
    expect((await get("/banks/modelo-sandbox.svg")).status).toBe(200);
  });
});

describe("the consent page", () => {
  const initiate = async (fields: Record<string, unknown> = {}): Promise<{ id: string; path: string }> => {
    const reply = await call("POST", "/api/bank/auth/initiate", {
      redirectUrl: "https://shop.example.com/bank",
      ...fields,
    });
    const url = new URL(textOf(reply, "url"));
    return { id: textOf(reply, "accountAuthId"), path: url.pathname + url.search };
  };

  test("links, and brings the accounts on the way back", async () => {
    const { id, path } = await initiate({ callbackParams: "ref=42" });
    expect(await (await get(path)).text()).toContain("It cannot move money");
    const back = new URL((await post(path, { action: "agree" })).headers.get("location") ?? "");
    const { bankAccountIds, ...others } = Object.fromEntries(back.searchParams);
    expect(others).toEqual({ ref: "42", accountAuthId: id, status: "SUCCESS" });
    for (const account of String(bankAccountIds).split(",")) {
      expect((await call("GET", `/api/bank/accounts/${account}/balance`)).status).toBe(200);
    }
    expect((await post(path, { action: "agree" })).status).toBe(303);
  });

  test("can be refused, runs out after an hour, and knows no other ids", async () => {
    const refused = await initiate({ callbackParams: { ref: { a: 1 } } });
    const back = new URL((await post(refused.path, { action: "refuse" })).headers.get("location") ?? "");
    expect(Object.fromEntries(back.searchParams)).toEqual({
      ref: '{"a":1}',
      accountAuthId: refused.id,
      status: "CANCELLED",
    });
    const late = await initiate({ callbackParams: "plain words" });
    emulator.advance(choices.consentLinkLifetime);
    const expired = new URL((await get(late.path)).headers.get("location") ?? "");
    expect(Object.fromEntries(expired.searchParams)).toMatchObject({
      status: "EXPIRED",
      callbackParams: "plain words",
    });
    expect((await get("/link-bank?accountAuthId=nothing")).status).toBe(404);
    expect((await get("/link-bank")).status).toBe(404);
  });
});
