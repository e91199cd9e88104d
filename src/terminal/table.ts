import Table from "cli-table3";
import stringWidth from "string-width";
import { paint } from "./colour";
import type { Column } from "./columns";
import { words } from "./columns";
import { printable } from "./printable";

const gap = 2;
const narrowest = 8;

type Row = Readonly<Record<string, unknown>>;

export interface RowsTable {
  readonly text: string;
  /** Titles of the columns that the terminal has no room for. */
  readonly hidden: readonly string[];
}

/**
 * Rows below a line of titles, without borders. With a width (columns of the terminal), words are cut, then left out,
 * until the table fits; ids, statuses, sums and dates stay whole. Without a width nothing is cut.
 */
export function rowsTable(rows: readonly Row[], columns: readonly Column[], width: number | undefined): RowsTable {
  const all = columns.map((column): Cells => {
    const title = column.title.toUpperCase();
    const cells = [title, ...rows.map((row) => printable(column.text(row)))];
    return { title: column.title, cells, width: widest(cells), whole: column.whole === true };
  });
  const shown = width === undefined ? all : fitted(all, width);
  const lines = [undefined, ...rows].map((_, line) => shown.map((column) => column.cells[line] ?? ""));
  const [titles = "", ...text] = layout(
    lines,
    shown.map((column) => column.width),
  );
  const hidden = all.filter(({ title }) => !shown.some((column) => column.title === title)).map(({ title }) => title);
  return { text: `${[paint(titles, "bold", "stdout"), ...text].join("\n")}\n`, hidden };
}

/** One object as a table of two columns; nested fields are named by their path. Long values go on in the next line. */
export function objectTable(value: Row, width: number | undefined): string {
  const facts = flatten(value).map(([name, text]) => [printable(name), printable(text)]);
  if (facts.length === 0) return "";
  const names = widest(facts.map(([name = ""]) => name));
  const values = Math.max(1, widest(facts.map(([, text = ""]) => text)));
  const room = width === undefined ? values : Math.max(narrowest, Math.min(values, width - names - gap));
  return `${layout(facts, [names, room], true).join("\n")}\n`;
}

/** Columns for rows of an unknown resource (`atoa get`): the scalar fields of the first rows, in their order. */
export function guessedColumns(rows: readonly Row[]): Column[] {
  const names = new Set<string>();
  for (const row of rows.slice(0, 20)) {
    for (const [name, value] of Object.entries(row)) if (value === null || typeof value !== "object") names.add(name);
  }
  return [...names].slice(0, 8).map((name) => ({ title: printable(name), text: (row) => words(row[name]) }));
}

function flatten(value: unknown, path = ""): [string, string][] {
  if (Array.isArray(value) && value.some((entry) => entry !== null && typeof entry === "object")) {
    return value.flatMap((entry, index) => flatten(entry, `${path}[${index}]`));
  }
  if (value !== null && typeof value === "object" && !Array.isArray(value)) {
    return Object.entries(value).flatMap(([key, entry]) => flatten(entry, path === "" ? key : `${path}.${key}`));
  }
  return [[path, words(value)]];
}

interface Cells {
  readonly title: string;
  readonly cells: readonly string[];
  /** Columns of the terminal. */
  readonly width: number;
  readonly whole: boolean;
}

function layout(lines: readonly (readonly string[])[], widths: readonly number[], wrap = false): string[] {
  const table = new Table({
    chars: borderless,
    style: { head: [], border: [], "padding-left": 0, "padding-right": gap },
    colWidths: widths.map((width) => width + gap),
    wordWrap: wrap,
    wrapOnWordBoundary: false,
  });
  for (const line of lines) table.push([...line]);
  return table
    .toString()
    .split("\n")
    .map((line) => line.trimEnd());
}

/** The columns that fit: words give way first, the widest of them most; then they go, the last first. */
function fitted(columns: readonly Cells[], width: number): Cells[] {
  const shown = columns.map((column) => ({ ...column }));
  const excess = () => shown.reduce((sum, column) => sum + column.width + gap, -gap) - width;
  while (excess() > 0) {
    const words = shown.filter((column) => !column.whole && column.width > narrowest);
    const widestWords = words.reduce<(typeof words)[number] | undefined>(
      (most, column) => (most === undefined || column.width > most.width ? column : most),
      undefined,
    );
    if (widestWords !== undefined) {
      widestWords.width = Math.max(narrowest, widestWords.width - excess());
      continue;
    }
    const last = shown.findLastIndex((column) => !column.whole);
    if (last === -1) return shown;
    shown.splice(last, 1);
  }
  return shown;
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
