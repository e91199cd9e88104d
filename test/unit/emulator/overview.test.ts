import { request } from "node:http";
import { type Emulator, startEmulator } from "@atoapayments/atoa-cli/emulator";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { callerOf, newPayment } from "./caller";

/** The page at /: what a person sees and may press. */

const frozen = { startAt: "2026-02-10T09:00:00Z", frozen: true };
// Nothing listens there: a delivery fails at once and waits for its next try.
const webhook = { url: "http://127.0.0.1:1/hooks" };

let emulator: Emulator;
let id: string;
beforeEach(async () => {
  emulator = await startEmulator({ transactions: 20, clock: frozen, webhook, allowedHosts: ["box.test"] });
  id = await newPayment(callerOf(emulator), { orderId: "order-77" });
});
afterEach(() => emulator.close());

interface Sent {
  method?: string;
  headers?: Record<string, string>;
  fields?: Record<string, string>;
}

/** Over node:http, because fetch does not let a test choose Host and Origin. */
function call(to: string, { method = "GET", headers = {}, fields }: Sent = {}) {
  return new Promise<{ status: number; headers: Record<string, unknown>; text: string }>((resolve, reject) => {
    const options = { method, headers: { accept: "text/html", ...headers } };
    const sending = request(`${to}/`, options, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part) => (text += part));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
    });
    sending.on("error", reject).end(fields === undefined ? "" : new URLSearchParams(fields).toString());
  });
}
const press = (fields: Record<string, string>, headers = {}) =>
  call(emulator.origin, { method: "POST", fields, headers });

