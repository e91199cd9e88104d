import { describe, expect, it } from "vitest";
import { didYouMean, nearest } from "../../../src/cli/suggestions";
import fc from "../../random";

const names = ["amount", "orderId", "output", "env", "yes", "idempotencyKey", "customerId"];

describe("nearest", () => {
  it.each([
    ["ammount", ["amount"]],
    ["maount", ["amount"]],
    ["orderid", ["orderId"]],
    ["order", ["orderId"]],
    ["outptu", ["output"]],
    ["evn", ["env"]],
    ["yse", ["yes"]],
    ["idempotency", ["idempotencyKey"]],
    ["envv", ["env"]],
    ["foo", []],
    ["all", []],
    ["", []],
  ])("of %s is %j", (typed, close) => expect(nearest(typed, names)).toEqual(close));

  it("takes text of any length, and never more than three names", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), fc.array(fc.string()), (typed, some) => {
        const close = nearest(typed, some);
        expect(close.length).toBeLessThanOrEqual(3);
        expect(some).toEqual(expect.arrayContaining(close));
      }),
    );
    expect(nearest("x".repeat(100_000), names)).toEqual([]);
  });

  it("finds a name with any one edit in it", () => {
    const long = names.filter((name) => name.length > 4);
    fc.assert(
      fc.property(fc.constantFrom(...long), fc.nat(), fc.constantFrom("a", "Z", ""), (name, place, letter) => {
        const at = place % name.length;
        const typed = name.slice(0, at) + letter + name.slice(at + 1);
        expect(nearest(typed, names)).toContain(name);
      }),
    );
  });
});

it("anyOf asks, or falls back", () => {
  expect(didYouMean(["a", "b"], "see help")).toBe("did you mean `a` or `b`?");
  expect(didYouMean([], "see help")).toBe("see help");
});
