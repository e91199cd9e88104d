import Table from "cli-table3";
import { paint } from "./colour";
import type { Column } from "./columns";
import { words } from "./columns";
import { printable } from "./printable";

const gap = 2;
const narrowest = 8;

type Row = Readonly<Record<string, unknown>>;

/**
 * Rows below a line of titles, without borders. With a width (columns of the terminal), the widest columns are cut until
 * the table fits; without one, nothing is cut.
 */
export function rowsTable(rows: readonly Row[], columns: readonly Column[], width: number | undefined): string {
  const cells = rows.map((row) => columns.map((column) => printable(column.text(row))));
  const titles = columns.map((column) => column.title.toUpperCase());
  return layout([titles, ...cells], width, true);
}

/** One object as a table of two columns; nested fields are named by their path. */
export function objectTable(value: Row, width: number | undefined): string {
  const facts = flatten(value).map(([name, text]) => [printable(name), printable(text)]);
  return facts.length === 0 ? "" : layout(facts, width, false);
}

/** Columns for rows of an unknown resource (`atoa get`): the scalar fields of the first rows, in their order. */
export function guessedColumns(rows: readonly Row[]): Column[] {
  const names = new Set<string>();
  for (const row of rows.slice(0, 20)) {
    for (const [name, value] of Object.entries(row)) if (value === null || typeof value !== "object") names.add(name);
  }
  return [...names].slice(0, 8).map((name) => ({ title: name, text: (row) => words(row[name]) }));
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

function layout(lines: readonly (readonly string[])[], width: number | undefined, titled: boolean): string {
  const widths = columnWidths(lines, width);
  const table = new Table({
    chars: borderless,
    style: { head: [], border: [], "padding-left": 0, "padding-right": gap },
    colWidths: widths.map((columnWidth) => columnWidth + gap),
  });
  for (const line of lines) table.push([...line]);
  const text = table
    .toString()
    .split("\n")
    .map((line) => line.trimEnd());
  if (titled && text[0] !== undefined) text[0] = paint(text[0], "bold", "stdout");
  return `${text.join("\n")}\n`;
}

/** Natural widths; the widest gives way first while the whole is too wide for the terminal. */
function columnWidths(lines: readonly (readonly string[])[], width: number | undefined): number[] {
  const count = lines[0]?.length ?? 0;
  const widths = Array.from({ length: count }, (_, index) =>
    Math.max(1, ...lines.map((line) => displayWidth(line[index] ?? ""))),
  );
  if (width === undefined) return widths;
  const total = () => widths.reduce((sum, one) => sum + one + gap, -gap);
  while (total() > width) {
    const widest = Math.max(...widths);
    if (widest <= narrowest) break;
    widths[widths.indexOf(widest)] = widest - 1;
  }
  return widths;
}

/** Columns that the text takes on a terminal, as the table library counts them. */
function displayWidth(text: string): number {
  let width = 0;
  for (const character of text.normalize("NFC")) width += wide.test(character) ? 2 : /\p{M}/u.test(character) ? 0 : 1;
  return width;
}

const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Extended_Pictographic}/u;

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
