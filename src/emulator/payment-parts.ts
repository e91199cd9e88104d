import { iso } from "./state/clock";
import type { Payment, PaymentStatus, Store } from "./state/records";

/** Parts that answers and webhook bodies have in common. */

const isoStatuses: Partial<Record<PaymentStatus, { code: string; name: string }>> = {
  PENDING: { code: "PDNG", name: "Pending" },
  COMPLETED: { code: "ACSC", name: "AcceptedSettlementCompleted" },
  FAILED: { code: "RJCT", name: "Rejected" },
};

/** The state in the words of a bank; cards have no ISO status. */
export function statusDetails(payment: Payment): Record<string, unknown> {
  const isoStatus = isoStatuses[payment.status];
  return {
    status: payment.status,
    statusUpdateDate: iso(payment.updatedAt),
    ...(isoStatus === undefined || payment.attempt?.method === "CARD" ? {} : { isoStatus }),
  };
}

export function storeDetails(store: Store | undefined): Record<string, unknown> {
  return { id: store?.id ?? "", address: store?.cityOrTown ?? null, locationName: store?.locationName ?? null };
}
