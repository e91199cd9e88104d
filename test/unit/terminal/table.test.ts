import { stripVTControlCharacters } from "node:util";
import stringWidth from "string-width";
import { describe, expect, it } from "vitest";
import { column, date, idColumn, money, yesNo } from "../../../src/terminal/columns";
import { guessedColumns, objectTable, rowsTable } from "../../../src/terminal/table";
import fc, { codePoint } from "../../random";
import { times } from "../../scale.mjs";

const columns = [
  idColumn("Id", "id"),
  idColumn("Status", "status"),
  money("Amount", "amount"),
  { ...column("Payer", "payer"), minWidth: 8 },
  date("Created", "at"),
  column("Notes", "notes"),
];
const row = {
  id: "0f2b6f0a-6a1d",
  status: "COMPLETED",
  amount: 1250.5,
  payer: "Daisy Underhill of Leeds",
  at: "2026-01-31T17:00:34.000Z",
  notes: "flowers",
};

function lines(width: number | undefined, rows: readonly Record<string, unknown>[] = [row]): string[] {
  return stripVTControlCharacters(rowsTable(rows, columns, width).text)
    .trimEnd()
    .split("\n");
}

describe("rowsTable", () => {
  it("cuts nothing where there is no terminal", () => {
    expect(lines(undefined)).toEqual([
      "ID             STATUS        AMOUNT  PAYER                     CREATED (UTC)     NOTES",
      "0f2b6f0a-6a1d  COMPLETED  £1,250.50  Daisy Underhill of Leeds  2026-01-31 17:00  flowers",
    ]);
  });

  it.each([
    [90, "0f2b6f0a-6a1d  COMPLETED  £1,250.50  Daisy Underhill of Leeds  2026-01-31 17:00  flowers", []],
    [80, "0f2b6f0a-6a1d  COMPLETED  £1,250.50  Daisy Underhill…  2026-01-31 17:00  flowers", []],
    [70, "0f2b6f0a-6a1d  COMPLETED  £1,250.50  Daisy Un…  2026-01-31     flowers", []],
    [60, "0f2b6f0a-6a1d  COMPLETED  £1,250.50  Daisy U…  2026-01-31", ["Notes"]],
    [50, "0f2b6f0a-6a1d  COMPLETED  £1,250.50  Daisy Underh…", ["Created (UTC)", "Notes"]],
    [30, "0f2b6f0a-6a1d  COMPLETED", ["Amount", "Payer", "Created (UTC)", "Notes"]],
    [5, "0f2b6f0a-6a1d", ["Status", "Amount", "Payer", "Created (UTC)", "Notes"]],
  ])("in %i columns gives up the least first", (width, expected, hidden) => {
    expect(lines(width)[1]).toBe(expected);
    expect(rowsTable([row], columns, width).hidden).toEqual(hidden);
  });

  it.each([74, 72, 66])("cuts no emoji in two, in %i columns", (width) => {
    const [, line = ""] = lines(width, [{ ...row, payer: "Al 🎉🎈🎂🎁🎀🎊🎇🎆" }]);
    expect(line).toMatch(/ Al (🎉|🎈|🎂|🎁|🎀|🎊|🎇|🎆)+… {2,3}2026-01-31/u);
    expect(Buffer.from(line).toString()).toBe(line);
  });

  it("lays out thousands of rows in a time that grows with their number", () => {
    const count = times(12_000, 1_000);
    const many = Array.from({ length: count }, (_, index) => ({ ...row, id: `pr_${index}` }));
    const start = performance.now();
    expect(lines(80, many)).toHaveLength(count + 1);
    expect(performance.now() - start).toBeLessThan(15_000);
  }, 30_000);

  it("leaves out what is empty in every row, on a terminal", () => {
    const bare = [{ id: "1", status: "FAILED" }];
    expect(lines(80, bare)).toEqual(["ID  STATUS", "1   FAILED"]);
    expect(rowsTable(bare, columns, 80).hidden).toEqual([]);
    expect(lines(undefined, bare)[0]).toContain("NOTES");
  });

  const cell = fc.oneof(
    fc.string({ unit: "grapheme" }),
    fc.string({ unit: codePoint }),
    fc.constant(null),
    fc.double(),
  );
  const anyRow = fc.record({ id: cell, status: cell, amount: cell, payer: cell, at: cell, notes: cell });

  it("is never wider than the terminal, has a line a row and the whole first column", () => {
    fc.assert(
      fc.property(fc.array(anyRow, { minLength: 1, maxLength: 8 }), fc.integer({ min: 1, max: 200 }), (rows, width) => {
        const { text } = rowsTable(rows, columns, width);
        const found = stripVTControlCharacters(text).replace(/\n$/, "").split("\n");
        expect(found).toHaveLength(rows.length + 1);
        const shown = found[0]?.trim().split(/ {2,}/) ?? [];
        expect(shown.length).toBeGreaterThan(0);
        if (shown.length > 1) for (const line of found) expect(stringWidth(line)).toBeLessThanOrEqual(width);
      }),
    );
  });

  it("never shows an object as code", () => {
    const odd = [{ id: { a: 1 }, notes: [{ b: 2 }, { b: 3 }], payer: ["x", "y"], status: true }];
    expect(lines(undefined, odd)[1]).toMatch(/^a 1 +yes +x, y +2 entries$/);
  });
});

