import Table from "cli-table3";
import stringWidth from "string-width";
import { finalPaymentStatuses, goodPaymentStatuses, paymentStatuses } from "../api/values";
import { isRecord } from "../json";
import { type Colour, sanitise } from "../text";
import type { Column } from "./columns";
import { at, readableDate } from "./columns";
import { paint } from "./terminal";

const gap = 2;

/** Columns of the terminal that a cut text keeps, unless its column says otherwise. */
const minTextWidth = 12;

type Row = Readonly<Record<string, unknown>>;

export interface RowsTable {
  readonly text: string;
  /** Titles of the columns that do not fit the terminal. */
  readonly hidden: readonly string[];
}

/**
 * Rows below a line of titles, without borders. The columns stand in order of importance: with a width (columns of
 * the terminal) dates lose their time, words are cut, and then the last columns are left out, until the table fits; ids,
 * statuses and sums stay whole. A column that is empty in every row is left out too. Without a width nothing is.
 */
export function rowsTable(rows: readonly Row[], columns: readonly Column[], width: number | undefined): RowsTable {
  const long = columns.map((column) => cellsOf(column, rows, column.text));
  const filled = long.map(({ cells }) => cells.some((cell, line) => line > 0 && cell !== ""));
  if (!filled.includes(true)) filled.fill(true);
  const all = width === undefined ? long : long.filter((_, index) => filled[index]);
  const short = () => columns.map((column) => cellsOf(column, rows, column.short ?? column.text));
  const shown = width === undefined ? all : fitted(all, () => short().filter((_, index) => filled[index]), width);
  const lines = [undefined, ...rows].map((_, line) => shown.map((column) => column.cells[line] ?? ""));
  const [titles = "", ...text] = layout(
    lines.map((line) => line.map((cell, index) => coloured(aligned(cell, shown[index]), shown[index]))),
    shown.map((column) => column.width),
  );
  const hidden = all.filter(({ title }) => !shown.some((column) => column.title === title)).map(({ title }) => title);
  return { text: `${[paint(titles, "bold", "stdout"), ...text].join("\n")}\n`, hidden };
}

/**
 * One object as a table of two columns. What is inside a field stands below its name, indented; fields without a value
 * are left out. Long values go on in the next line.
 */
export function objectTable(value: Row, width: number | undefined): string {
  const facts = outline(value, "").map(([name, text]) => [name, sanitise(text)]);
  if (facts.length === 0) return "";
  const names = widest(facts.map(([name = ""]) => name));
  const values = Math.max(1, widest(facts.map(([, text = ""]) => text)));
  const available = width === undefined ? values : Math.max(minTextWidth, Math.min(values, width - names - gap));
  const lines = layout(facts, [names, available], true);
  return `${lines.map((line) => line.replaceAll(indentation, " ")).join("\n")}\n`;
}

/** Columns for rows of an unknown resource (`atoa get`): the scalar fields of the first rows, in their order. */
export function guessedColumns(rows: readonly Row[]): Column[] {
  const names = new Set<string>();
  for (const row of rows.slice(0, 20)) {
    for (const [name, value] of Object.entries(row)) if (!isRecord(value) && !Array.isArray(value)) names.add(name);
  }
  return [...names].slice(0, 8).map((name) => ({
    title: sanitise(name.replace(/([a-z\d])([A-Z])/g, "$1 $2")).toLowerCase(),
    noTruncate: /^(id|.*Id|status)$/.test(name),
    text: (row) => readableDate(row[name]),
  }));
}

/** Columns for the fields that the user chose. What is chosen is not cut. */
export function namedColumns(names: readonly string[]): Column[] {
  return names.map((name) => ({ title: sanitise(name), noTruncate: true, text: (row) => readableDate(at(row, name)) }));
}

/** Stands for a space while the table library, which trims spaces at the start of a line, lays out the lines. */
const indentation = "\ue000";

function outline(value: object, indent: string): [name: string, text: string][] {
  return Object.entries(value).flatMap(([key, entry]): [string, string][] => {
    const name = indent + sanitise(key);
    if (Array.isArray(entry) && entry.some(isRecord)) {
      return entry.flatMap((one, index) => section(`${name} ${index + 1}`, one, indent));
    }
    return isRecord(entry) ? section(name, entry, indent) : fact(name, entry);
  });
}

function section(name: string, value: unknown, indent: string): [string, string][] {
  if (!isRecord(value)) return fact(name, value);
  const inside = outline(value, indent + indentation.repeat(2));
  return inside.length === 0 ? [] : [[name, ""], ...inside];
}

