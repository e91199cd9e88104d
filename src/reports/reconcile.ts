/**
 * Does a payout equal what it says it contains? Counted in whole pence. The API gives refunds as positive amounts; here
 * they are negative.
 */
import { fieldAt } from "./columns";
import { pounds, readPence } from "./pence";

type Fields = Readonly<Record<string, unknown>>;

export interface Reconciliation {
  readonly payoutId: string;
  readonly rows: readonly ReconciledRow[];
  /** Pounds with two decimals as text; null when an amount behind it is unknown. */
  readonly gross: string | null;
  /** Not positive. */
  readonly refunds: string | null;
  /** Not positive; absent where the payout names no fee. */
  readonly fees?: string | null;
  readonly net: string | null;
  /** What the payout itself says. */
  readonly payout: string | null;
  /** Payout less net: "0.00" when they meet. */
  readonly difference: string | null;
}

type ReconciledRow = Fields & { readonly orderId: string | null; readonly signedAmount: string | null };

/** A payment as `payments transactions` shows it, found by either of its references. */
export class Payments {
  readonly #byReference = new Map<string, Fields>();

  add(payment: Fields): void {
    for (const reference of referencesOf(payment)) this.#byReference.set(reference, payment);
  }

  of(row: Fields): Fields | undefined {
    return referencesOf(row)
      .map((reference) => this.#byReference.get(reference))
      .find((payment) => payment !== undefined);
  }
}

/**
 * @param payout an item of the list of payouts
 * @param rows all of its transactions
 */
export function reconcile(payout: Fields, rows: readonly Fields[], payments: Payments): Reconciliation {
  const signed = rows.map(signedPence);
  const gross = total(signed.filter((_, index) => !isRefund(rows[index])));
  const refunds = total(signed.filter((_, index) => isRefund(rows[index])));
  const fee = payout.fee ?? payout.fees;
  const fees = fee === undefined ? 0 : negated(penceOf(fee));
  const net = total([gross, refunds, fees]);
  const paid = penceOf(payout.amount);
  return {
    payoutId: String(payout.id ?? payout.payoutReferenceId ?? ""),
    rows: rows.map((row, index) => ({
      ...row,
      orderId: orderOf(payments.of(row)),
      signedAmount: shown(signed[index]),
    })),
    gross: shown(gross),
    refunds: shown(refunds),
    ...(fee === undefined ? {} : { fees: shown(fees) }),
    net: shown(net),
    payout: shown(paid),
    difference: shown(paid === undefined || net === undefined ? undefined : paid - net),
  };
}

/** What is wrong with a payout, one line each; none when it meets and every row has its order. */
export function discrepancies(
  { payoutId, rows, net, payout, difference }: Reconciliation,
  payments: Payments,
): string[] {
  const sums =
    difference === null
      ? [`payout ${payoutId} is not comparable: an amount is unknown`]
      : difference === "0.00"
        ? []
        : [`payout ${payoutId} is ${payout}, its rows come to ${net}: a difference of ${difference}`];
  return [...sums, ...rows.flatMap((row) => rowTrouble(row, payments.of(row)))];
}

function rowTrouble(row: ReconciledRow, payment: Fields | undefined): string[] {
  const name = `row ${referencesOf(row)[0] ?? "without a reference"}`;
  if (row.signedAmount === null) return [`${name} is not comparable: its amount is unknown`];
  if (row.orderId === null || payment === undefined) return [`${name} has no order`];
  const paid = penceOf(payment.paidAmount ?? payment.amount);
  if (paid === undefined) return [`${name} is not comparable: the amount of order ${row.orderId} is unknown`];
  const own = Math.abs(Number(readPence(row.signedAmount)));
  // A refund may be a part of its payment.
  if (isRefund(row) ? own <= paid : own === paid) return [];
  return [`${name} is ${row.signedAmount}, order ${row.orderId} is ${pounds(paid)}`];
}

/** The references of a payment or of a row, the first that the payer's bank knows. */
export function referencesOf(fields: Fields): string[] {
  return [fields.paymentIdempotencyId, fields.paymentRequestId].filter(
    (reference): reference is string => typeof reference === "string" && reference !== "",
  );
}

function orderOf(payment: Fields | undefined): string | null {
  const order = payment === undefined ? undefined : fieldAt(payment, "orderId");
  return typeof order === "string" && order !== "" ? order : null;
}

function isRefund(row: Fields | undefined): boolean {
  if (row?.isRefund === undefined) return typeof row?.refundId === "string" && row.refundId !== "";
  return row.isRefund === true || row.isRefund === "true";
}

function signedPence(row: Fields): number | undefined {
  const pence = penceOf(row.amount);
  return isRefund(row) ? negated(pence) : pence;
}

/** As a deduction, whatever its sign was. */
function negated(pence: number | undefined): number | undefined {
  return pence === undefined ? undefined : 0 - Math.abs(pence);
}

function penceOf(amount: unknown): number | undefined {
  const pence = readPence(amount);
  return typeof pence === "number" ? pence : undefined;
}

/** Unknown as soon as one part is, or when the sum is too large to be exact. */
function total(parts: readonly (number | undefined)[]): number | undefined {
  let sum = 0;
  for (const part of parts) {
    if (part === undefined) return undefined;
    sum += part;
  }
  return Number.isSafeInteger(sum) ? sum : undefined;
}

function shown(pence: number | undefined): string | null {
  return pence === undefined ? null : pounds(pence);
}
