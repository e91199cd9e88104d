import { randomBytes } from "node:crypto";
import { usageError } from "../errors";
import { readFields } from "./fields";
import type { Reason } from "./reasons";

/** One delivery as it is journalled, printed as ndjson, and read back for `verify` and `replay`. */
export interface Delivery {
  readonly type: "delivery";
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly receivedAt: string;
  /** Null for a body that tells none. */
  readonly event: string | null;
  /** Lowercase names. What signs the sender in at the receiver is left out. */
  readonly headers: Readonly<Record<string, string>>;
  /** The very bytes, in base64. */
  readonly body: string;
  /** Null when there was no key to try with. */
  readonly verified: boolean | null;
  readonly reason: Reason | null;
}

/** Headers by which a sender signs in: they are forwarded, and neither kept nor shown. */
export const credentialHeaders: readonly string[] = ["authorization", "proxy-authorization", "cookie"];

/** `wd_` and 16 letters and digits, the time first. */
export function newDeliveryId(ms: number): string {
  return `wd_${ms.toString(36).padStart(9, "0")}${randomBytes(4).toString("hex").slice(0, 7)}`;
}

/** The event that a body tells: v2 names it, v1 has to be told by its shape. Null for what is no delivery. */
export function eventOf(body: Uint8Array): string | null {
  const { eventType, refundId, paymentRequestId, status } = readFields(body);
  if (eventType !== undefined) return eventType;
  if (refundId !== undefined) return "REFUND_STATUS";
  if (paymentRequestId === undefined) return null;
  return status === "EXPIRED" ? "EXPIRED_STATUS" : "PAYMENTS_STATUS";
}

/**
 * A line of `webhooks listen --output ndjson`, or of the journal.
 * @throws AtoaError kind usage for text that is none
 */
export function parseDelivery(text: string): Delivery {
  const delivery = readDelivery(text.trim());
  if (delivery !== undefined) return delivery;
  throw usageError(
    "The delivery must be a line from `webhooks listen --output ndjson`",
    'pass one line with "type":"delivery", its headers and its body in base64',
    "--delivery",
  );
}

/** The delivery in a line, or undefined: a line of another type, or one that a crash cut off. */
export function readDelivery(line: string): Delivery | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  return isDelivery(value) ? value : undefined;
}

function isDelivery(value: unknown): value is Delivery {
  if (value === null || typeof value !== "object") return false;
  const { type, id, receivedAt, headers, body } = value as Record<string, unknown>;
  if (type !== "delivery" || typeof id !== "string" || typeof receivedAt !== "string") return false;
  if (headers === null || typeof headers !== "object" || Array.isArray(headers)) return false;
  return typeof body === "string" && Object.values(headers).every((text) => typeof text === "string");
}

export function bytesOf(delivery: Delivery): Buffer {
  return Buffer.from(delivery.body, "base64");
}
