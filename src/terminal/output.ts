import { stripVTControlCharacters } from "node:util";
import { isRecord, numberOf, printJson } from "../json";
import { mayHoldToken, redactValue } from "../redaction";
import type { Columns } from "../reports/columns";
import { escapeInvisible } from "../text";
import type { Column } from "./columns";
import { log, paint, stdoutIsTerminal, terminalWidth, wantsColour, writeData } from "./terminal";

/**
 * Prints values to stdout, or to the file of --out, as json (default), table, yaml, csv or ndjson. The only module that
 * knows the formats, and the one that hides tokens in values: in their texts, before any format gives these another spelling.
 */

export const formats = ["json", "table", "yaml", "csv", "ndjson"] as const;
export type Format = (typeof formats)[number];

export interface Presentation {
  readonly format: Format;
  /** Columns of a list's table; without them they are guessed from the rows. */
  readonly columns?: readonly Column[] | undefined;
  /** What to run for the rest of a list, of which one page is shown: "; `--page 1` for the next". */
  readonly more?: ((shown: number, total: number) => string) | undefined;
  /** Computed from the value, or from the items of all pages, before anything else. */
  readonly query?: { run(value: unknown): unknown } | undefined;
  /** Fields of each item to show, and nothing else. */
  readonly fields?: Columns | undefined;
  /** Absolute path of a file to write instead of stdout. */
  readonly out?: string | undefined;
}

