import { choices } from "../choices";
import { iso } from "../state/clock";
import { asText } from "../state/money";
import type { Payout } from "../state/records";
import { type Call, instant, pageOf } from "./call";

const day = 86_400_000;

/** Newest first. What the items hold is a guess (no document shows one); the envelope is spelled as its sister's: `itemPerPage`. */
export function listPayouts({ business, query }: Call): unknown {
  const page = Number(query.page);
  const limit = Math.min(Number(query.limit), choices.largestPage);
  const { fromDate, toDate, status, search, orderBy } = query as Record<string, string | undefined>;
  const from = fromDate === undefined ? Number.NEGATIVE_INFINITY : instant(fromDate, "fromDate");
  // A day counts to its end, an instant to itself.
  const to =
    toDate === undefined ? Number.POSITIVE_INFINITY : instant(toDate, "toDate") + (toDate.length === 10 ? day : 1);
  const text = search?.trim().toLowerCase() ?? "";
  const payouts = [...business.payouts.values()]
    .filter(
      (payout) =>
        payout.createdAt >= from &&
        payout.createdAt < to &&
        (status === undefined || payout.status === status) &&
        `${payout.id}\n${payout.reference}\n${asText(payout.amount)}`.toLowerCase().includes(text),
    )
    .sort(order(orderBy));
  return { data: pageOf(payouts, page, limit).map(payoutBody), totalCount: payouts.length, page, itemPerPage: limit };
}

/** Fields to sort by are unknown too: amount and status are obeyed, anything else means the newest first. */
function order(by: string | undefined): (a: Payout, b: Payout) => number {
  if (by === "amount") return (a, b) => b.amount - a.amount;
  if (by === "status") return (a, b) => (a.status < b.status ? -1 : a.status > b.status ? 1 : 0);
  return (a, b) => b.createdAt - a.createdAt;
}

function payoutBody(payout: Payout): Record<string, unknown> {
  return {
    id: payout.id,
    payoutReferenceId: payout.reference,
    amount: asText(payout.amount),
    currency: "GBP",
    status: payout.status,
    createdAt: iso(payout.createdAt),
  };
}

/** Amounts are text and positive, also those of refunds (documented). */
export function listPayoutTransactions({ emulation, business, path, query }: Call): unknown {
  const page = Number(query.page);
  const limit = Math.min(Number(query.limit), choices.largestPage);
  const payout = emulation.inEnvironment(business, path.id ?? "", (records, real) => records.payout(real));
  const data = pageOf(payout.items, page, limit).map((item) => {
    const payment = business.payments.get(item.paymentId);
    const refund = item.refundId === null ? undefined : business.refunds.get(item.refundId);
    return {
      paymentIdempotencyId: payment?.attempt?.reference ?? "",
      paymentRequestId: item.paymentId,
      createdAt: iso(payment?.createdAt ?? payout.createdAt),
      amount: asText(item.amount),
      currency: "GBP",
      refundId: item.refundId,
      refundPaymentReference: refund?.reference ?? null,
      payoutReferenceId: payout.reference,
      transactionFinalizedAt: iso(payout.createdAt),
      isRefund: item.refundId !== null,
      callbackParams: payment?.callbackParams ?? {},
      notes: payment?.notes ?? null,
    };
  });
  return { data, page, itemPerPage: limit, totalCount: payout.items.length };
}
