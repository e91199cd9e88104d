import { parse } from "csv-parse/sync";
import { stringify } from "csv-stringify/sync";
import { describe, expect, it } from "vitest";
import { parseJson } from "../../../src/json";
import { Csv, widened } from "../../../src/reports/csv";
import fc from "../../random";

/** What `--output csv` prints of these items, when they come on one page, or a page each. */
function csv(items: readonly unknown[], chosen?: readonly string[], pageEach = false): string {
  const made = new Csv(chosen);
  const pages = (pageEach ? items.map((item) => [item]) : [items]).map((page) => {
    const text = made.lines(page);
    return { text, width: made.width };
  });
  const lines = pages.map(({ text, width }) => widened(text, made.width - width));
  return [made.header((name) => name), ...lines].join("");
}

describe("csv", () => {
  it("has the union of all fields as its header, in order of first sight, and CRLF at each line's end", () => {
    expect(
      csv([
        { b: 1, a: { y: true } },
        { c: null, a: { x: [1, { z: 2 }] } },
      ]),
    ).toBe('b,a.y,c,a.x\r\n1,true,,\r\n,,,"[1,{""z"":2}]"\r\n');
  });

  it("quotes commas, quotes and any kind of line end", () => {
    expect(csv([{ a: "x,y", b: 'say "hi"', c: "one\ntwo", d: "one\rtwo", e: " é€𝄞 " }])).toBe(
      'a,b,c,d,e\r\n"x,y","say ""hi""","one\ntwo","one\rtwo", é€𝄞 \r\n',
    );
  });

  it.each([
    ["=1+1", "'=1+1"],
    ["+44 7700 900123", "'+44 7700 900123"],
    ["+447700900123", "'+447700900123"],
    ["-lookup", "'-lookup"],
    ["@cmd", "'@cmd"],
    ["\tx", "'\tx"],
    ["-5.00", "-5.00"],
    ["-12", "-12"],
    ["-5.", "'-5."],
    ["-", "'-"],
    ["5-3", "5-3"],
    ["'=1", "'=1"],
  ])("keeps a spreadsheet from running the text %j", (text, cell) => {
    expect(csv([{ a: text }])).toBe(`a\r\n${cell}\r\n`);
    expect(csv([{ [text]: 1 }])).toBe(`${cell}\r\n1\r\n`);
  });

  it("leaves numbers as they are, digit for digit", () => {
    expect(csv([parseJson('{"a":-5.10,"b":12345678901234567890,"c":-1e400,"d":-0.5,"e":[1.50]}')])).toBe(
      "a,b,c,d,e\r\n-5.10,12345678901234567890,-1e400,-0.5,[1.50]\r\n",
    );
  });

  it("makes a row of each item, whatever it is", () => {
    expect(csv(["x", null, 3])).toBe('value\r\nx\r\n""\r\n3\r\n');
    expect(csv([{ a: {} }, {}])).toBe('a\r\n{}\r\n""\r\n');
    expect(csv([{}, {}])).toBe('""\r\n""\r\n""\r\n');
  });

  it("gives a line that was made before a column was seen an empty cell for it, also where a cell holds line ends", () => {
    expect(csv([{ a: 'say\r\n"hi"\r\n' }, { a: 1, b: 2 }, { c: 3 }], undefined, true)).toBe(
      'a,b,c\r\n"say\r\n""hi""\r\n",,\r\n1,2,\r\n,,3\r\n',
    );
    expect(csv([{}, null, { a: 1 }], undefined, true)).toBe('value,a\r\n"",\r\n"",\r\n,1\r\n');
  });

  it("quotes what csv-stringify quotes", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z" ,;\r\n'é]*$/), fc.string(), (one, other) => {
        fc.pre([one, other].every((text) => plain(text) === text));
        const rows = [
          ["a", "b"],
          [one, other],
        ];
        expect(csv([{ a: one, b: other }])).toBe(stringify(rows, { record_delimiter: "\r\n", quoted_match: /[\r\n]/ }));
      }),
    );
  });

  it("shows the chosen fields in their order, also those that no item has", () => {
    expect(csv([{ a: 1, b: { c: "=x", d: 2 } }, { a: 3 }], ["b.c", "none", "a", "b"])).toBe(
      `b.c,none,a,b\r\n'=x,,1,"{""c"":""=x"",""d"":2}"\r\n,,3,\r\n`,
    );
  });

  it("parsed back by another parser equals the items", () => {
    const name = fc.string({ minLength: 1, maxLength: 6 }).filter((text) => !text.includes("."));
    const scalar = fc.oneof(
      fc.string(),
      fc.stringMatching(/^[=+\-@\t\r"', 0-9.\n]*$/),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
    );
    const item = fc.dictionary(name, fc.oneof(scalar, fc.dictionary(name, scalar, { minKeys: 1 })), {
      minKeys: 1,
      noNullPrototype: true,
    });
    fc.assert(
      fc.property(fc.array(item, { minLength: 1, maxLength: 8 }), fc.boolean(), (items, pageEach) => {
        const flat = items.map((one) =>
          Object.entries(one).flatMap(([key, value]): [string, string][] =>
            value !== null && typeof value === "object"
              ? Object.entries(value).map(([inner, cell]) => [plain(`${key}.${inner}`), plain(cell)])
              : [[plain(key), plain(value)]],
          ),
        );
        const header = [...new Set(flat.flatMap((row) => row.map(([key]) => key)))];
        const [names, ...rows] = parse(csv(items, undefined, pageEach), {
          record_delimiter: "\r\n",
          relax_column_count: false,
        }) as string[][];
        expect(names).toEqual(header);
        expect(rows).toEqual(flat.map((row) => header.map((key) => new Map(row).get(key) ?? "")));
      }),
    );
  });
});

/** The text of a cell, guarded as the contract says, in other words than the program's. */
function plain(value: string | number | boolean | null): string {
  const text = value === null ? "" : String(value);
  const runs = typeof value === "string" && ["=", "+", "-", "@", "\t", "\r"].includes(text.charAt(0));
  const isNumber = /^-?[0-9]+$|^-?[0-9]+\.[0-9]+$/.test(text);
  return runs && !isNumber ? `'${text}` : text;
}
