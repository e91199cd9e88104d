import { beforeAll, describe, expect, it } from "vitest";
import { type Rig, rig } from "./program";

/** The whole way through: log in, create, pay, watch, refund twice with one key, list. */
describe("from login to refund", () => {
  let shop: Rig;
  beforeAll(async () => {
    shop = await rig();
    const login = await shop.login("acme", "sandbox");
    expect(login).toMatchObject({ code: 0, stdout: "" });
    expect(login.stderr).toContain("✓ Logged in to");
  });

  it("takes a payment and refunds it once", async () => {
    const created = await shop.run(["payments", "create", "--amount", "25.00", "--orderId", "order-001"]);
    const { paymentRequestId } = JSON.parse(created.stdout);
    shop.emulator.approve(paymentRequestId);
    const status = await shop.run(["payments", "status", paymentRequestId, "--poll"]);
    expect(JSON.parse(status.stdout)).toMatchObject({ status: "COMPLETED", paidAmount: "25.00" });

    const refund = ["refunds", "create", "--paymentRequestId", paymentRequestId, "--amount", "5.00", "--yes"];
    const first = await shop.run([...refund, "--idempotencyKey", "night/1"]);
    const second = await shop.run([...refund, "--idempotencyKey", "night/1"]);
    expect(second).toEqual(first);
    const list = await shop.run(["refunds", "list", "--paymentRequestId", paymentRequestId]);
    expect(JSON.parse(list.stdout)).toHaveLength(1);

    const table = await shop.run(["payments", "transactions", "--output", "table", "--size", "1"]);
    expect(table.stdout).toMatch(/^ORDER +STATUS .*\norder-001 +COMPLETED +£25\.00 /);
    expect(table.stderr).toMatch(/^1 of \d+ items/m);
  });
});