describe("objectTable", () => {
  it("indents what is inside, leaves out what is empty, and makes dates readable", () => {
    const value = {
      id: "pr_1",
      nothing: null,
      store: { name: "Market Street", tags: ["a", "b"], none: {} },
      attempts: [{ status: "FAILED", at: "2026-01-31T17:00:34.000Z" }, { status: "COMPLETED" }, "odd"],
      splitBill: false,
    };
    expect(objectTable(value, undefined)).toBe(
      [
        "id          pr_1",
        "store",
        "  name      Market Street",
        "  tags      a, b",
        "attempts 1",
        "  status    FAILED",
        "  at        2026-01-31 17:00",
        "attempts 2",
        "  status    COMPLETED",
        "attempts 3  odd",
        "splitBill   no",
        "",
      ].join("\n"),
    );
  });

  it("goes on in the next line where the value is too long", () => {
    expect(objectTable({ hash: "0123456789abcdefghij" }, 18)).toBe("hash  0123456789ab\n      cdefghij\n");
  });

  it("takes any object", () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.option(fc.integer({ min: 1, max: 200 })),
        (value, width) => {
          expect(objectTable(value, width ?? undefined)).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\ue000]/);
        },
      ),
    );
    expect(objectTable(JSON.parse('{"__proto__":{"constructor":"x"}}'), 80)).toBe("__proto__\n  constructor  x\n");
    expect(objectTable({}, 80)).toBe("");
  });
});

describe("guessedColumns", () => {
  it("takes the scalar fields of the first rows, named in words, ids whole", () => {
    const guessed = guessedColumns([
      { storeId: "s", inner: {} },
      { storeId: "t", isOpen: true, at: "2026-01-31T17:00:34Z" },
    ]);
    expect(guessed.map(({ title, noTruncate }) => [title, noTruncate])).toEqual([
      ["store id", true],
      ["is open", false],
      ["at", false],
    ]);
    expect(guessed.map(({ text }) => text({ storeId: "t", isOpen: true, at: "2026-01-31T17:00:34Z" }))).toEqual([
      "t",
      "yes",
      "2026-01-31 17:00",
    ]);
  });

  it("takes eight at most", () => {
    const wide = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`f${index}`, index]));
    expect(guessedColumns([wide])).toHaveLength(8);
  });
});

it.each([
  [true, "yes"],
  ["true", "yes"],
  ["false", "no"],
  [false, "no"],
  [undefined, ""],
  ["perhaps", "perhaps"],
])("yesNo of %j is %s", (value, expected) => {
  expect(yesNo("Open", "open").text({ open: value })).toBe(expected);
});
