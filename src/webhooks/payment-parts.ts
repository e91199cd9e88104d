/** Parts of a payment that webhook bodies and the emulator's responses have in common. Money is whole pence, times are milliseconds since 1970. */

export type PaymentMethod = "PAY_BY_BANK" | "CARD";

export interface PaymentFacts {
  readonly id: string;
  /** The merchant's own. */
  readonly orderId: string;
  readonly amount: number;
  readonly currency: string;
  readonly status: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** The merchant's own reference of the payer. */
  readonly customerId: string | null;
  readonly atoaCustomerId: string | null;
  readonly redirectUrl: string | null;
  readonly callbackParams: Readonly<Record<string, unknown>> | null;
  readonly notes: string | null;
  readonly splitBill: boolean;
  /** One try of a payer; null before the first. */
  readonly attempt: AttemptFacts | null;
}

export interface AttemptFacts {
  /** `paymentIdempotencyId`: ATOA and digits. */
  readonly reference: string;
  readonly method: PaymentMethod;
  readonly consumerId: string;
  readonly tip: number;
  readonly failure: string | null;
}

export interface StoreFacts {
  readonly id: string;
  readonly locationName: string;
  readonly cityOrTown: string;
}

const isoStatuses: Readonly<Record<string, { code: string; name: string } | undefined>> = {
  PENDING: { code: "PDNG", name: "Pending" },
  COMPLETED: { code: "ACSC", name: "AcceptedSettlementCompleted" },
  FAILED: { code: "RJCT", name: "Rejected" },
};

/** The state in the words of a bank; cards have no ISO status. */
export function statusDetails(
  payment: Pick<PaymentFacts, "status" | "updatedAt"> & { readonly attempt: Pick<AttemptFacts, "method"> | null },
): Record<string, unknown> {
  const isoStatus = isoStatuses[payment.status];
  return {
    status: payment.status,
    statusUpdateDate: new Date(payment.updatedAt).toISOString(),
    ...(isoStatus === undefined || payment.attempt?.method === "CARD" ? {} : { isoStatus }),
  };
}

export function storeDetails(store: StoreFacts | undefined): Record<string, unknown> {
  return { id: store?.id ?? "", address: store?.cityOrTown ?? null, locationName: store?.locationName ?? null };
}
