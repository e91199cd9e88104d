import { dayAfter, rangeFault, readDay } from "../dates";
import { usageError } from "../errors";

/** The days of a bank's transactions, as typed. */
export interface TypedDays {
  readonly from: string;
  readonly before: string | undefined;
  /** What the other lists have, with the last day included. */
  readonly to: string | undefined;
}

/**
 * The end of the range as the API takes it, itself not included: what --before says, or the day after that of --to.
 * @throws AtoaError kind usage when there is none or both, or --to is no day that fits
 */
export function exclusiveEnd({ from, before, to }: TypedDays): string {
  if (before !== undefined && to !== undefined) {
    throw usageError("--before and --to cannot be combined", "use one of the two", "--to");
  }
  if (before !== undefined) return before;
  if (to === undefined) {
    throw usageError("Missing required flag --before", "see `atoa bank-feed transactions --help`", "--before");
  }
  const calendar = { now: new Date(), zone: process.env.ATOA_TZ };
  const [first, last] = [readDay(from, "start", calendar), readDay(to, "end", calendar)];
  const fault = "must" in last ? last : "day" in first ? rangeFault(first.day, last.day, "end") : undefined;
  if (fault !== undefined) throw usageError(`--to ${fault.must}`, fault.hint, "--to");
  return "day" in last ? dayAfter(last.day) : to;
}
