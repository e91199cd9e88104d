import { type Emulator, type EmulatorOptions, startEmulator } from "@atoapayments/atoa-cli/emulator";
import { afterEach, expect, test } from "vitest";
import { choices } from "../../../src/emulator/choices";
import { callerOf, newPayment } from "./caller";

const running: Emulator[] = [];
afterEach(async () => {
  for (const emulator of running.splice(0)) await emulator.close();
});

async function start(options: EmulatorOptions = {}): Promise<Emulator> {
  const emulator = await startEmulator(options);
  running.push(emulator);
  return emulator;
}

interface Page {
  data: Record<string, unknown>[];
  totalCount: number;
}

/** Everything that a fresh emulator shows, as text. */
async function everything(emulator: Emulator): Promise<string> {
  const call = callerOf(emulator);
  const parts = [];
  for (const path of [
    "/api/payments/stores",
    "/api/customers?size=100",
    "/api/payouts?limit=100",
    "/api/customers/cust_123/cards",
  ]) {
    parts.push((await call("GET", path)).body);
  }
  for (let page = 0; page < 4; page += 1)
    parts.push((await call("POST", `/api/payments/transactions?size=100&page=${page}`, {})).body);
  parts.push((await call("GET", "/api/payouts/po_555/transactions")).body);
  parts.push(
    (
      await call(
        "GET",
        "/api/bank/accounts/acct_111/transactions?from=2020-01-01&before=2099-01-01&page=0&itemsPerPage=100",
      )
    ).body,
  );
  return JSON.stringify(parts);
}

test("the same seed gives the same bytes and tokens on the same day; another seed another business", async () => {
  const [one, two, later, other] = [
    await start({ seed: "july", clock: { startAt: "2026-07-01T03:00:00Z", frozen: true } }),
    await start({ seed: "july", clock: { startAt: "2026-07-01T23:00:00Z", frozen: true } }),
    await start({ seed: "july", clock: { startAt: "2031-01-01", frozen: true } }),
    await start({ seed: "june" }),
  ];
  const first = await everything(one);
  expect(two.tokens).toEqual(one.tokens);
  expect((await everything(two)) === first).toBe(true);
  // On another day only what is made of time differs: dates, and the references that begin with them.
  const timeless = (text: string) => text.replace(/"\d{4}-\d\d-\d\dT[^"]*"|"ATOA\d+"/g, "");
  expect(timeless(await everything(later)) === timeless(first)).toBe(true);
  expect(other.tokens).not.toEqual(one.tokens);
  expect((await everything(other)) === first).toBe(false);
});

test.each(["2026-11-21T00:00:00Z", "2026-11-21T23:59:59Z", "2024-03-01T12:00:00Z"])(
  "at %s the past ends yesterday, and nothing lies in the future",
  async (startAt) => {
    const emulator = await start({ clock: { startAt, frozen: true } });
    const all = await everything(emulator);
    const yesterday = new Date(Date.parse(startAt) - 86_400_000).toISOString().slice(0, 10);
    const dates = [...all.matchAll(/"(\d{4}-\d\d-\d\dT[^"]*)"/g)].map(([, date = ""]) => date);
    expect(dates.filter((date) => date.slice(0, 10) > yesterday)).toEqual([]);
    expect(dates.filter((date) => date.startsWith(yesterday)).length).toBeGreaterThan(3);
  },
);

test("the business is believable: hundreds of payments, most of them good, refunds, payouts that add up", async () => {
  const emulator = await start();
  const call = callerOf(emulator);
  const count = async (filter: unknown): Promise<number> =>
    ((await call("POST", "/api/payments/transactions?size=1", filter)).body as Page).totalCount;
  const all = await count({});
  expect(all).toBeGreaterThanOrEqual(300);
  expect(await count({ status: ["COMPLETED"] })).toBeGreaterThan(all * 0.75);
  expect(await count({ status: ["FAILED"] })).toBeGreaterThan(3);
  const byCard = await count({ paymentMethod: ["CARD"] });
  const byBank = await count({ paymentMethod: ["PAY_BY_BANK"] });
  expect(Math.min(byCard, byBank)).toBeGreaterThan(all * 0.2);
  const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
  expect(await count({ fromDate: daysAgo(30), toDate: daysAgo(0), status: ["COMPLETED"] })).toBeGreaterThan(50);
  const { data: payouts } = (await call("GET", "/api/payouts?status=COMPLETED&limit=100")).body as Page;
  const { data: items } = (await call("GET", `/api/payouts/${payouts[0]?.id}/transactions?limit=100`)).body as Page;
  const total = items.reduce((sum, item) => sum + (item.isRefund ? -1 : 1) * Math.round(Number(item.amount) * 100), 0);
  expect(total).toBe(Math.round(Number(payouts[0]?.amount) * 100));
});

