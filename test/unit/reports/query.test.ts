import { LosslessNumber } from "lossless-json";
import { describe, expect, it } from "vitest";
import { AtoaError } from "../../../src/errors";
import { parseJson, printJson } from "../../../src/json";
import { pence, pounds } from "../../../src/reports/pence";
import { parseQuery } from "../../../src/reports/query";
import fc from "../../random";

const query = (text: string, value: unknown) => parseQuery(text).run(value);

function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof AtoaError && error.kind === "usage") return `${error.summary} — ${error.hint}`;
    throw error;
  }
  throw new Error("nothing was refused");
}

const payments = [
  { id: "a", amount: "10.05", status: "COMPLETED", tip: 1.1 },
  { id: "b", amount: "9.00", status: "FAILED", tip: 2.2 },
  { id: "c", amount: "100.10", status: "COMPLETED" },
];

describe("a query", () => {
  it.each([
    ["[].id", ["a", "b", "c"]],
    ["[0].id", "a"],
    ["[?status=='COMPLETED'].id", ["a", "c"]],
    ["length(@)", 3],
    ["[].{id: id, p: pence(amount)} | [0]", { id: "a", p: 1005 }],
    ["sum([].pence(amount))", 11915],
    ["pounds(sum([].pence(amount)))", "119.15"],
    ["[?pence(amount) > `1000`].id", ["a", "c"]],
    ["sort_by(@, &pence(amount))[].id", ["b", "a", "c"]],
    ["max_by(@, &pence(amount)).id", "c"],
    ["min_by(@, &pence(amount)).id", "b"],
    ["max([].pence(amount))", 10010],
    ["min([].pence(amount))", 900],
    ["sort([].pence(amount))", [900, 1005, 10010]],
    ["max([].id)", "c"],
    ["sort_by(@, &id)[-1].id", "c"],
    ["sum([].tip)", 3.3],
    ["[0].tip + [1].tip", 3.3],
    ["[0].tip * [1].tip", 2.42],
    ["[0].tip - [1].tip", -1.1],
    ["avg([].tip)", 1.65],
    ["avg(`[]`)", null],
    ["sum(`[]`)", 0],
    ["max(`[]`)", null],
    ["max_by(`[]`, &x)", null],
    ["group_by(@, &status).FAILED[0].id", "b"],
    ["[?tip].id", ["a", "b"]],
    ["[?tip == `1.1`].id", ["a"]],
    ["[?tip != `1.1`].id", ["b", "c"]],
    ["[?missing > `1`]", []],
    ["[].to_number(amount)", [10.05, 9, 100.1]],
    ["to_number('x')", null],
    ["type([0].amount)", "string"],
    ["[0].*", ["a", "10.05", "COMPLETED", 1.1]],
    ["map(&id, @)", ["a", "b", "c"]],
    ["join(',', [].id)", "a,b,c"],
    ["let $s = 'FAILED' in [?status == $s].id", ["b"]],
    ["[0].id == 'a' ? 'yes' : 'no'", "yes"],
    ["-`1`", -1],
    ["abs(`-1.5`)", 1.5],
    ["`7` // `2`", 3],
    ["`7` % `4`", 3],
    ["ceil(`1.2`) + floor(`1.8`)", 3],
    ["@ == @", true],
    ["nothing", null],
  ])("%s", (text, expected) => {
    expect(query(text, payments)).toEqual(expected);
  });

  it("keeps the digits of what it selects", () => {
    const text = '[{"id":12345678901234567890,"amount":10.50,"huge":1e400}]';
    const lossless = parseJson(text);
    for (const same of ["@", "[*]", "[].{id: id, amount: amount, huge: huge}", "sort_by(@, &amount)"]) {
      expect(printJson(query(same, lossless))).toBe(text);
    }
    expect(query("[0].to_string(id)", lossless)).toBe("12345678901234567890");
    expect(query("[0].type(id)", lossless)).toBe("number");
    expect(query("[0].id.value", lossless)).toBeNull();
    expect(query("[0].amount.*", lossless)).toBeNull();
    expect(query("[?amount == `10.5`] | length(@)", lossless)).toBe(1);
    expect(query("[?amount > `10.4`] | length(@)", lossless)).toBe(1);
    expect(query("[0].pence(amount)", lossless)).toBe(1050);
    expect(refusal(() => query("[0].id + `1`", lossless))).toBe(
      "--query cannot calculate with 12345678901234567890 exactly — select it as it is, and calculate elsewhere",
    );
  });

  it("selects null for what only a prototype has", () => {
    for (const name of ["__proto__", "constructor", "toString", "hasOwnProperty"]) {
      expect(query(name, {})).toBeNull();
      expect(query(`@.{a: a}.${name}`, {})).toBeNull();
      expect(query(`"${name}"`, { a: 1 })).toBeNull();
    }
    expect(query("__proto__", JSON.parse('{"__proto__": 1}'))).toBe(1);
    expect(JSON.stringify(query("{__proto__: a, b: a}", { a: 1 }))).toBe('{"__proto__":1,"b":1}');
    expect(JSON.stringify(query("group_by(@, &k)", [{ k: "__proto__" }, { k: "toString" }]))).toBe(
      '{"__proto__":[{"k":"__proto__"}],"toString":[{"k":"toString"}]}',
    );
  });

  it.each([
    "sum([].amount)",
    "avg([].amount)",
    "max([].amount)",
    "min([].amount)",
    "sort([].amount)",
    "sort_by(@, &amount)",
    "max_by(@, &amount)",
    "min_by(@, &amount)",
    "[0].amount + [1].amount",
    "[0].amount - `1`",
    "[0].amount * `2`",
    "-[0].amount",
    "abs([0].amount)",
    "[?amount > `10`]",
    "[?amount >= '10']",
    "[?amount == `10.05`]",
    "[?amount != `10.05`]",
    "[?id < 'b']",
  ])("refuses %s over amounts that are text, and names pence()", (text) => {
    expect(refusal(() => query(text, payments))).toContain("pence(amount)");
  });

  it.each([
    ["pence(missing)", "pence(null): the value is not an amount"],
    ["pence('abc')", 'pence("abc"): the value is not an amount'],
    ["pence('')", 'pence(""): the value is not an amount'],
    ["pence('1e3')", 'pence("1e3"): the value is not an amount'],
    ["pence('1,000.00')", 'pence("1,000.00"): the value is not an amount'],
    ["pence('10.005')", 'pence("10.005"): the value has more than two decimals'],
    ["pence(`10.005`)", "pence(10.005): the value has more than two decimals"],
    ["pence('90071992547409.93')", 'pence("90071992547409.93"): the value is too large to be exact'],
    ["pence(@)", "pence(an object): the value is not an amount"],
    ["pounds(`10.5`)", "pounds(10.5): the value is not a whole number of pence"],
    ["pounds(`1e17`)", "pounds(100000000000000000): the value is not a whole number of pence"],
    ["pounds('1005')", "--query cannot calculate with text or compare it"],
    ["pounds(missing)", "--query cannot calculate with null"],
    ["sum([pence('1'), missing])", "--query cannot calculate with null"],
    ["sum(missing)", "--query needs a list here, not null"],
    ["sort(['a', `1`])", "--query cannot sort number among text"],
    ["`1` / `0`", "--query divides by zero"],
    ["`1` % `0`", "--query divides by zero"],
    ["`1` // `0`", "--query divides by zero"],
    ["$unknown", "--query cannot be computed from this response"],
    ["keys(`1`)", "--query cannot be computed from this response"],
  ])("refuses %s when it is computed", (text, message) => {
    expect(refusal(() => query(text, {}))).toContain(message);
  });

  it.each([
    ["", "it ends too early at position 1"],
    ["[?status==", "it ends too early at position 11"],
    ["a.", "it ends too early at position 3"],
    ["a b", 'unexpected "b" at position 3'],
    ["[].{id: id", "it ends too early at position 11"],
    ["a ]]", 'unexpected "]]" at position 3'],
    ["a.#b", 'unexpected "#b" at position 3'],
    ['a."b', 'unexpected "\\"b" at position 3'],
    ["a == `x`", 'unexpected "`x`" at position 6'],
    ["[?a=='b' c", 'unexpected "c" at position 10'],
    ["foo(@)", "calls foo(), which does not exist"],
    ["toString(@)", "calls toString(), which does not exist"],
    ["[].pence()", "calls pence() with 0 arguments; it takes 1"],
    ["sort_by(@)", "calls sort_by() with 1 arguments; it takes 2"],
    ["&id", "has an & outside the arguments of a function"],
    ["(".repeat(20_000), "is nested too deeply"],
  ])("refuses %s before anything is sent, and says where", (text, message) => {
    expect(refusal(() => parseQuery(text))).toContain(message);
  });

  it("ends in an answer or a usage error, whatever is asked", () => {
    const words = fc.constantFrom(
      ..."a . [ ] [? [] { } : , * | || && ! == < ( ) & @ ' ` \" sum pence 1 - + let $x in".split(" "),
    );
    fc.assert(
      fc.property(fc.array(words, { maxLength: 12 }), fc.json(), (parts, json) => {
        try {
          query(parts.join(""), JSON.parse(json));
        } catch (error) {
          expect(error instanceof AtoaError && error.kind).toBe("usage");
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe("pence and pounds", () => {
  const amount = fc.tuple(fc.boolean(), fc.nat(999_999_999), fc.integer({ min: 0, max: 99 }));

  it("agree with BigInt over any list of amounts, as text and as numbers", () => {
    fc.assert(
      fc.property(fc.array(amount, { maxLength: 50 }), (amounts) => {
        const texts = amounts.map(
          ([minus, whole, rest]) => `${minus ? "-" : ""}${whole}.${String(rest).padStart(2, "0")}`,
        );
        const expected = texts.reduce((sum, text) => sum + BigInt(text.replace(".", "")), 0n);
        expect(String(query("sum([].pence(@))", texts))).toBe(String(expected));
        expect(String(query("sum([].pence(@))", texts.map(Number)))).toBe(String(expected));
        expect(query("pounds(sum([].pence(@)))", texts)).toBe(pounds(Number(expected)));
      }),
    );
  });

  it("undo each other up to 2^53 pence", () => {
    expect(pence(pounds(2 ** 53))).toBe(2 ** 53);
    expect(pounds(1005)).toBe("10.05");
    expect([pounds(0), pounds(5), pounds(-5), pounds(-1005)]).toEqual(["0.00", "0.05", "-0.05", "-10.05"]);
    expect([pence("-0.00"), pence("10"), pence(10.1), pence(new LosslessNumber("10.50"))]).toEqual([
      0, 1000, 1010, 1050,
    ]);
    fc.assert(
      fc.property(fc.maxSafeInteger(), (whole) => {
        expect(pence(pounds(whole))).toBe(whole === 0 ? 0 : whole);
      }),
    );
  });
});
