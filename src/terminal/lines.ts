import { printJson } from "../json";
import { redactValue } from "../redaction";
import { type Cells, CsvRows, csvLines } from "../reports/csv";
import { Spool } from "./spool";

/** The formats of which a part looks whole: one line an item. Nothing of them is written before all of it is known. */
type LineFormat = "csv" | "ndjson";

/** Items as lines; nothing for no items. @param fields names of the columns, when they are chosen */
export function lines(items: readonly unknown[], format: LineFormat, fields: readonly string[] | undefined): string {
  if (format === "ndjson") return jsonLines(items);
  if (items.length === 0) return "";
  const rows = new CsvRows(fields);
  const cells = items.map((item) => rows.row(item));
  return csvLines([rows.header, ...cells], rows.header.length);
}

/** The same of pages that arrive one by one: they wait on disk until the last one, and with it the header, is known. */
export async function spooledLines(
  pages: AsyncIterable<readonly unknown[]>,
  format: LineFormat,
  fields: readonly string[] | undefined,
  write: (text: string) => Promise<void>,
): Promise<void> {
  const spool = await Spool.create();
  try {
    const rows = new CsvRows(fields);
    let count = 0;
    for await (const page of pages) {
      if (page.length === 0) continue;
      const items = redactValue(page) as readonly unknown[];
      count += items.length;
      await spool.add(format === "csv" ? JSON.stringify(items.map((item) => rows.row(item))) : jsonLines(items));
    }
    if (count === 0) return;
    const width = rows.header.length;
    if (format === "csv") await write(csvLines([rows.header], width));
    for await (const text of spool.texts()) {
      await write(format === "csv" ? csvLines(JSON.parse(text) as Cells[], width) : text);
    }
  } finally {
    await spool.close();
  }
}

function jsonLines(items: readonly unknown[]): string {
  return items.map((item) => `${printJson(item)}\n`).join("");
}
