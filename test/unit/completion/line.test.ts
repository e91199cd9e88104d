import { describe, expect, it } from "vitest";
import { type Shell, shells, splitLine } from "../../../src/completion/line";
import fc from "../../random";

describe("splitting a line", () => {
  const cases: readonly (readonly [Shell, string, readonly string[], string, ("" | "'" | '"')?])[] = [
    ["bash", "", [], ""],
    ["bash", "atoa", [], "atoa"],
    ["bash", "atoa ", ["atoa"], ""],
    ["bash", "  atoa   payments  cr", ["atoa", "payments"], "cr"],
    ["bash", `atoa 'a b' "c d" e\\ f `, ["atoa", "a b", "c d", "e f"], ""],
    ["bash", `atoa "a\\"b\\$c\\d" `, ["atoa", 'a"b$c\\d'], ""],
    ["bash", `atoa 'a\\' `, ["atoa", "a\\"], ""],
    ["bash", `atoa 'it'\\''s' `, ["atoa", "it's"], ""],
    ["bash", `atoa "open qu`, ["atoa"], "open qu", '"'],
    ["bash", `atoa --name='open qu`, ["atoa"], "--name=open qu", "'"],
    ["bash", "atoa trailing\\", ["atoa"], "trailing"],
    ["zsh", "atoa 👍 👍", ["atoa", "👍"], "👍"],
    ["zsh", "atoa\ta\nb", ["atoa", "a"], "b"],
    ["fish", `atoa 'it\\'s' "a\\$b" `, ["atoa", "it's", "a$b"], ""],
    ["pwsh", `atoa 'it''s' "say ""hi""" a\`;b c\\d `, ["atoa", "it's", 'say "hi"', "a;b", "c\\d"], ""],
    ["pwsh", `atoa "a\`"b`, ["atoa"], 'a"b', '"'],
  ];
  it.each(cases.map((one) => ({ one, title: `${one[0]}: ${one[1]}` })))("$title", ({ one }) => {
    const [shell, line, words, text, quote = ""] = one;
    const split = splitLine(line, shell);
    expect(split.words).toEqual(words);
    expect(split.current).toMatchObject({ text, quote });
  });

  it.each([
    ["atoa --env=sand", 6],
    ["atoa env=a:b", 6],
    ["atoa --env='sand", 6],
    ["atoa 'a=b", 0],
    ["atoa a\\=b", 0],
    ["atoa plain", 0],
  ])("bash leaves alone what stands before its word breaks: %s", (line, kept) => {
    expect(splitLine(line, "bash", "=:").current.kept).toBe(kept);
  });

  it("takes any line of any shell", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 60 }), fc.constantFrom(...shells), (line, shell) => {
        const { words, current } = splitLine(line, shell, "=:");
        expect(current.kept).toBeLessThanOrEqual(current.text.length);
        expect([...words, current.text].join("").length).toBeLessThanOrEqual(line.length);
      }),
    );
  });

  it("undoes quotes as bash's own quoting makes them", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 1 }), { maxLength: 5 }), (words) => {
        const line = ["atoa", ...words.map((word) => `'${word.replaceAll("'", "'\\''")}'`), ""].join(" ");
        expect(splitLine(line, "bash").words).toEqual(["atoa", ...words]);
      }),
    );
  });
});
