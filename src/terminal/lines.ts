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
  write: (text: string) => Promise<void>,
): Promise<void> {
  const spool = new Spool();
  try {
    const csv = new Csv(fields);
    /** How many columns each text in the spool has. */
    const widths: number[] = [];
    let [pending, width] = ["", csv.width];
    const put = () => {
      spool.add(pending);
      widths.push(width);
      pending = "";
    };
    for await (const page of pages) {
      if (page.length === 0) continue;
      const text = withoutTokens(page, format === "csv" ? (items) => csv.lines(items) : jsonLines);
      if (pending !== "" && (csv.width !== width || pending.length > batch)) put();
      pending += text;
      width = csv.width;
    }
    if (pending === "") return;
    put();
    if (format === "csv") await write(csv.header(redact));
    let number = 0;
    for (const text of spool.texts()) await write(widened(text, csv.width - (widths[number++] ?? 0)));
  } finally {
    spool.close();
  }
}

/** Characters that wait in memory: a call to the system for each page would take longer than the page. */
const batch = 200_000;

/** Only a page that holds a token is walked through. */
function withoutTokens(page: readonly unknown[], made: (items: readonly unknown[]) => string): string {
  const text = made(page);
  return mayHoldToken(text) ? made(redactValue(page) as readonly unknown[]) : text;
}

function jsonLines(items: readonly unknown[]): string {
  return items.map((item) => `${printJson(item)}\n`).join("");
}
