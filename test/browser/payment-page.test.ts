import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type Emulator, startEmulator } from "@atoapayments/atoa-cli/emulator";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { chromiumPath, needs } from "../needs";
import { some } from "../scale.mjs";
import { callerOf, newPayment, textOf } from "../unit/emulator/caller";

/** The hosted page in a real browser, with scripts switched off, on a phone-sized screen. `ATOA_SCREENSHOTS=<folder>` keeps pictures. */

vi.setConfig({ testTimeout: 60_000 });

describe.runIf(needs("chromium"))("the hosted payment page in Chromium", () => {
  let browser: Browser;
  let emulator: Emulator;
  let shop: Server;
  let page: Page;
  let shopOrigin: string;

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: chromiumPath() ?? "", args: ["--no-sandbox"] });
    shop = createServer((_, response) =>
      response.setHeader("content-type", "text/html").end("<title>Shop</title><h1>Thank you</h1>"),
    );
    await new Promise<void>((resolve) => void shop.listen(0, "127.0.0.1", resolve));
    shopOrigin = `http://127.0.0.1:${(shop.address() as AddressInfo).port}`;
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    shop.close();
    shop.closeAllConnections();
  });
  beforeEach(async () => {
    emulator = await startEmulator();
    const context = await browser.newContext({
      javaScriptEnabled: false,
      viewport: { width: 390, height: 844 },
      locale: "en-GB",
    });
    page = await context.newPage();
  });
  afterEach(async () => {
    await page.context().close();
    await emulator.close();
  });

  async function picture(name: string): Promise<void> {
    const folder = process.env.ATOA_SCREENSHOTS;
    if (folder !== undefined) await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
  }

  async function open(fields: Record<string, unknown> = {}): Promise<string> {
    const id = await newPayment(callerOf(emulator), {
      redirectUrl: `${shopOrigin}/return?lang=en`,
      callbackParams: { basket: "42" },
      notes: "Weekly veg box",
      ...fields,
    });
    await page.goto(`${emulator.origin}/pay/${id}`);
    return id;
  }

  const ways = [
    ["Approve", "COMPLETED"],
    ["Decline", "FAILED"],
    ["Cancel and go back", "CANCELLED"],
  ] as const;
  test.each(some(ways, 3))("%s leads back to the shop with status %s", async (button, status) => {
    const id = await open();
    await picture("1-choose");
    await page.getByRole("radio", { name: "Northgate", exact: true }).check();
    await page.getByLabel("Add a tip").selectOption({ label: "£2.00" });
    await page.getByRole("button", { name: "Continue" }).click();
    await page.getByRole("heading", { name: "Confirm your payment" }).waitFor();
    await picture("2-confirm");
    await page.getByRole("button", { name: button }).click();
    await page.getByRole("heading", { name: "Thank you" }).waitFor();
    const url = new URL(page.url());
    expect(url.origin).toBe(shopOrigin);
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      lang: "en",
      basket: "42",
      orderId: "order-1",
      paymentRequestId: id,
      status,
      paymentIdempotencyId: expect.stringMatching(/^ATOA\d{13}$/),
      atoaSignatureHash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    await page.goto(`${emulator.origin}/pay/${id}`);
    await picture(`3-${status.toLowerCase()}`);
    const after = await callerOf(emulator)("GET", `/api/payments/v1/payment-status/${id}`);
    expect(textOf(after, "status")).toBe(status === "CANCELLED" ? "PAYMENT_NOT_INITIATED" : status);
    if (status === "COMPLETED") expect(textOf(after, "paidAmount")).toBe("27.00");
  });

  test("can be walked with the keyboard alone", async () => {
    const id = await open();
    await page.keyboard.press("Tab");
    await page.keyboard.press("ArrowDown");
    for (let tabs = 0; tabs < 4; tabs += 1) {
      if ((await page.locator(":focus").textContent()) === "Continue") break;
      await page.keyboard.press("Tab");
    }
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Approve" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Thank you" }).waitFor();
    expect(emulator.requests()).toHaveLength(1);
    expect(textOf(await callerOf(emulator)("GET", `/api/payments/v1/payment-status/${id}`), "status")).toBe(
      "COMPLETED",
    );
  });

  test.each(some([390, 1280], 2))("the page at / is read, approves and resends at a width of %i", async (width) => {
    emulator.addWebhook("http://127.0.0.1:1/hooks");
    emulator.fault("POST /api/refund status=503 1");
    const id = await open({ orderId: "A-very-long-order-id-that-nobody-would-type-twice" });
    await page.setViewportSize({ width, height: 844 });
    await page.goto(emulator.origin);
    await page.getByRole("button", { name: "Approve" }).first().click();
    await page.waitForURL(/#payments$/);
    expect(emulator.payment(id).status).toBe("COMPLETED");
    await emulator.deliveriesSettled();
    await page.getByRole("link", { name: "Refresh" }).click();
    await page.getByText("Show", { exact: true }).click();
    await page.getByText('"paymentRequestId"').waitFor();
    await open({ orderId: "order-2" });
    await page.goto(emulator.origin);
    await picture(`overview-${width}`);
    await page.getByRole("button", { name: "Resend" }).click();
    await emulator.deliveriesSettled();
    expect(emulator.deliveries()[0]?.attempts).toHaveLength(2);
    const left = emulator.payments({ orderId: "order-2" })[0]?.id ?? "";
    emulator.start(left);
    await page.getByRole("button", { name: "Cancel" }).first().click();
    await page.waitForURL(/#payments$/);
    expect(emulator.payment(left).status).toBe("PAYMENT_NOT_INITIATED");
    await page.getByRole("button", { name: "Clear all faults" }).click();
    await page.waitForURL(/#faults$/);
    expect(emulator.faults()).toEqual([]);
    await page.getByText("Show", { exact: true }).click();
    await picture(`overview-after-${width}`);
    expect(await page.locator("html").evaluate((element) => element.scrollWidth <= element.clientWidth)).toBe(true);
  });

  test("has a language, one main part, one first heading, a name for every control, and fits a phone", async () => {
    await open();
    expect(await page.locator("html").getAttribute("lang")).toBe("en-GB");
    expect(await page.getByRole("main").count()).toBe(1);
    expect(await page.getByRole("heading", { level: 1 }).count()).toBe(1);
    expect(await page.locator("fieldset:not(:has(legend))").count()).toBe(0);
    for (const control of await page.locator("input, select, button").all()) {
      const { role, name } = await nameOf(control);
      expect(name, role).not.toBe("");
    }
    const size = await page.locator("main").boundingBox();
    expect(size?.width).toBeLessThanOrEqual(390);
    expect(await page.locator("html").evaluate((element) => element.scrollWidth <= element.clientWidth)).toBe(true);
  });
});

/** The accessible name as the browser sees it, read from its own snapshot of the tree. */
async function nameOf(control: ReturnType<Page["locator"]>): Promise<{ role: string; name: string }> {
  const snapshot = await control.ariaSnapshot();
  const [, role = "", name = ""] = /^- (\w+)(?: "([^"]*)")?/.exec(snapshot) ?? [];
  return { role, name };
}
