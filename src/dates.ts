/**
 * Calendar days as people and scripts write them, for every flag that takes a date. Days are text, `YYYY-MM-DD`: no
 * hour and no zone is attached to them once they are read. The zone matters only to what "today" is.
 */
import { usageError } from "./errors";
import { quoted } from "./text";

/** What a date bounds. It decides which day of a month is meant when only the month is given. */
export type Bound = "start" | "end" | "before";

/** When and where a date is read. */
export interface Calendar {
  readonly now: Date;
  /** Name of the tz database, for example Europe/Paris; the merchant's zone when it is empty or left out. */
  readonly zone?: string | undefined;
}

/** Why a text is no date, to stand after the name of its field, and what to do about it. */
export interface DateFault {
  readonly must: string;
  readonly hint: string;
}

const merchantZone = "Europe/London";
const forms = "use YYYY-MM-DD, today, yesterday, 7d (seven days ago), 2026-01 (a month), last-month or this-month";

/**
 * Reads a date flag.
 * @param bound a month is its first day as a start, its last as an end, and the first of the next as an exclusive end
 * @returns the day as YYYY-MM-DD, or why there is none
 * @throws a usage error when the calendar's zone does not exist
 */
export function readDay(text: string, bound: Bound, calendar: Calendar): { readonly day: string } | DateFault {
  if (text.trim() === "") return { must: "must not be empty", hint: forms };
  const word = text.toLowerCase();
  if (/^\d{4}-\d{2}-\d{2}$/.test(word)) return existingDay(word);
  if (/^\d{4}-\d{2}$/.test(word)) return dayOfMonth(word, bound);
  if (/^\d{4}-\d{2}-\d{2}[t ]/.test(word) || /^\d{1,2}:\d{2}/.test(word)) {
    return { must: `must be a date without a time, not ${quoted(text)}`, hint: "give a date such as 2026-01-31" };
  }
  const daysBack = relativeDays[word] ?? Number(/^(\d{1,5})d$/.exec(word)?.[1] ?? Number.NaN);
  if (!Number.isNaN(daysBack)) return { day: addDays(today(calendar), -daysBack) };
  if (word === "this-month") return dayOfMonth(today(calendar).slice(0, 7), bound);
  if (word === "last-month") return dayOfMonth(addMonths(today(calendar).slice(0, 7), -1), bound);
  return { must: `must be a date as YYYY-MM-DD, not ${quoted(text)}`, hint: forms };
}

const relativeDays: Readonly<Record<string, number>> = Object.assign(Object.create(null), {
  today: 0,
  yesterday: 1,
  tomorrow: -1,
});

/**
 * Why two days make no range, to stand after the name of the second; undefined when they do.
 * @param endBound `end` when the last day belongs to the range, `before` when it does not
 */
export function rangeFault(start: string, end: string, endBound: "end" | "before"): DateFault | undefined {
  if (endBound === "end" ? end >= start : end > start) return undefined;
  return endBound === "end"
    ? { must: `is ${end}, before the range begins on ${start}`, hint: "use a later end or an earlier start" }
    : {
        must: `is ${end}, which leaves no days in a range that begins on ${start}`,
        hint: "the end date is exclusive: use a later one",
      };
}

function existingDay(day: string): { readonly day: string } | DateFault {
  const month = day.slice(0, 7);
  const fault = monthFault(month);
  if (fault !== undefined) return fault;
  const last = lastDay(month);
  if (day >= firstDay(month) && day <= last) return { day };
  return { must: `is ${day}, which does not exist in the calendar`, hint: `${month} ends on ${last}` };
}

function dayOfMonth(month: string, bound: Bound): { readonly day: string } | DateFault {
  const fault = monthFault(month);
  if (fault !== undefined) return fault;
  if (bound === "end") return { day: lastDay(month) };
  // The month after 9999-12 has no four-digit year: existingDay refuses it.
  return existingDay(firstDay(bound === "start" ? month : addMonths(month, 1)));
}

function monthFault(month: string): DateFault | undefined {
  const [year = "", number = ""] = month.split("-");
  if (year !== "0000" && number >= "01" && number <= "12") return undefined;
  return { must: `is in ${month}, which does not exist in the calendar`, hint: "months are 01 to 12" };
}

/** @param month YYYY-MM */
function firstDay(month: string): string {
  return `${month}-01`;
}

function lastDay(month: string): string {
  const date = new Date(`${month}-01T00:00:00Z`);
  date.setUTCMonth(date.getUTCMonth() + 1, 0);
  return date.toISOString().slice(0, 10);
}

function addMonths(month: string, count: number): string {
  const date = new Date(`${month}-01T00:00:00Z`);
  date.setUTCMonth(date.getUTCMonth() + count);
  return date.toISOString().slice(0, 7);
}

/** The day after a day, for a range whose end is not included. */
export function dayAfter(day: string): string {
  return addDays(day, 1);
}

/** The day of a timestamp such as a server writes, in UTC; undefined for anything else. */
export function dayOf(timestamp: unknown): string | undefined {
  const time = typeof timestamp === "string" ? Date.parse(timestamp) : Number.NaN;
  return Number.isNaN(time) ? undefined : new Date(time).toISOString().slice(0, 10);
}

/** A day that many days later. Whole days are counted in UTC, where each has 24 hours. */
export function addDays(day: string, count: number): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + count);
  return date.toISOString().slice(0, 10);
}

/** The day that a wall clock in the zone shows. */
function today({ now, zone }: Calendar): string {
  const parts = new Map(
    dayFormat(zone || merchantZone)
      .formatToParts(now)
      .map(({ type, value }) => [type, value]),
  );
  return `${parts.get("year")}-${parts.get("month")}-${parts.get("day")}`;
}

function dayFormat(zone: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat("en-GB", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" });
  } catch {
    throw usageError(`ATOA_TZ is ${quoted(zone)}, which is not a time zone`, "give a name such as Europe/London");
  }
}
