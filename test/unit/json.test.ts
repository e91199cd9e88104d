import { load } from "js-yaml";
import { LosslessNumber } from "lossless-json";
import { describe, expect, it } from "vitest";
import { exactNumber, isRecord, numberOf, parseJson, printJson } from "../../src/json";
import { yaml } from "../../src/terminal/yaml";
import fc from "../random";

const digits = fc.oneof(
  fc.constantFrom("12345678901234567890", "1e400", "10.50", "-0", "1.0", "0.0000001", "1E5", "-1e-400", "0.10"),
  fc
    .double({ noNaN: true, noDefaultInfinity: true })
    .map(String)
    .filter((text) => !text.includes("+")),
  fc.bigInt().map(String),
);

describe("JSON", () => {
  it("keeps every number digit for digit", () => {
    fc.assert(
      fc.property(fc.array(digits), fc.constantFrom("", " ", "\n  "), (numbers, blank) => {
        const text = `[${numbers.map((one) => blank + one).join(",")}]`;
        expect(printJson(parseJson(text))).toBe(`[${numbers.join(",")}]`);
        const [first] = numbers;
        if (first !== undefined) expect(printJson(parseJson(`{"a":${first}}`))).toBe(`{"a":${first}}`);
        if (first !== undefined) expect(printJson(parseJson(first))).toBe(first);
      }),
    );
  });

  it("is otherwise what JSON.parse and JSON.stringify make of it", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        // 10.50 beside it takes the other way through the parser.
        const beside = parseJson(`[${text},10.50]`) as unknown[];
        expect(printJson(beside[0])).toBe(printJson(parseJson(text)));
        expect(JSON.parse(printJson(parseJson(text), 2))).toEqual(JSON.parse(text));
      }),
    );
  });

  it("has an ordinary number wherever that is written the same way", () => {
    expect(parseJson('{"a":1712345678000,"b":10.05,"c":"10.50","d":[10.50]}')).toEqual({
      a: 1712345678000,
      b: 10.05,
      c: "10.50",
      d: [new LosslessNumber("10.50")],
    });
  });

  it.each([
    '{"__proto__":10.50}',
    '{"constructor":1.0}',
    '{"isLosslessNumber":true,"value":"1","n":1.0}',
    '["\\u0000",1.0]',
  ])("takes %s for what it is", (text) => expect(printJson(parseJson(text))).toBe(text));

  it("takes the last of a key that stands twice", () => {
    expect(printJson(parseJson('{"a":1.0,"a":2.0}'))).toBe('{"a":2.0}');
  });

  it.each(["", "{", "01", "1.", "nul", "10.50x"])("refuses %j", (text) =>
    expect(() => parseJson(text)).toThrow(SyntaxError),
  );

  it("reads what is nested without end", () => {
    const deep = `${"[".repeat(50_000)}1.0${"]".repeat(50_000)}`;
    expect(Array.isArray(parseJson(deep))).toBe(true);
  });
});

it("numberOf reads both kinds, isRecord is none", () => {
  expect([numberOf(exactNumber("10.50")), numberOf(5), numberOf("5")]).toEqual([10.5, 5, undefined]);
  expect(isRecord(exactNumber("10.50"))).toBe(false);
});

it("YAML keeps the digits too", () => {
  const value = parseJson('{"id":12345678901234567890,"big":1e400,"a":10.50,"t":"10.50","i":7,"z":-0}');
  const text = yaml(value);
  expect(text.split("\n").slice(0, 3)).toEqual(["id: 12345678901234567890", "big: 1e400", "a: 10.50"]);
  expect(load(text)).toEqual({
    id: Number("12345678901234567890"),
    big: expect.anything(),
    a: 10.5,
    t: "10.50",
    i: 7,
    z: -0,
  });
});
