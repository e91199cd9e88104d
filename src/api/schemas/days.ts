/** Fields that are calendar days, and ranges of them. */
import * as z from "zod/mini";
import { type Calendar, rangeFault, readDay } from "../../dates";
import { Broken, between, field } from "./fields";

/** A calendar day, sent as YYYY-MM-DD; `bound` decides which day of a month is meant. */
export function day(calendar: Calendar, bound: Parameters<typeof readDay>[1]) {
  return field<string, string, string>(z.string(), "give a date such as 2026-01-31", (value) => {
    const read = readDay(String(value), bound, calendar);
    return "day" in read ? read.day : new Broken(read);
  });
}

/** The last day of a range must not come before its first. */
export function range<From extends string, To extends string>(from: From, to: To, bound: "end" | "before") {
  return between<Partial<Record<From | To, string | undefined>>>(to, (fields) => {
    const [first, last] = [fields[from], fields[to]];
    return first === undefined || last === undefined ? undefined : rangeFault(first, last, bound);
  });
}
