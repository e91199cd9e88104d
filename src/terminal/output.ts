import { escapeInvisible } from "../text";
import { paintJson } from "./colour";
import type { Column } from "./columns";
import { say, stdoutIsTerminal, terminalWidth, writeData, writeSecret } from "./terminal";

/** Prints values to stdout as json (default), table or yaml. The only module that knows the formats. */

export const formats = ["json", "table", "yaml"] as const;
export type Format = (typeof formats)[number];

export interface Presentation {
  readonly format: Format;
  /** Columns of a list's table; without them they are guessed from the rows. */
  readonly columns?: readonly Column[] | undefined;
}

/** Prints the one value that holds a secret on purpose: the answer of `keys regenerate`. */
export async function printSecret(value: Readonly<Record<string, unknown>>, format: Format): Promise<void> {
  if (format === "json") return writeSecret(`${JSON.stringify(value, null, 2)}\n`);
  if (format === "yaml") return writeSecret((await import("./yaml")).yaml(value));
  return writeSecret((await import("./table")).objectTable(value, undefined));
}

/** Prints one value; undefined (an empty answer) prints nothing. */
export async function printValue(value: unknown, presentation: Presentation): Promise<void> {
  if (value === undefined) return;
  if (presentation.format === "json") return writeJson(`${JSON.stringify(value, null, 2)}\n`);
  if (presentation.format === "yaml") return writeYaml((await import("./yaml")).yaml(value));
  const list = rowsOf(value);
  if (list === undefined) return writeData(await single(value));
  await printRows(list.rows, presentation);
  if (list.facts !== "" || list.rows.length === 0) say(list.facts || "no items");
}

/**
 * Prints the items of all pages as one flat list while they arrive. When a page fails, the error passes through and the
 * JSON array stays open, so that nobody takes the part for the whole.
 */
export async function printPages(pages: AsyncIterable<readonly unknown[]>, presentation: Presentation): Promise<void> {
  if (presentation.format === "table") {
    const rows: unknown[] = [];
    for await (const page of pages) rows.push(...page);
    await printRows(rows, presentation);
    return say(counted(rows.length));
  }
  const yaml = presentation.format === "yaml" ? (await import("./yaml")).yaml : undefined;
  let empty = true;
  for await (const page of pages) {
    if (page.length === 0) continue;
    if (yaml) await writeYaml(yaml(page));
    else await writeJson(`${empty ? "[" : ","}${JSON.stringify(page, null, 2).slice(1, -2)}`);
    empty = false;
  }
  if (empty) await writeData("[]\n");
  else if (!yaml) await writeData("\n]\n");
}

function writeJson(json: string): Promise<void> {
  return writeData(stdoutIsTerminal() ? escapeInvisible(paintJson(json)) : paintJson(json));
}

function writeYaml(yaml: string): Promise<void> {
  return writeData(stdoutIsTerminal() ? escapeInvisible(yaml) : yaml);
}

async function single(value: unknown): Promise<string> {
  const { objectTable } = await import("./table");
  const row = isRecord(value) ? value : { value };
  return objectTable(row, terminalWidth());
}

async function printRows(rows: readonly unknown[], presentation: Presentation): Promise<void> {
  if (rows.length === 0) return;
  const { guessedColumns, rowsTable } = await import("./table");
  const records = rows.map((row) => (isRecord(row) ? row : { value: row }));
  const table = rowsTable(records, presentation.columns ?? guessedColumns(records), terminalWidth());
  await writeData(table.text);
  if (table.hidden.length > 0) say(`no room for ${table.hidden.join(", ")}: widen the terminal, or use --output json`);
}

/** The items of a bare array or of a list envelope, and what the envelope says about paging. */
function rowsOf(value: unknown): { rows: readonly unknown[]; facts: string } | undefined {
  if (Array.isArray(value)) return { rows: value, facts: "" };
  if (!isRecord(value)) return undefined;
  const rows = Array.isArray(value.data) ? value.data : Array.isArray(value.content) ? value.content : undefined;
  if (rows === undefined) return undefined;
  const total = typeof value.totalCount === "number" ? ` of ${value.totalCount}` : "";
  const page = typeof value.page === "number" ? `page ${value.page}: ` : "";
  return { rows, facts: page + (total === "" ? counted(rows.length) : `${rows.length}${total} items`) };
}

function counted(items: number): string {
  return items === 0 ? "no items" : `${items} item${items === 1 ? "" : "s"}`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}
