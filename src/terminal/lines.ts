import { printJson } from "../json";
import { mayHoldToken, redact, redactValue } from "../redaction";
import { Csv, widened } from "../reports/csv";
import { Spool } from "./spool";

/** The formats of which a part looks whole: one line an item. Nothing of them is written before all of it is known. */
type LineFormat = "csv" | "ndjson";

/** Items as lines; nothing for no items. @param fields names of the columns, when they are chosen */
export function lines(items: readonly unknown[], format: LineFormat, fields: readonly string[] | undefined): string {
  if (format === "ndjson") return jsonLines(items);
  if (items.length === 0) return "";
  const csv = new Csv(fields);
  const text = csv.lines(items);
  return csv.header(redact) + text;
}

/** The same of pages that arrive one by one: they wait on disk until the last one, and with it the header, is known. */
export async function spooledLines(
  pages: AsyncIterable<readonly unknown[]>,
  format: LineFormat,
  fields: readonly string[] | undefined,
  write: (data: string | Uint8Array) => Promise<void>,
): Promise<void> {
  const spool = new Spool();
  try {
    const csv = new Csv(fields);
    let empty = true;
    for await (const page of pages) {
      if (page.length === 0) continue;
      spool.add(withoutTokens(page, format === "csv" ? (items) => csv.lines(items) : jsonLines), csv.width);
      empty = false;
    }
    if (empty) return;
    if (format === "csv") await write(csv.header(redact));
    for (const { utf8, columns } of spool.parts()) {
      const missing = csv.width - columns;
      await write(missing === 0 ? utf8 : widened(utf8.toString("utf8"), missing));
    }
  } finally {
    spool.close();
  }
}

/** Only a page that holds a token is walked through. */
function withoutTokens(page: readonly unknown[], made: (items: readonly unknown[]) => string): string {
  const text = made(page);
  return mayHoldToken(text) ? made(redactValue(page) as readonly unknown[]) : text;
}

function jsonLines(items: readonly unknown[]): string {
  return items.map((item) => `${printJson(item)}\n`).join("");
}
