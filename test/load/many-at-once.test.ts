import { expect, it } from "vitest";
import { atoa, rig } from "../e2e/program";
import { times } from "../scale.mjs";

const many = times(200, 8);

/** Many programs at once, one emulator: all succeed, each with a payment and a key of its own. */
it(`takes ${many} payments at the same moment`, async () => {
  const shop = await rig({ transactions: 0 });
  expect((await shop.login("acme", "sandbox")).code).toBe(0);
  shop.emulator.clearRequests();
  const start = performance.now();
  const outcomes = await Promise.all(
    Array.from({ length: many }, (_, index) =>
      atoa(["payments", "create", "--amount", "2.00", "--orderId", `o-${index}`], {
        env: { ...shop.env, ATOA_TIMEOUT: "120", ATOA_MAX_RETRIES: "2" },
        limit: 240_000,
        alone: true,
      }),
    ),
  );
  process.stdout.write(`${many} payments at once: ${((performance.now() - start) / 1000).toFixed(1)} s\n`);
  expect(outcomes.filter(({ code, stderr }) => code !== 0 || stderr !== "")).toEqual([]);
  const ids = outcomes.map(({ stdout }) => (JSON.parse(stdout) as { paymentRequestId: string }).paymentRequestId);
  expect(new Set(ids).size).toBe(many);
  const created = shop.emulator.requests().filter(({ path }) => path === "/api/payments/process-payment");
  expect(created).toHaveLength(many);
  expect(new Set(created.map(({ headers }) => headers["idempotency-key"])).size).toBe(many);
  expect(new Set(created.map(({ headers }) => headers["x-atoa-cli-request-id"])).size).toBe(many);
  expect(new Set(created.map(({ body }) => (body as unknown as { orderId: string }).orderId)).size).toBe(many);
}, 300_000);
