import { isRecord, numberOf } from "../json";
import { formatMoney } from "../text";

/** What a table shows of a row: a title and the text of the cell. */
export interface Column {
  readonly title: string;
  /** True for what a person copies or adds up (ids, statuses, sums, dates): on a narrow terminal it is never cut. */
  readonly noTruncate?: boolean;
  /** Columns of the terminal below which words are not worth showing. */
  readonly minWidth?: number;
  readonly alignRight?: boolean;
  readonly text: (row: Row) => string;
  /** A shorter form, for a terminal that the other does not fit. */
  readonly short?: (row: Row) => string;
}

type Row = Readonly<Record<string, unknown>>;

/** A field as it is, by its path ("storeDetails.locationName"); several paths: the first that holds something. */
export function column(title: string, ...paths: string[]): Column {
  return { title, text: (row) => formatValue(firstOf(row, paths)) };
}

/** A field that is useless when truncated, such as an id or a status. */
export function idColumn(title: string, ...paths: string[]): Column {
  return { ...column(title, ...paths), noTruncate: true };
}

/** Yes or no. The API says true and false as booleans here and as text there. */
export function yesNo(title: string, path: string): Column {
  const said: Readonly<Record<string, string>> = { true: "yes", false: "no" };
  return { title, noTruncate: true, text: (row) => said[String(at(row, path))] ?? formatValue(at(row, path)) };
}

/** A field in pounds beside the row's currency: £10.05, or 10.05 EUR. Amounts arrive as numbers or as text. */
export function money(title: string, path: string, currencyPath = "currency"): Column {
  return {
    title,
    noTruncate: true,
    alignRight: true,
    text: (row) => {
      const amount = at(row, path);
      const number = typeof amount === "string" ? Number(amount) : (numberOf(amount) ?? Number.NaN);
      if (amount === "" || Number.isNaN(number)) return formatValue(amount);
      return formatMoney(number, formatValue(at(row, currencyPath)) || undefined);
    },
  };
}

/** A point in time, to the minute or the day, in UTC so that it means the same on every machine. */
export function date(title: string, path: string): Column {
  const text = (row: Row) => readableDate(at(row, path));
  return {
    title: `${title} (UTC)`,
    noTruncate: true,
    text,
    short: (row) => text(row).replace(/^(\d{4}-\d\d-\d\d) \d\d:\d\d$/, "$1"),
  };
}

/** The value at a dotted path, or undefined. Never looks into prototypes. */
export function at(value: unknown, path: string): unknown {
  let found: unknown = value;
  for (const key of path.split(".")) {
    if (found === null || typeof found !== "object" || !Object.hasOwn(found, key)) return undefined;
    found = (found as Record<string, unknown>)[key];
  }
  return found;
}

/** A value in words a person would use; nothing for null, "a, b" for lists, "2 entries" for lists of objects. */
export function formatValue(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (Array.isArray(value)) {
    if (!value.some((entry) => isRecord(entry) || Array.isArray(entry))) return value.map(formatValue).join(", ");
    return value.length === 1 ? "1 entry" : `${value.length} entries`;
  }
  if (isRecord(value)) {
    return Object.entries(value)
      .map(([key, entry]) => `${key} ${formatValue(entry)}`)
      .join(", ");
  }
  return String(value);
}

function firstOf(row: unknown, paths: readonly string[]): unknown {
  for (const path of paths) {
    const value = at(row, path);
    if (value !== undefined && value !== null && value !== "") return value;
  }
  return undefined;
}

/** 2026-01-31T17:00:34.000Z → 2026-01-31 17:00; anything else in words. */
export function readableDate(value: unknown): string {
  if (typeof value !== "string" || !/^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(value)) return formatValue(value);
  const time = new Date(value);
  return Number.isNaN(time.getTime()) ? value : time.toISOString().slice(0, 16).replace("T", " ");
}