test("pages cover a list without gap or repeat, newest first", async () => {
  const emulator = await start();
  const call = callerOf(emulator);
  const seen: Record<string, unknown>[] = [];
  for (let page = 0; ; page += 1) {
    const { data, totalCount } = (await call("POST", `/api/payments/transactions?page=${page}&size=50`, {}))
      .body as Page;
    seen.push(...data);
    if (data.length === 0) {
      expect(seen).toHaveLength(totalCount);
      break;
    }
  }
  expect(new Set(seen.map(({ paymentRequestId }) => paymentRequestId)).size).toBe(seen.length);
  const times = seen.map(({ createdAt }) => String(createdAt));
  expect(times).toEqual([...times].sort().reverse());
});

test("filters of lists find what they name", async () => {
  const emulator = await start();
  const call = callerOf(emulator);
  const names = async (query: string): Promise<unknown[]> =>
    ((await call("GET", `/api/customers?${query}`)).body as Page).data.map(({ fullName }) => fullName);
  expect(await names("search=jane.doe@")).toEqual(["Jane Doe"]);
  expect(await names("search=7700900123")).toEqual(["Jane Doe"]);
  const transactions = async (filter: unknown): Promise<Page> =>
    (await call("POST", "/api/payments/transactions", filter)).body as Page;
  expect((await transactions({ search: "RM-10001" })).totalCount).toBe(1);
  expect((await transactions({ atoaCustomerIds: ["cust_123"] })).totalCount).toBeGreaterThan(0);
  expect((await call("POST", "/api/payments/transactions", { status: [] })).status).toBe(400);
  expect((await call("POST", "/api/payments/transactions", { state: ["COMPLETED"] })).body).toMatchObject({
    message: "state is not a known field",
  });
  const payouts = async (query: string): Promise<Page> => (await call("GET", `/api/payouts?${query}`)).body as Page;
  expect((await payouts("status=PENDING")).totalCount).toBe(1);
  const sorted = (await payouts("orderBy=amount&limit=100")).data.map(({ amount }) => Number(amount));
  expect(sorted).toEqual([...sorted].sort((a, b) => b - a));
  expect((await payouts("fromDate=2026-01-10&toDate=2026-01-10")).totalCount).toBeLessThanOrEqual(1);
  const at = Date.parse(String((await payouts("limit=1")).data[0]?.createdAt));
  const until = async (ms: number) =>
    (await payouts(`fromDate=${new Date(at).toISOString()}&toDate=${new Date(ms).toISOString()}`)).totalCount;
  expect(await until(at)).toBe(1);
  expect((await payouts(`toDate=${new Date(at - 1).toISOString()}`)).totalCount).toBe(
    (await payouts("limit=1")).totalCount - 1,
  );
});

test("a seed may be as large as a walk over a thousand pages needs", async () => {
  const emulator = await start({ transactions: 20_000 });
  const last = await callerOf(emulator)("POST", "/api/payments/transactions?page=199&size=100", {});
  expect((last.body as Page).data).toHaveLength(100);
});

test("callback parameters are bounded in bytes: large ones do not fill the memory, and no payment is lost", async () => {
  const emulator = await start();
  const call = callerOf(emulator);
  const ids: string[] = [];
  const callbackParams = { basket: "x".repeat(1_000_000) };
  for (let count = 0; count < 70; count += 1) ids.push(await newPayment(call, { callbackParams }));
  const kept: boolean[] = [];
  for (const id of [...ids.slice(0, 10), ...ids.slice(-1)]) {
    emulator.approve(id);
    const { body } = await call("GET", `/api/payments/v1/payment-status/${id}`);
    kept.push(JSON.stringify(body).length > 1_000_000);
  }
  // The oldest are given up, and no more of them than must be.
  const first = kept.indexOf(true);
  expect((ids.length - first) * 1_000_000).toBeLessThanOrEqual(choices.callbackBytesKept);
  expect([...kept].sort()).toEqual(kept);
  expect(first).toBeLessThan(10);
});