/** Where formatted text goes. */
interface Sink {
  readonly write: (data: string | Uint8Array) => Promise<void>;
  readonly isStdout: boolean;
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
export function printValue(value: unknown, presentation: Presentation): Promise<void> {
  return delivered(presentation, (sink) => writeValue(sink, queried(value, presentation), presentation));
}

/**
 * Prints the items of all pages as one flat list. JSON and YAML are printed while they arrive: when a page fails, the error
 * passes through and the JSON array stays open, so that nobody takes the part for the whole. CSV and NDJSON wait for the last
 * page, because a part of them looks whole.
 */
export function printPages(pages: AsyncIterable<readonly unknown[]>, presentation: Presentation): Promise<void> {
  return delivered(presentation, async (sink) => {
    const { format, query } = presentation;
    if (query !== undefined) return writeValue(sink, query.run(await allOf(pages)), presentation);
    const chosen = chosenPages(pages, presentation.fields);
    if (format === "table") {
      const rows = await allOf(chosen);
      await writeRows(sink, redactValue(rows) as unknown[], presentation);
      return log(counted(rows.length));
    }
    if (format === "csv" || format === "ndjson") {
      const { spooledLines } = await import("./lines");
      return spooledLines(chosen, format, presentation.fields?.names, sink.write);
    }
    await (format === "yaml" ? writeYamlPages(sink, chosen) : writeJsonPages(sink, chosen));
  });
}

/** Hands a sink to the work; the file of --out appears only when all of it went well. */
async function delivered({ out }: Presentation, work: (sink: Sink) => Promise<void>): Promise<void> {
  if (out === undefined) return work({ write: writeData, isStdout: true });
  const { OutFile } = await import("./out-file");
  const file = await OutFile.create(out);
  try {
    await work({ write: (data) => file.write(data), isStdout: false });
    await file.commit();
  } finally {
    await file.discard();
  }
}

function queried(value: unknown, { query }: Presentation): unknown {
  return query === undefined || value === undefined ? value : query.run(value);
}

async function writeValue(sink: Sink, value: unknown, presentation: Presentation): Promise<void> {
  if (value === undefined) return;
  const { format, fields } = presentation;
  const chosen = fields === undefined ? value : chosenIn(value, fields);
  if (format === "json") return writeJson(sink, `${json(chosen)}\n`);
  const shown = redactValue(chosen);
  if (format === "yaml") return writeYaml(sink, shown);
  const list = rowsOf(shown, presentation.more);
  if (format === "csv" || format === "ndjson") {
    const { lines } = await import("./lines");
    return sink.write(lines(list?.rows ?? [shown], format, fields?.names));
  }
  if (list === undefined) return sink.write(await single(shown, sink));
  await writeRows(sink, list.rows, presentation);
  if (list.facts !== "" || list.rows.length === 0) log(list.facts || "no items");
}

/** The chosen fields of each item: of a list, of the list inside an envelope, or of the one value. */
function chosenIn(value: unknown, fields: Columns): unknown {
  const list = rowsOf(value);
  const rows = list?.rows.map((row) => fields.of(row));
  const chosen = list === undefined ? fields.of(value) : isRecord(value) ? { ...value, [list.name]: rows } : rows;
  fields.check();
  return chosen;
}

async function* chosenPages(
  pages: AsyncIterable<readonly unknown[]>,
  fields: Columns | undefined,
): AsyncGenerator<readonly unknown[]> {
  for await (const page of pages) yield fields === undefined ? page : page.map((item) => fields.of(item));
  fields?.check();
}

async function allOf(pages: AsyncIterable<readonly unknown[]>): Promise<unknown[]> {
  const all: unknown[] = [];
  for await (const page of pages) for (const item of page) all.push(item);
  return all;
}

async function writeJsonPages(sink: Sink, pages: AsyncIterable<readonly unknown[]>): Promise<void> {
  let empty = true;
  for await (const page of pages) {
    if (page.length === 0) continue;
    await writeJson(sink, `${empty ? "[" : ","}${json(page).slice(1, -2)}`);
    empty = false;
  }
  await sink.write(empty ? "[]\n" : "\n]\n");
}

async function writeYamlPages(sink: Sink, pages: AsyncIterable<readonly unknown[]>): Promise<void> {
  let empty = true;
  for await (const page of pages) {
    if (page.length === 0) continue;
    await writeYaml(sink, redactValue(page));
    empty = false;
  }
  if (empty) await sink.write("[]\n");
}

/** The value as indented JSON without tokens. Only a document that holds one is walked through. */
function json(value: unknown): string {
  const text = printJson(value, 2);
  return mayHoldToken(text) ? printJson(redactValue(value), 2) : text;
}

function writeJson({ write, isStdout }: Sink, text: string): Promise<void> {
  if (!isStdout) return write(text);
  return write(stdoutIsTerminal() ? escapeInvisible(paintJson(text)) : paintJson(text));
}

async function writeYaml({ write, isStdout }: Sink, value: unknown): Promise<void> {
  const text = (await import("./yaml")).yaml(value);
  await write(isStdout && stdoutIsTerminal() ? escapeInvisible(text) : text);
}

async function single(value: unknown, { isStdout }: Sink): Promise<string> {
  const { objectTable } = await import("./table");
  const text = objectTable(isRecord(value) ? value : { value }, isStdout ? terminalWidth() : undefined);
  return isStdout ? text : stripVTControlCharacters(text);
}

async function writeRows(sink: Sink, rows: readonly unknown[], presentation: Presentation): Promise<void> {
  if (rows.length === 0) return;
  const { guessedColumns, namedColumns, rowsTable } = await import("./table");
  const records = rows.map((row) => (isRecord(row) ? row : { value: row }));
  const { fields, columns } = presentation;
  const shown = fields === undefined ? (columns ?? guessedColumns(records)) : namedColumns(fields.names);
  const table = rowsTable(records, shown, sink.isStdout ? terminalWidth() : undefined);
  await sink.write(sink.isStdout ? table.text : stripVTControlCharacters(table.text));
  if (table.hidden.length > 0)
    log(`columns not shown: ${table.hidden.join(", ")}; widen the terminal, or use --output json`);
}

/** The items of a bare array or of a list envelope, where they stand in it, and what it says about paging. */
function rowsOf(
  value: unknown,
  more?: Presentation["more"],
): { rows: readonly unknown[]; facts: string; name: string } | undefined {
  if (Array.isArray(value)) return { rows: value, facts: "", name: "" };
  if (!isRecord(value)) return undefined;
  const name = Array.isArray(value.data) ? "data" : "content";
  const rows = value[name];
  if (!Array.isArray(rows)) return undefined;
  const total = numberOf(value.totalCount);
  if (total === undefined || rows.length === 0) return { rows, facts: counted(rows.length), name };
  return { rows, facts: `${rows.length} of ${counted(total)}${more?.(rows.length, total) ?? ""}`, name };
}

function counted(items: number): string {
  return items === 0 ? "no items" : `${items} item${items === 1 ? "" : "s"}`;
}

/** JSON text with keys, strings and other scalars told apart by colour; unchanged where colour is not wanted. */
function paintJson(json: string): string {
  if (!wantsColour("stdout")) return json;
  return json.replace(/("(?:[^"\\]|\\.)*")(\s*:)?|\b(?:true|false|null)\b|-?\d[\d.eE+-]*/g, (scalar, text, colon) => {
    if (text === undefined) return paint(scalar, "yellow", "stdout");
    return colon === undefined ? paint(text, "green", "stdout") : `${paint(text, "blue", "stdout")}${colon}`;
  });
}
