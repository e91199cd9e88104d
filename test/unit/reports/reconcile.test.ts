import { LosslessNumber } from "lossless-json";
import { describe, expect, it } from "vitest";
import { discrepancies, Payments, reconcile } from "../../../src/reports/reconcile";
import fc from "../../random";

const row = (reference: string, amount: unknown, more: object = {}) => ({
  paymentIdempotencyId: reference,
  amount,
  isRefund: false,
  ...more,
});

const sample = [
  row("ATOA1", "123.00"),
  row("ATOA2", "162.06", { paymentRequestId: "pr_2" }),
  row("ATOA3", "1000.00"),
  row("ATOA1", "45.76", { isRefund: true, refundId: "rf_1" }),
];

function payments(...list: Record<string, unknown>[]): Payments {
  const known = new Payments();
  for (const payment of list) known.add(payment);
  return known;
}

const orders = payments(
  { paymentIdempotencyId: "ATOA1", orderId: "order-1", paidAmount: 123 },
  { paymentRequestId: "pr_2", orderId: "order-2", paidAmount: 162.06 },
  { paymentIdempotencyId: "ATOA3", orderId: "order-3", paidAmount: new LosslessNumber("1000.00") },
);

describe("a reconciliation", () => {
  it("takes refunds off: the documented sample comes to 1,239.30", () => {
    const result = reconcile({ id: "po_1", amount: "1239.30" }, sample, orders);
    expect(result).toMatchObject({
      payoutId: "po_1",
      gross: "1285.06",
      refunds: "-45.76",
      net: "1239.30",
      payout: "1239.30",
      difference: "0.00",
    });
    expect(result.rows.map(({ orderId, signedAmount }) => [orderId, signedAmount])).toEqual([
      ["order-1", "123.00"],
      ["order-2", "162.06"],
      ["order-3", "1000.00"],
      ["order-1", "-45.76"],
    ]);
    expect(result.rows[3]).toMatchObject({ amount: "45.76", refundId: "rf_1" });
    expect(result).not.toHaveProperty("fees");
    expect(discrepancies(result, orders)).toEqual([]);
  });

  it("says by how much they do not meet", () => {
    const result = reconcile({ id: "po_1", amount: "1330.82" }, sample, orders);
    expect(result.difference).toBe("91.52");
    expect(discrepancies(result, orders)).toEqual([
      "payout po_1 is 1330.82, its rows come to 1239.30: a difference of 91.52",
    ]);
  });

  it("names rows without an order and rows of another amount than their order's", () => {
    const some = payments(
      { paymentIdempotencyId: "ATOA1", orderId: "order-1", paidAmount: 45.75 },
      { paymentRequestId: "pr_2", orderId: null, paidAmount: 162.06 },
      { paymentIdempotencyId: "ATOA3", orderId: "order-3" },
    );
    expect(discrepancies(reconcile({ id: "po_1", amount: 1239.3 }, sample, some), some)).toEqual([
      "row ATOA1 is 123.00, order order-1 is 45.75",
      "row ATOA2 has no order",
      "row ATOA3 is not comparable: the amount of order order-3 is unknown",
      "row ATOA1 is -45.76, order order-1 is 45.75",
    ]);
  });

  it.each([undefined, null, "", "abc", "10.005", {}, "1e3"])(
    "does not compare an amount that is unknown: %j",
    (amount) => {
      const unknownPayout = reconcile({ id: "po_1", amount }, sample, orders);
      expect([unknownPayout.net, unknownPayout.payout, unknownPayout.difference]).toEqual(["1239.30", null, null]);
      expect(discrepancies(unknownPayout, orders)).toEqual(["payout po_1 is not comparable: an amount is unknown"]);
      const unknownRow = reconcile({ id: "po_1", amount: "1.00" }, [...sample, row("ATOA3", amount)], orders);
      expect([unknownRow.gross, unknownRow.refunds, unknownRow.net, unknownRow.difference]).toEqual([
        null,
        "-45.76",
        null,
        null,
      ]);
      expect(unknownRow.rows[4]?.signedAmount).toBeNull();
      expect(discrepancies(unknownRow, orders)).toEqual([
        "payout po_1 is not comparable: an amount is unknown",
        "row ATOA3 is not comparable: its amount is unknown",
      ]);
    },
  );

  it("takes fees off where the payout names them", () => {
    expect(reconcile({ id: "po_1", amount: "1229.30", fees: "10.00" }, sample, orders)).toMatchObject({
      fees: "-10.00",
      net: "1229.30",
      difference: "0.00",
    });
    expect(reconcile({ id: "po_1", amount: "1.00", fee: "?" }, sample, orders)).toMatchObject({
      fees: null,
      difference: null,
    });
  });

  it("reads refunds that are already negative, and those that only have a refund id", () => {
    const rows = [
      row("a", "10.00"),
      row("b", "-1.00", { isRefund: "true" }),
      { paymentIdempotencyId: "c", amount: "2.00", refundId: "rf" },
    ];
    expect(reconcile({ id: "po", amount: 7 }, rows, orders)).toMatchObject({
      refunds: "-3.00",
      net: "7.00",
      difference: "0.00",
    });
  });

  it("goes by the reference where a payout has no id, and is empty without rows", () => {
    expect(reconcile({ payoutReferenceId: "APY1", amount: "0.00" }, [], orders)).toEqual({
      payoutId: "APY1",
      rows: [],
      gross: "0.00",
      refunds: "0.00",
      net: "0.00",
      payout: "0.00",
      difference: "0.00",
    });
  });

  it("adds up like BigInt, whatever the rows", () => {
    const one = fc.record({ pence: fc.nat(10_000_000_000), isRefund: fc.boolean() });
    fc.assert(
      fc.property(fc.array(one, { maxLength: 60 }), (list) => {
        const rows = list.map(({ pence, isRefund }, index) => row(`r${index}`, text(BigInt(pence)), { isRefund }));
        const net = list.reduce((sum, { pence, isRefund }) => sum + BigInt(isRefund ? -pence : pence), 0n);
        const result = reconcile({ id: "po", amount: text(net) }, rows, orders);
        expect([result.net, result.difference]).toEqual([text(net), "0.00"]);
      }),
    );
  });
});

function text(pence: bigint): string {
  const digits = String(pence < 0n ? -pence : pence).padStart(3, "0");
  return `${pence < 0n ? "-" : ""}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
