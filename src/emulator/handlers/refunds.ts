import { badRequest } from "../emulator-error";
import { iso } from "../state/clock";
import { asText, paidAmount, pence } from "../state/money";
import type { Payment, Refund } from "../state/records";
import { cancelRefund as cancel, createRefund as create, refundsOf } from "../state/refund-lifecycle";
import type { Call } from "./call";

export function createRefund({ emulation, business, body }: Call): unknown {
  const { paymentRequestId, amount, currency, refundNotes } = body as {
    paymentRequestId: string;
    amount: number;
    currency?: string;
    refundNotes?: string;
  };
  const payment = emulation.inEnvironment(business, paymentRequestId, (records, real) => records.payment(real));
  if (currency !== undefined && currency !== payment.currency) {
    throw badRequest(`currency must be that of the payment, ${payment.currency}`, "CURRENCY_MISMATCH");
  }
  return refundBody(payment, create(business, payment, pence(amount), refundNotes ?? null));
}

/** By the id of the payment. `refundType` is given here and not in the answer to the creation (documented). */
export function listRefunds({ emulation, business, path }: Call): unknown {
  const payment = emulation.inEnvironment(business, path.paymentRequestId ?? "", (records, real) =>
    records.payment(real),
  );
  return refundsOf(business, payment).map((refund) => ({
    ...refundBody(payment, refund),
    refundType: refund.amount === paidAmount(payment) ? "FULL" : "PARTIAL",
  }));
}

/** By the id of the refund. The body repeats the HTTP status, as the documents show. */
export function cancelRefund({ emulation, business, path }: Call): unknown {
  const refund = emulation.inEnvironment(business, path.refundId ?? "", (records, real) => records.refund(real));
  cancel(business, refund);
  return { status: 200, message: "Refund cancelled", refundId: refund.id };
}

function refundBody(payment: Payment, refund: Refund): Record<string, unknown> {
  return {
    refundId: refund.id,
    paymentRequestId: payment.id,
    paymentIdempotencyId: refund.reference,
    status: refund.status,
    paidAmount: asText(paidAmount(payment)),
    refundAmount: asText(refund.amount),
    currency: payment.currency,
    refundNotes: refund.notes,
    orderId: payment.orderId,
    createdAt: iso(refund.createdAt),
    updatedAt: iso(refund.updatedAt),
  };
}
