import { isRecord, numberOf, printJson } from "../json";
import { redact, redactValue } from "../redaction";
import { escapeInvisible } from "../text";
import { paintJson } from "./colour";
import type { Column } from "./columns";
import { say, stdoutIsTerminal, terminalWidth, writeData } from "./terminal";

/**
 * Prints values to stdout as json (default), table or yaml. The only module that knows the formats, and the one that hides
 * tokens in values: in their texts, before any format gives these another spelling.
 */

export const formats = ["json", "table", "yaml"] as const;
export type Format = (typeof formats)[number];

export interface Presentation {
  readonly format: Format;
  /** Columns of a list's table; without them they are guessed from the rows. */
  readonly columns?: readonly Column[] | undefined;
}

/**
 * Prints the one value that shows a secret on purpose, whole: the response of `keys regenerate`. The only way past the redactor.
 */
export async function printSecret(value: unknown, format: Format): Promise<void> {
  if (format === "json") return writeData(`${printJson(value, 2)}\n`);
  if (format === "yaml") return writeData((await import("./yaml")).yaml(value));
  return writeData((await import("./table")).objectTable(isRecord(value) ? value : { value }, undefined));
}

/** Prints one value; undefined (an empty response) prints nothing. */
export async function printValue(value: unknown, presentation: Presentation): Promise<void> {
  if (value === undefined) return;
  if (presentation.format === "json") return writeJson(`${json(value)}\n`);
  const shown = redactValue(value);
  if (presentation.format === "yaml") return writeYaml(shown);
  const list = rowsOf(shown);
  if (list === undefined) return writeData(await single(shown));
  await printRows(list.rows, presentation);
  if (list.facts !== "" || list.rows.length === 0) say(list.facts || "no items");
}

/** The value as indented JSON without tokens. Only a document that holds one is walked through. */
function json(value: unknown): string {
  const text = printJson(value, 2);
  return redact(text) === text ? text : printJson(redactValue(value), 2);
}

async function writeYaml(value: unknown): Promise<void> {
  const text = (await import("./yaml")).yaml(value);
  await writeData(stdoutIsTerminal() ? escapeInvisible(text) : text);
}

/**
 * Prints the items of all pages as one flat list while they arrive. When a page fails, the error passes through and the
 * JSON array stays open, so that nobody takes the part for the whole.
 */
export async function printPages(pages: AsyncIterable<readonly unknown[]>, presentation: Presentation): Promise<void> {
  if (presentation.format === "table") {
    const rows: unknown[] = [];
    for await (const page of pages) for (const row of page) rows.push(redactValue(row));
    await printRows(rows, presentation);
    return say(counted(rows.length));
  }
  const isYaml = presentation.format === "yaml";
  let empty = true;
  for await (const page of pages) {
    if (page.length === 0) continue;
    if (isYaml) await writeYaml(redactValue(page));
    else await writeJson(`${empty ? "[" : ","}${json(page).slice(1, -2)}`);
    empty = false;
  }
  if (empty) await writeData("[]\n");
  else if (!isYaml) await writeData("\n]\n");
}

function writeJson(text: string): Promise<void> {
  return writeData(stdoutIsTerminal() ? escapeInvisible(paintJson(text)) : paintJson(text));
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
  const total = numberOf(value.totalCount) === undefined ? "" : ` of ${value.totalCount}`;
  const page = numberOf(value.page) === undefined ? "" : `page ${value.page}: `;
  return { rows, facts: page + (total === "" ? counted(rows.length) : `${rows.length}${total} items`) };
}

function counted(items: number): string {
  return items === 0 ? "no items" : `${items} item${items === 1 ? "" : "s"}`;
}
