import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { printable } from "../../../src/terminal/printable";

const unsafe = /[\p{Cc}\u061c\u200b-\u200f\u202a-\u202e\u2028\u2029\u2060-\u2069\ufeff]/u;

describe("printable", () => {
  it.each([
    ["plain text, £5.00 – Zoë 🧾", "plain text, £5.00 – Zoë 🧾"],
    ["\u001b[31mred\u001b[0m", "red"],
    ["\u001b]0;title\u0007after", "after"],
    ["\u001b]8;;https://evil.example.com\u001b\\link\u001b]8;;\u001b\\", "link"],
    ["\u009b31mred", "red"],
    ["a\u0000b\u0008c\u007fd", "abcd"],
    ["one\ntwo\r\nthree\tfour", "one two three four"],
    ["abc\u202edef", "abcdef"],
    ["\u001b[2J\u001b[Hwiped", "wiped"],
    ["\u001bcreset", "reset"],
  ])("%j becomes %j", (text, expected) => {
    expect(printable(text)).toBe(expected);
  });

  const hostile = fc.string({
    unit: fc.oneof(
      fc.constantFrom("\u001b", "\u009b", "\u009d", "[", "]", ";", "m", "\u0007", "\\", "8", "\n", "\r", "\u202e", "A"),
      fc.string({ minLength: 1, maxLength: 1, unit: "binary" }),
    ),
  });

  it("leaves nothing that a terminal would obey, however sequences are nested", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(printable(text)).not.toMatch(unsafe);
      }),
      { numRuns: 2000 },
    );
  });

  it("leaves safe text as it is, and does nothing the second time", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme-ascii" }), (text) => {
        expect(printable(text)).toBe(text);
      }),
    );
    fc.assert(
      fc.property(hostile, (text) => {
        expect(printable(printable(text))).toBe(printable(text));
      }),
    );
  });
});
