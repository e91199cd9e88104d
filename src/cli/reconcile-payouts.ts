import type { AtoaClient } from "../api/client";
import { operations } from "../api/operations";
import type { PagedRequest } from "../api/request";
import { addDays, dayOf } from "../dates";
import { AtoaError, usageError } from "../errors";
import type { JsonValue } from "../json";
import { discrepancies, Payments, type Reconciliation, reconcile, referencesOf } from "../reports/reconcile";

type Fields = Readonly<Record<string, unknown>>;

export interface PayoutReport {
  readonly payouts: readonly Reconciliation[];
  /** What does not add up, one line each. */
  readonly problems: readonly string[];
}

/** First and last day, as typed. */
interface Days {
  readonly fromDate: string | undefined;
  readonly toDate: string | undefined;
}

/** As many a page as the server may give; it gives fewer when it likes. */
const pageSize = 100;

/**
 * The list in which the payouts are found, as its schema reads it.
 * @throws a usage error unless either an id or days are given
 */
export function payoutsToRead(id: string | undefined, days: Days) {
  const hasDays = (days.fromDate ?? days.toDate) !== undefined;
  if (id !== undefined && hasDays) {
    throw usageError("<payoutId> cannot be combined with --from or --to", "give the id or the dates", "<payoutId>");
  }
  if (id === undefined && !hasDays) {
    throw usageError("No payouts chosen", "give an id, or dates: --from last-month --to last-month").with({
      code: "MISSING_INPUT",
      field: "<payoutId>",
    });
  }
  if (id?.trim() === "")
    throw usageError("<payoutId> must not be blank", "copy the id from `atoa payouts list`", "<payoutId>");
  return { fromDate: days.fromDate, toDate: days.toDate, page: 0, limit: pageSize };
}

/**
 * Fetches payouts, what they contain and the payments behind that, and compares them.
 * @param list the payouts, by its first page
 * @param wanted id or reference of the only one to look at
 * @param report is told how far the work is
 * @throws AtoaError kind notFound when no payout has the id; else what the requests throw
 */
export async function reconcilePayouts(
  client: AtoaClient,
  list: PagedRequest,
  wanted: string | undefined,
  report: (text: string) => void,
): Promise<PayoutReport> {
  const payouts: { payout: Fields; rows: Fields[] }[] = [];
  for await (const payout of chosenPayouts(client, list, wanted)) {
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

async function* chosenPayouts(client: AtoaClient, list: PagedRequest, id: string | undefined): AsyncGenerator<Fields> {
  for await (const page of client.pages(list)) {
    for (const payout of page.filter(isFields)) {
      if (id === undefined) yield payout;
      else if (payout.id === id || payout.payoutReferenceId === id) return yield payout;
    }
  }
  if (id !== undefined) {
    throw new AtoaError({
      kind: "notFound",
      message: `Payout ${id} not found`,
      hint: "copy the id or the reference from `atoa payouts list`, and check --env",
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
  const days = rows.map(({ createdAt }) => dayOf(createdAt)).sort();
  const [first, last] = [days[0], days.at(-1)];
  // What is undefined is sorted last.
  if (first === undefined || last === undefined) return undefined;
  return { fromDate: addDays(first, -1), toDate: addDays(last, 1) };
}

function isFields(value: JsonValue): value is Record<string, JsonValue> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
