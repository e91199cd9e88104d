import { describe, expect, it } from "vitest";
import { escapeInvisible, sanitise, shellWord, truncate } from "../../src/text";
import fc, { codePoint } from "../random";

const unsafe = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u;

describe("sanitise", () => {
  it.each([
    ["plain text, £5.00 – Zoë 🧾", "plain text, £5.00 – Zoë 🧾"],
    ["\u001b[31mred\u001b[0m", "red"],
    ["\u001b]0;title\u0007after", "after"],
    ["\u001b]8;;https://evil.example.com\u001b\\link\u001b]8;;\u001b\\", "link"],
    ["\u009b31mred", "red"],
    ["a\u0000b\u0008c\u007fd", "abcd"],
    ["one\ntwo\r\nthree\tfour", "one two three four"],
    ["abc\u202edef\u061c\u00ad", "abcdef"],
    ["👩\u200d🚀 क्\u200dष", "👩\u200d🚀 क्\u200dष"],
    ["\u001b[2J\u001b[Hwiped", "wiped"],
    ["\u001bcreset", "reset"],
  ])("%j becomes %j", (text, expected) => {
    expect(sanitise(text)).toBe(expected);
  });

  const hostile = fc.string({
    unit: fc.oneof(
      fc.constantFrom("\u001b", "\u009b", "\u009d", "[", "]", ";", "m", "\u0007", "\\", "8", "\n", "\r", "\u202e", "A"),
      codePoint,
    ),
  });

  it("leaves nothing that a terminal would obey, however sequences are nested", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(sanitise(text)).not.toMatch(unsafe);
      }),
      { numRuns: 2000 },
    );
  });

  it("leaves safe text as it is, and does nothing the second time", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme-ascii" }), (text) => {
        expect(sanitise(text)).toBe(text);
      }),
    );
    fc.assert(
      fc.property(hostile, (text) => {
        expect(sanitise(sanitise(text))).toBe(sanitise(text));
      }),
    );
  });
});

it("escapeInvisible shows what JSON leaves to the terminal, and leaves the value as it is", () => {
  const json = JSON.stringify({ name: "a\u202eb\u2066c\u009bd é" });
  expect(escapeInvisible(json)).toBe('{"name":"a\\u202eb\\u2066c\\u009bd é"}');
  expect(JSON.parse(escapeInvisible(json))).toEqual(JSON.parse(json));
});

describe("truncate", () => {
  it.each([
    ["abc", 3, "abc"],
    ["abcd", 3, "ab…"],
    ["🧾🧾🧾", 3, "🧾🧾🧾"],
    ["🧾🧾🧾🧾", 3, "🧾🧾…"],
    ["", 3, ""],
  ])("%j to %i is %j", (text, longest, expected) => {
    expect(truncate(text, longest)).toBe(expected);
  });
});

describe("shellWord", () => {
  it.each([
    ["order-001", "order-001"],
    ["it's", "'it'\\''s'"],
    ["a b", "'a b'"],
    ["", "''"],
    ["$HOME", "'$HOME'"],
  ])("%j is %s", (text, expected) => {
    expect(shellWord(text, "linux")).toBe(expected);
  });

  it("is quoted with double quotes on Windows", () => {
    expect(shellWord("C:\\Users\\a b", "win32")).toBe('"C:\\Users\\a b"');
  });
});
