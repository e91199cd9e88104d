/**
 * CSV as RFC 4180 has it, with CRLF. The header is the union of the fields of all rows in order of first sight, so it is
 * known after the last row only; lines that were made before a column was seen are widened afterwards.
 */
import { isRecord, printJson } from "../json";
import { fieldAt } from "./columns";

/** Makes lines of items, and learns the header on the way. */
export class Csv {
  readonly #numbers = new Map<string, number>();

  /** @param chosen fields to show, when they are not all to be shown */
  constructor(private readonly chosen?: readonly string[]) {
    for (const name of chosen ?? []) this.#numbers.set(name, this.#numbers.size);
  }

  /** How many cells a line has by now. Items without any field still have a line, of one empty cell. */
  get width(): number {
    return Math.max(1, this.#numbers.size);
  }

  /** The header of all items so far. @param shown what to print for a name */
  header(shown: (name: string) => string): string {
    return line([...this.#numbers.keys()].map((name) => cell(shown(name))));
  }

  /** One line an item, as wide as the header is by then. */
  lines(items: readonly unknown[]): string {
    const rows = items.map((item) => this.#row(item));
    for (const row of rows) while (row.length < this.width) row.push("");
    return rows.map(line).join("");
  }

  #row(item: unknown): string[] {
    if (this.chosen !== undefined && isRecord(item)) return this.chosen.map((name) => cell(fieldAt(item, name)));
    const cells = Array<string>(this.#numbers.size).fill("");
    this.#collect(item, "", cells);
    return cells;
  }

  #collect(value: unknown, name: string, cells: string[]): void {
    if (isRecord(value)) {
      const keys = Object.keys(value);
      for (const key of keys) this.#collect(value[key], name === "" ? key : `${name}.${key}`, cells);
      if (keys.length > 0 || name === "") return;
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

/** Lines that were made when there were fewer columns, with an empty cell for each that has come since. */
export function widened(lines: string, columns: number): string {
  if (columns === 0) return lines;
  const end = `${",".repeat(columns)}\r\n`;
  // A CRLF between quotes is a part of its cell.
  return lines.replace(/"[^"]*"|\r\n/g, (found) => (found === "\r\n" ? end : found));
}

/** One empty cell would be an empty line, which readers skip. */
function line(cells: readonly string[]): string {
  return `${cells.join(",") || '""'}\r\n`;
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "string") return needsCare.test(value) ? quoted(guarded(value)) : value;
  if (Array.isArray(value) || isRecord(value)) return quoted(printJson(value));
  return String(value);
}

/** One look at each cell, because most need nothing. */
const needsCare = /^[=+\-@\t]|[",\r\n]/;

/** What a spreadsheet would run as a formula gets a quote in front. Numbers with a sign stay numbers. */
function guarded(text: string): string {
  return /^[=+\-@\t\r]/.test(text) && !/^-?\d+(\.\d+)?$/.test(text) ? `'${text}` : text;
}

/** A lone CR or LF inside a cell ends a line for many readers, so it is quoted as well. */
function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