function fact(name: string, value: unknown): [string, string][] {
  const text = readableDate(value);
  return text === "" ? [] : [[name, text]];
}

interface Cells {
  readonly title: string;
  /** The title and below it the text of each row. */
  readonly cells: readonly string[];
  /** Columns of the terminal. */
  readonly width: number;
  /** What it may be cut to. */
  readonly minWidth: number;
  readonly alignRight: boolean;
}

function cellsOf(column: Column, rows: readonly Row[], text: (row: Row) => string): Cells {
  const cells = [column.title.toUpperCase(), ...rows.map((row) => sanitise(text(row)))];
  const width = widest(cells);
  const minWidth = column.noTruncate ? width : Math.min(width, column.minWidth ?? minTextWidth);
  return { title: column.title, cells, width, minWidth, alignRight: column.alignRight === true };
}

function aligned(text: string, column: Cells | undefined): string {
  if (column === undefined) return text;
  const cell = clipped(text, column.width);
  return column.alignRight ? cell.padStart(column.width) : cell;
}

/** The text in at most so many columns of the terminal. The table library counts code units, and cuts an emoji in two. */
function clipped(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  let start = "";
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    if (stringWidth(start + segment) >= width) break;
    start += segment;
  }
  return `${start}…`;
}

/** Rows that the library lays out at once: its time grows with their square, and the widths are known beforehand. */
const block = 100;

function layout(lines: readonly (readonly string[])[], widths: readonly number[], wrap = false): string[] {
  const blocks = Array.from({ length: Math.ceil(lines.length / block) }, (_, index) =>
    lines.slice(index * block, (index + 1) * block),
  );
  return blocks.flatMap((some) => {
    const table = new Table({
      chars: borderless,
      style: { head: [], border: [], "padding-left": 0, "padding-right": gap },
      colWidths: widths.map((width) => width + gap),
      wordWrap: wrap,
      wrapOnWordBoundary: false,
    });
    for (const line of some) table.push([...line]);
    return table
      .toString()
      .split("\n")
      .map((line) => line.trimEnd());
  });
}

function coloured(cell: string, column: Cells | undefined): string {
  const colour = column?.title === "Status" ? statusColour(cell) : undefined;
  return colour === undefined ? cell : paint(cell, colour, "stdout");
}

/** Green for final and good, red for final and bad, yellow for not final yet; none for a status that is not known. */
function statusColour(status: string): Colour | undefined {
  const isIn = (statuses: readonly string[]) => statuses.includes(status);
  if (isIn(goodPaymentStatuses)) return "green";
  if (isIn(finalPaymentStatuses)) return "red";
  return isIn(paymentStatuses) ? "yellow" : undefined;
}

/** As many columns as fit, with their texts as long as they can be. The first always stays. */
function fitted(long: readonly Cells[], short: () => readonly Cells[], width: number): readonly Cells[] {
  if (total(long, "width") <= width) return long;
  const shorter = short();
  let count = shorter.length;
  while (count > 1 && total(shorter.slice(0, count), "minWidth") > width) count -= 1;
  const kept = [long.slice(0, count), shorter.slice(0, count)].find((some) => total(some, "minWidth") <= width);
  return cut(kept ?? shorter.slice(0, count), width);
}

/** The widest words give way first, each down to its least. */
function cut(columns: readonly Cells[], width: number): readonly Cells[] {
  const shown = columns.map((column) => ({ ...column }));
  for (let excess = total(shown, "width") - width; excess > 0; excess -= 1) {
    const widestWords = shown.reduce<(typeof shown)[number] | undefined>(
      (most, column) => (column.width > column.minWidth && column.width > (most?.width ?? 0) ? column : most),
      undefined,
    );
    if (widestWords === undefined) break;
    widestWords.width -= 1;
  }
  return shown;
}

function total(columns: readonly Cells[], size: "width" | "minWidth"): number {
  return columns.reduce((sum, column) => sum + column[size] + gap, -gap);
}

function widest(cells: readonly string[]): number {
  return cells.reduce((most, cell) => Math.max(most, stringWidth(cell)), 0);
}

const borderless = {
  top: "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  bottom: "",
  "bottom-mid": "",
  "bottom-left": "",
  "bottom-right": "",
  left: "",
  "left-mid": "",
  mid: "",
  "mid-mid": "",
  right: "",
  "right-mid": "",
  middle: "",
};
