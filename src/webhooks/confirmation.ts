/** Whether what a delivery says agrees with what the API says. */
export interface Agreement {
  readonly confirmed: boolean;
  /** What each side says, of the facts that v1 does not sign. */
  readonly delivery: Facts;
  readonly api: Facts;
}

interface Facts {
  readonly status: string | null;
  /** As text; both sides write amounts as numbers or as text. */
  readonly amount: string | null;
}

/** The payment and refund that a body is about; undefined where it names no payment. */
export function subjectOf(body: Uint8Array): { paymentRequestId: string; refundId: string | undefined } | undefined {
  const { paymentRequestId, refundId } = parsed(body);
  if (typeof paymentRequestId !== "string") return undefined;
  return { paymentRequestId, refundId: typeof refundId === "string" ? refundId : undefined };
}

/**
 * Compares a body with the API's answer about its payment, or with the list of refunds of that payment.
 * An amount that the API does not tell is not compared.
 */
export function compare(body: Uint8Array, response: unknown): Agreement {
  const told = parsed(body);
  const { refundId } = told;
  const known = Array.isArray(response)
    ? recordOf(response.find((refund) => recordOf(refund).refundId === refundId))
    : recordOf(response);
  const name = typeof refundId === "string" ? "refundAmount" : "paidAmount";
  const delivery = { status: textOf(told.status), amount: textOf(told[name]) };
  const api = { status: textOf(known.status), amount: textOf(known[name]) };
  const sameAmount = api.amount === null || cents(api.amount) === cents(delivery.amount ?? "");
  return { confirmed: api.status === delivery.status && sameAmount, delivery, api };
}

function parsed(body: Uint8Array): Record<string, unknown> {
  try {
    return recordOf(JSON.parse(Buffer.from(body).toString("utf8")));
  } catch {
    return {}; // Signed, and yet no JSON: then it is about no payment.
  }
}

function recordOf(value: unknown): Record<string, unknown> {
  return value !== null && typeof value === "object" && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

/** Numbers of the response may be objects that keep their digits: String gives them back. */
function textOf(value: unknown): string | null {
  return value === undefined || value === null ? null : String(value);
}

/** "25", "25.0" and "25.00" are one amount. */
function cents(amount: string): string {
  const [, pounds = "", pence = ""] = /^0*(\d+)(?:\.(\d*?)0*)?$/.exec(amount) ?? [undefined, amount];
  return `${pounds}.${pence}`;
}