describe("the page at /", () => {
  test("shows payments newest first, requests, refunds, faults, tokens and the clock", async () => {
    emulator.fault("POST /api/refund status=503 1");
    const { status, text } = await call(emulator.origin);
    expect(status).toBe(200);
    const [, first = ""] = text.split("<tbody>");
    expect(first.indexOf("order-77")).toBeGreaterThan(0);
    expect(first.indexOf("order-77")).toBeLessThan(first.indexOf("COMPLETED"));
    expect(text).toContain("2026-02-10 09:00:00 UTC, stopped");
    for (const shown of [id, "£25.00", "/api/payments/process-payment", "status 503", "0 of 1", "Rosewood Market"])
      expect(text).toContain(shown);
    for (const token of Object.values(emulator.tokens)) expect(text).toContain(token);
  });

  test("approves slowly, as a bank does that is busy", async () => {
    expect((await press({ action: "approve-slowly", id })).status).toBe(303);
    expect(emulator.payment(id).status).toBe("PENDING");
    emulator.advance("2m");
    expect(emulator.payment(id).status).toBe("COMPLETED");
  });

  test("shows which operations were called, and names the others", async () => {
    await callerOf(emulator)("POST", "/api/payments/process-payment", { amount: -1 });
    const { text } = await call(emulator.origin);
    const [, after = ""] = text.split('<section id="operations">');
    expect(after).toMatch(/^<h2>Operations called: 1 of 39<\/h2>/);
    for (const shown of ["createPaymentRequest", "200×1, 400×1"]) expect(after).toContain(shown);
    expect(after).toMatch(/<summary>Never called<\/summary><p>getCliIdentity, /);
  });

  test("allows no script, and only forms to itself", async () => {
    const { headers, text } = await call(emulator.origin);
    const policy = String(headers["content-security-policy"]);
    expect(policy).toMatch(/^default-src 'none';/);
    expect(policy).toContain("form-action 'self';");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(text).not.toMatch(/<script|\son\w+=|\sstyle=/);
  });

  test("escapes what merchants, callers and payers wrote", async () => {
    const nasty = `"><script>alert(1)</script>'`;
    const merchantId = emulator.merchantId;
    emulator.mintToken({ environment: "sandbox", merchantId, businessName: nasty });
    const paid = await newPayment(callerOf(emulator), { orderId: nasty, notes: nasty });
    emulator.approve(paid);
    const api = callerOf(emulator);
    await api("POST", "/api/refund", { paymentRequestId: paid, amount: 1, notes: nasty });
    await api("GET", "/api/<b>x</b>", undefined, { "idempotency-key": "<b>key</b>" });
    emulator.fault({ method: "GET", path: "/<b>", kind: "status", status: 500 });
    const { text } = await call(emulator.origin);
    expect(text).not.toContain("<script");
    expect(text).not.toContain("<b>");
    expect(text.split("&lt;script&gt;").length).toBeGreaterThan(3);
    expect(text).toContain("&lt;b&gt;key&lt;/b&gt;");
  });

  test("approves, sends the webhook, sends it again, and lets time pass", async () => {
    const approved = await press({ action: "approve", id });
    expect([approved.status, approved.headers.location]).toEqual([303, "/#payments"]);
    expect(emulator.payment(id).status).toBe("COMPLETED");
    await emulator.deliveriesSettled();
    const [delivery] = emulator.deliveries();
    const { text } = await call(emulator.origin);
    for (const shown of [
      "PAYMENTS_STATUS",
      webhook.url,
      "1 attempt: ",
      "WAITING",
      "&quot;orderId&quot;: &quot;order-77&quot;",
    ])
      expect(text).toContain(shown);
    expect((await press({ action: "resend", id: delivery?.id ?? "" })).status).toBe(303);
    await emulator.deliveriesSettled();
    expect(emulator.deliveries()[0]?.attempts).toHaveLength(2);
    await press({ action: "advance", by: " 30m " });
    expect(new Date(emulator.now()).toISOString()).toBe("2026-02-10T09:30:00.000Z");
  });

  test("declines, and says what it cannot do on the page itself", async () => {
    await press({ action: "decline", id });
    expect(emulator.payment(id).status).toBe("FAILED");
    for (const [fields, status, said] of [
      [{ action: "advance", by: "soon" }, 400, "use 30m"],
      [{ action: "resend", id: "none" }, 404, "not found"],
      [{ action: "reset" }, 400, "Choose one of the buttons"],
    ] as const) {
      const reply = await press(fields);
      expect(reply.status).toBe(status);
      expect(reply.text).toMatch(new RegExp(`role="alert">[^<]*${said}`));
    }
  });

  test.each(["https://evil.example", "null", "http://127.0.0.1:1"])("refuses a form of origin %s", async (origin) => {
    expect((await press({ action: "approve", id }, { origin })).status).toBe(403);
    expect(emulator.payment(id).status).toBe("PAYMENT_NOT_INITIATED");
  });

  test("takes a form of its own origin, also behind a proxy that speaks TLS", async () => {
    expect((await press({ action: "approve", id }, { origin: emulator.origin })).status).toBe(303);
    const origin = emulator.origin.replace("http:", "https:");
    expect((await press({ action: "advance", by: "1m" }, { origin })).status).toBe(303);
  });

  test("gives a payment up as the customer does, and takes the faults off", async () => {
    await press({ action: "approve", id });
    expect((await press({ action: "cancel", id })).status).toBe(400);
    const other = await newPayment(callerOf(emulator));
    emulator.start(other);
    expect((await press({ action: "cancel", id: other })).headers.location).toBe("/#payments");
    expect(emulator.payment(other).status).toBe("PAYMENT_NOT_INITIATED");
    expect((await call(emulator.origin)).text).not.toContain("Clear all faults");
    emulator.fault("POST /api/refund status=503 1");
    expect((await call(emulator.origin)).text).toContain("Clear all faults");
    expect((await press({ action: "clear-faults" })).headers.location).toBe("/#faults");
    expect(emulator.faults()).toEqual([]);
  });

  test.each([
    ["evil.example", 421],
    ["box.test", 403],
    ["192.0.2.1", 403],
  ])("hides from a page that reached it by the name %s", async (host, status) => {
    const form = { method: "POST", fields: { action: "approve", id } };
    for (const sent of [{}, form]) {
      const reply = await call(emulator.origin, { ...sent, headers: { host } });
      expect(reply.status).toBe(status);
      expect(reply.text).not.toContain(emulator.tokens.sandbox);
    }
    expect(emulator.payment(id).status).toBe("PAYMENT_NOT_INITIATED");
  });

  test("asks a browser of another machine for the control token", async () => {
    await using guarded = await startEmulator({ controlToken: "test-token-control", allowedHosts: ["box.test"] });
    const asked = await call(guarded.origin, { headers: { host: "box.test" } });
    expect([asked.status, asked.headers["www-authenticate"]]).toEqual([401, 'Basic realm="atoa emulator"']);
    const authorization = `Basic ${Buffer.from("me:test-token-control").toString("base64")}`;
    expect((await call(guarded.origin, { headers: { host: "box.test", authorization } })).status).toBe(200);
  });

  test("answers a program with JSON, and with no token", async () => {
    for (const accept of ["application/json", "*/*"]) {
      const { status, text } = await call(emulator.origin, { headers: { accept } });
      expect(status).toBe(200);
      expect(JSON.parse(text)).toEqual({
        name: "atoa emulator",
        control: "/__emulator",
        openapi: "/openapi.json",
        now: "2026-02-10T09:00:00.000Z",
      });
    }
  });
});
