import { expect, it } from "vitest";
import { longestServerText, safeLine } from "../../../src/text";

const token = "test-token-sandbox-0123456789";

it.each([
  ["words", "word ".repeat(60), `${"word ".repeat(39)}word…`],
  ["one long word", "x".repeat(5000), "xxxxxxxx…"],
  ["words without spaces", "支払い".repeat(100), `${"支払い".repeat(100).slice(0, 199)}…`],
  ["what just fits", "x".repeat(longestServerText), "x".repeat(longestServerText)],
  ["nothing", " \n ", ""],
])("a line is bounded, and is never cut down to nothing: %s", (_, text, shown) => {
  expect(safeLine(text)).toBe(shown);
});

it.each(["", "a ", "支払い", `${"a ".repeat(90)}`, "支".repeat(190), "x".repeat(180)])(
  "no more than the start of a token stands at the end, behind %s",
  (before) => {
    const line = safeLine(`${before}${token.repeat(20)}`);
    expect(line.length).toBeLessThanOrEqual(longestServerText);
    const longestStart = [...token].findLastIndex((_, end) => line.includes(token.slice(0, end + 1))) + 1;
    expect(longestStart).toBeLessThanOrEqual(8);
  },
);
