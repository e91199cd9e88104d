/**
 * CSV as RFC 4180 has it, with CRLF. The header is the union of the fields of all rows in order of first sight, so rows
 * are numbered cells until the last one is known.
 */

import { stringify } from "csv-stringify/sync";
import { isRecord, printJson } from "../json";
import { fieldAt } from "./columns";

/** The cells of a row, by the number of their column; what is missing at its end is empty. */
export type Cells = readonly string[];

/** Makes rows of items, and learns the header on the way. */
export class CsvRows {
  readonly #numbers = new Map<string, number>();

  /** @param chosen fields to show, when they are not all to be shown */
  constructor(private readonly chosen?: readonly string[]) {
    for (const name of chosen ?? []) this.#numbers.set(name, this.#numbers.size);
  }

  get header(): Cells {
    return [...this.#numbers.keys()].map(guarded);
  }

  row(item: unknown): Cells {
    if (this.chosen !== undefined && isRecord(item)) return this.chosen.map((name) => cell(fieldAt(item, name)));
    const cells: string[] = [];
    this.#collect(item, "", cells);
    return Array.from(cells, (text) => text ?? "");
  }

  #collect(value: unknown, name: string, cells: string[]): void {
    if (isRecord(value) && (name === "" || Object.keys(value).length > 0)) {
      for (const [key, field] of Object.entries(value))
        this.#collect(field, name === "" ? key : `${name}.${key}`, cells);
      return;
    }
    cells[this.#numberOf(name === "" ? "value" : name)] = cell(value);
  }

  #numberOf(name: string): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    this.#numbers.set(name, this.#numbers.size);
    return this.#numbers.size - 1;
  }
}

/** Lines of CSV, each row filled up to `width` cells. */
export function csvLines(rows: readonly Cells[], width: number): string {
  const filled = rows.map((row) =>
    row.length === width ? row : [...row, ...Array<string>(width - row.length).fill("")],
  );
  return stringify(filled as string[][], {
    record_delimiter: "\r\n",
    // A lone CR or LF inside a cell ends a line for many readers.
    quoted_match: /[\r\n]/,
    // One empty cell would be an empty line, which readers skip.
    quoted_empty: width === 1,
  });
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "string") return guarded(value);
  if (Array.isArray(value) || isRecord(value)) return printJson(value);
  return String(value);
}

/** What a spreadsheet would run as a formula gets a quote in front. Numbers with a sign stay numbers. */
function guarded(text: string): string {
  return /^[=+\-@\t\r]/.test(text) && !/^-?\d+(\.\d+)?$/.test(text) ? `'${text}` : text;
}
