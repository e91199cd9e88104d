import type { Columns } from "../reports/columns";
import type { Query } from "../reports/query";

/** What --query, --columns and --out make of a response. Checked before anything is sent; each part is loaded only when it is used. */
export interface Shape {
  readonly query?: Query | undefined;
  readonly fields?: readonly string[] | undefined;
  /** Absolute path. */
  readonly out?: string | undefined;
}

export interface ShapeFlags {
  readonly query?: string | undefined;
  readonly columns?: string | undefined;
  readonly out?: string | undefined;
}

/** @throws a usage error for an expression that is not one, for no names, and for a file that cannot be written */
export async function readShape({ query, columns, out }: ShapeFlags): Promise<Shape> {
  return {
    query: query === undefined ? undefined : (await import("../reports/query")).parseQuery(query),
    fields: columns === undefined ? undefined : (await import("../reports/columns")).readColumns(columns),
    out: out === undefined ? undefined : (await import("../terminal/out-file")).checkOutFile(out),
  };
}

/**
 * The chosen columns of an operation's response, checked against the fields that the OpenAPI file lists for it. A query
 * makes other fields, and what the file leaves open only the response can tell.
 * @throws a usage error for a field that does not exist
 */
export async function columnsFor({ fields, query }: Shape, operationId?: string): Promise<Columns | undefined> {
  if (fields === undefined) return undefined;
  const { Columns, unknownColumn } = await import("../reports/columns");
  if (query !== undefined || operationId === undefined) return new Columns(fields);
  const { listedFields } = await import("../reports/listed-fields");
  const listed = listedFields(operationId);
  if (listed === undefined) return new Columns(fields);
  const isOpen = (name: string) => listed.open.some((open) => name.startsWith(`${open}.`));
  const missing = fields.find((name) => !listed.names.includes(name) && !isOpen(name));
  if (missing !== undefined) throw unknownColumn(missing, listed.names);
  return new Columns(fields, listed.names);
}
