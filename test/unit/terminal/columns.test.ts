import { describe, expect, it } from "vitest";
import { at, column, date, formatValue, money, readableDate } from "../../../src/terminal/columns";
import { formatMoney } from "../../../src/text";
import fc from "../../random";

describe("money", () => {
  it.each([
    [10.05, undefined, "£10.05"],
    ["10.5", "GBP", "£10.50"],
    [1234567.8, "GBP", "£1,234,567.80"],
    [999, "EUR", "999.00 EUR"],
    [-5, undefined, "-£5.00"],
    ["", undefined, ""],
    [null, undefined, ""],
    ["ten", undefined, "ten"],
    [{ odd: 1 }, undefined, "odd 1"],
  ])("of %j %s is %s", (amount, currency, expected) => {
    expect(money("Amount", "amount").text({ amount, currency })).toBe(expected);
  });

  it("loses no penny", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 99_999_999_999 }), (pence) => {
        const text = formatMoney(pence / 100).replace(/[£,]/g, "");
        expect(Math.round(Number(text) * 100)).toBe(pence);
        expect(formatMoney(pence / 100)).toMatch(/^£\d{1,3}(,\d{3})*\.\d\d$/);
      }),
    );
  });
});

describe("date", () => {
  const created = date("Created", "at");

  it.each([
    ["2026-01-31T17:00:34.000Z", "2026-01-31 17:00", "2026-01-31"],
    ["2026-01-31T17:00:34+05:30", "2026-01-31 11:30", "2026-01-31"],
    ["2026-01-31", "2026-01-31", "2026-01-31"],
    ["2026-99-99T99:99", "2026-99-99T99:99", "2026-99-99T99:99"],
    ["soon", "soon", "soon"],
    [null, "", ""],
    [1_700_000_000_000, "1700000000000", "1700000000000"],
  ])("of %j is %s, short %s", (value, long, short) => {
    expect(created.text({ at: value })).toBe(long);
    expect(created.short?.({ at: value })).toBe(short);
  });

  it("takes anything", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(readableDate(value)).toBeTypeOf("string");
      }),
    );
  });
});

describe("column", () => {
  it("is the first path that holds something", () => {
    const holder = column("Name", "full.name", "name");
    expect(holder.text({ full: { name: "Ada" }, name: "A" })).toBe("Ada");
    expect(holder.text({ full: { name: "" }, name: "A" })).toBe("A");
    expect(holder.text({ full: null })).toBe("");
  });

  it("never looks into prototypes", () => {
    for (const path of ["constructor", "__proto__.x", "toString", "a.constructor.name"]) {
      expect(at({ a: {} }, path)).toBeUndefined();
    }
  });
});

describe("words", () => {
  it.each([
    [null, ""],
    [undefined, ""],
    [true, "yes"],
    [0, "0"],
    [["a", 1, false], "a, 1, no"],
    [[{ a: 1 }], "1 entry"],
    [[{ a: 1 }, { a: 2 }], "2 entries"],
    [{ a: 1, b: { c: "d" } }, "a 1, b c d"],
    [[], ""],
  ])("of %j is %j", (value, expected) => {
    expect(formatValue(value)).toBe(expected);
  });

  it("has no braces or brackets for any JSON whose own words have none", () => {
    const plain = fc.stringMatching(/^[^{}[\]]*$/);
    const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof(plain, fc.integer(), fc.boolean(), fc.array(tie("tree")), fc.dictionary(plain, tie("tree"))),
    }));
    fc.assert(
      fc.property(tree, (value) => {
        expect(formatValue(value)).not.toMatch(/[{}[\]]/);
      }),
    );
  });
});
