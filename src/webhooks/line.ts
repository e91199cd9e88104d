import type { Delivery } from "./delivery";
import type { Forwarded } from "./forwarder";

/**
 * A delivery in one line for a person:
 * `14:02:11 PAYMENTS_STATUS COMPLETED order-004 £25.00 · genuine (v1) → 200 in 12 ms`.
 */
export function lineOf(
  delivery: Delivery,
  scheme: string,
  body: Uint8Array,
  forwarded: readonly Forwarded[],
  status: number,
): string {
  const time = new Date(delivery.receivedAt).toLocaleTimeString("en-GB");
  const facts = [delivery.event ?? "a body that is not an event", ...summary(body)];
  return `${time} ${facts.join(" ")} · ${judgement(delivery, scheme)} → ${outcome(forwarded, status)}`;
}

function judgement({ verified, reason }: Delivery, scheme: string): string {
  if (verified === null) return "not verified: no key";
  return verified ? `genuine (${scheme})` : `NOT GENUINE: ${reason ?? "UNKNOWN"}`;
}

function outcome(forwarded: readonly Forwarded[], status: number): string {
  const [only, ...more] = forwarded;
  if (only === undefined) return String(status);
  if (more.length === 0) return answer(only);
  return forwarded.map((one) => `${new URL(one.to).host} ${answer(one)}`).join(", ");
}

function answer({ status, ms, error }: Forwarded): string {
  if (status === null) return error ?? "no response";
  const again = status > 200 && status < 300 ? " (Atoa accepts only 200, and will retry)" : "";
  return `${status} in ${ms} ms${again}`;
}

/** Status, order and amount, as far as the body has them. */
function summary(body: Uint8Array): string[] {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(body).toString("utf8"));
  } catch {
    return [];
  }
  if (value === null || typeof value !== "object") return [];
  const { status, orderId, refundAmount, paidAmount, currency } = value as Record<string, unknown>;
  return [text(status), text(orderId), amount(refundAmount ?? paidAmount, currency)].filter((part) => part !== "");
}

function text(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value).slice(0, 80) : "";
}

function amount(value: unknown, currency: unknown): string {
  const shown = text(value);
  if (!/^\d+(\.\d+)?$/.test(shown)) return shown;
  // Digits stay as they came, but for the pennies of a round number.
  const [pounds = "", pence = ""] = shown.split(".");
  const full = `${pounds}.${pence.padEnd(2, "0")}`;
  return currency === undefined || currency === "GBP" ? `£${full}` : `${full} ${text(currency)}`;
}
