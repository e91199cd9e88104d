import type { AtoaClient } from "../api/client";
import { operations } from "../api/operations";
import { type Bound, currentCalendar, rangeFault, readDay } from "../dates";
import { AtoaError, usageError } from "../errors";
import type { JsonValue } from "../json";
import { discrepancies, Payments, type Reconciliation, reconcile, referencesOf } from "../reports/reconcile";

type Fields = Readonly<Record<string, unknown>>;

/** Which payouts: one by its id or reference, or those of some days (YYYY-MM-DD). */
export interface PayoutChoice {
  readonly id?: string | undefined;
  readonly fromDate?: string | undefined;
  readonly toDate?: string | undefined;
}

export interface PayoutReport {
  readonly payouts: readonly Reconciliation[];
  /** What does not add up, one line each. */
  readonly problems: readonly string[];
}

/** The same as it was typed. */
interface TypedChoice {
  readonly id: string | undefined;
  readonly from: string | undefined;
  readonly to: string | undefined;
}

/** As many a page as the server may give; it gives fewer when it likes. */
const pageSize = 100;

const oneDay = 86_400_000;

/** @throws a usage error unless it is either an id or days that exist, in their order */
export function readChoice({ id, from, to }: TypedChoice): PayoutChoice {
  if (id !== undefined && (from ?? to) !== undefined) {
    throw usageError("<payoutId> and --from or --to are two choices of payouts", "give the id, or the days");
  }
  if (id === undefined && (from ?? to) === undefined) {
    throw usageError("No payout is chosen", "give its id, or days: --from last-month --to last-month");
  }
  if (id?.trim() === "") throw usageError("<payoutId> must not be blank", "copy the id from `atoa payouts list`");
  const fromDate = from === undefined ? undefined : day("from", from, "start");
  const toDate = to === undefined ? undefined : day("to", to, "end");
  if (fromDate !== undefined && toDate !== undefined) {
    const fault = rangeFault(fromDate, toDate, "end");
    if (fault !== undefined) throw usageError(`--to ${fault.must}`, fault.hint, "to");
  }
  return { id, fromDate, toDate };
}

function day(flag: string, text: string, bound: Bound): string {
  const read = readDay(text, bound, currentCalendar(process.env));
  if ("day" in read) return read.day;
  throw usageError(`--${flag} ${read.must}`, read.hint, flag);
}

/** The walk that finds the payouts, as a dry run shows it. */
export function payoutWalk({ fromDate, toDate }: PayoutChoice) {
  return { page: 0, limit: pageSize, fromDate, toDate };
}

/**
 * Fetches payouts, what they contain and the payments behind that, and compares them.
 * @param report is told how far the work is
 * @throws AtoaError kind notFound when no payout has the id; else what the requests throw
 */
export async function reconcilePayouts(
  client: AtoaClient,
  choice: PayoutChoice,
  report: (text: string) => void,
): Promise<PayoutReport> {
  const payouts: { payout: Fields; rows: Fields[] }[] = [];
  for await (const payout of chosenPayouts(client, choice)) {
    const rows: Fields[] = [];
    const id = String(payout.id ?? payout.payoutReferenceId ?? "");
    for await (const page of client.list(operations.payouts.transactions, { id, page: 0, limit: pageSize })) {
      rows.push(...page.filter(isFields));
      report(`payout ${id}: ${rows.length} rows`);
    }
    payouts.push({ payout, rows });
  }
  const payments = await paymentsOf(
    client,
    payouts.flatMap(({ rows }) => rows),
    report,
  );
  const reconciled = payouts.map(({ payout, rows }) => reconcile(payout, rows, payments));
  return { payouts: reconciled, problems: reconciled.flatMap((one) => discrepancies(one, payments)) };
}

async function* chosenPayouts(client: AtoaClient, choice: PayoutChoice): AsyncGenerator<Fields> {
  const { id } = choice;
  for await (const page of client.list(operations.payouts.list, payoutWalk(choice))) {
    for (const payout of page.filter(isFields)) {
      if (id === undefined) yield payout;
      else if (payout.id === id || payout.payoutReferenceId === id) return yield payout;
    }
  }
  if (id !== undefined) {
    throw new AtoaError({
      kind: "notFound",
      message: `Payout ${id} not found`,
      hint: "copy the id or the reference from `atoa payouts list`, of this environment (--env)",
    });
  }
}

/** The payments that the rows name: a walk over the days in which they were made. */
async function paymentsOf(
  client: AtoaClient,
  rows: readonly Fields[],
  report: (text: string) => void,
): Promise<Payments> {
  const payments = new Payments();
  const wanted = new Set(rows.flatMap(referencesOf));
  if (wanted.size === 0) return payments;
  const walk = { page: 0, size: pageSize, ...daysOf(rows) };
  let seen = 0;
  for await (const page of client.list(operations.payments.transactions, walk)) {
    seen += page.length;
    report(`${seen} payments read`);
    for (const payment of page.filter(isFields)) {
      if (referencesOf(payment).some((reference) => wanted.has(reference))) payments.add(payment);
    }
    if (rows.every((row) => payments.of(row) !== undefined)) break;
  }
  return payments;
}

/**
 * The days that hold the rows' payments, with one to spare on either side for the zone in which the server counts;
 * nothing, which means all days, when a row does not say when its payment was made.
 */
function daysOf(rows: readonly Fields[]): { fromDate: string; toDate: string } | undefined {
  const times = rows.map(({ createdAt }) => (typeof createdAt === "string" ? Date.parse(createdAt) : Number.NaN));
  const [first, last] = [times.reduce((a, b) => Math.min(a, b)), times.reduce((a, b) => Math.max(a, b))];
  if (Number.isNaN(first) || Number.isNaN(last)) return undefined;
  const text = (time: number) => new Date(time).toISOString().slice(0, 10);
  return { fromDate: text(first - oneDay), toDate: text(last + oneDay) };
}

function isFields(value: JsonValue): value is Record<string, JsonValue> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
