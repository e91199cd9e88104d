import { closest } from "fastest-levenshtein";
import { usageError } from "../errors";
import { bodyOf } from "./bodies";
import type { Scheme } from "./fields";
import type { Message } from "./post";
import { signatureOfBody, signatureOfPayment } from "./signature";
import { factsOf, statusesOf, type TestEvent } from "./test-event";

/** An event that atoa makes and signs itself. */
export interface MadeEvent extends Message {
  readonly scheme: Scheme;
  readonly body: Buffer;
  /** X-Atoa-Signature of v2, signatureHash of v1. */
  readonly signature: string;
}

/** What signs: an API token for v1, a signing secret for v2. */
export interface Signer {
  readonly scheme: Scheme;
  readonly secret: string;
}

/** A field of the body to be set, as typed: `storeDetails.id=42`. */
export interface FieldSetting {
  readonly path: string;
  readonly value: unknown;
}

/**
 * Makes and signs an event. What is set is signed like the rest; a `signatureHash` that is set stays as it is.
 * @param now milliseconds since 1970
 * @throws AtoaError kind usage for v1 with POS_PAYMENT_STATUS, a status that the event cannot have, and an unknown path
 */
export function makeEvent(event: TestEvent, signer: Signer, settings: readonly FieldSetting[], now: number): MadeEvent {
  const { scheme, secret } = signer;
  if (scheme === "v1" && event.eventType === "POS_PAYMENT_STATUS") {
    throw usageError("POS_PAYMENT_STATUS is signed with v2 only", "add --scheme v2", "--scheme");
  }
  const allowed = statusesOf(event);
  if (event.status !== undefined && allowed.length > 1 && !allowed.includes(event.status)) {
    throw usageError(
      `--status ${event.status} is not valid for this event`,
      `use one of ${allowed.join(", ")}`,
      "--status",
    );
  }
  const body = bodyOf(event.eventType, factsOf(event, now), scheme === "v1" ? secret : undefined);
  for (const setting of settings) setField(body, setting);
  const signsItself = scheme === "v1" && !settings.some(({ path }) => path === "signatureHash");
  if (signsItself) body.signatureHash = hashOf(body, secret);
  return signedBytes(Buffer.from(JSON.stringify(body)), signer, String(body.signatureHash));
}

/** Bytes with the headers that their sender gives them. @param hash signatureHash in the body, for v1 */
export function signedBytes(body: Buffer, { scheme, secret }: Signer, hash = ""): MadeEvent {
  const signature = scheme === "v2" ? signatureOfBody(secret, body) : hash;
  const headers = ["Content-Type", "application/json", "User-Agent", "atoa-cli"];
  if (scheme === "v2") headers.push("X-Atoa-Signature", signature);
  return { scheme, body, headers, signature };
}

/** signatureHash of a body, over its own ids. */
export function hashOf(body: Readonly<Record<string, unknown>>, token: string): string {
  return signatureOfPayment(token, String(body.orderId), String(body.refundId ?? body.paymentRequestId));
}

/**
 * `path=value`; the value is JSON where it is valid JSON, else a string.
 * @throws AtoaError kind usage when there is no =
 */
export function parseSetting(text: string): FieldSetting {
  const at = text.indexOf("=");
  if (at < 1) throw usageError("--set must be path=value", "for example: --set storeDetails.id=42", "--set");
  const typed = text.slice(at + 1);
  try {
    return { path: text.slice(0, at), value: JSON.parse(typed) };
  } catch {
    return { path: text.slice(0, at), value: typed };
  }
}

/** Only fields that the body has: a misspelt one would test nothing. */
function setField(body: Record<string, unknown>, { path, value }: FieldSetting): void {
  const names = path.split(".");
  const last = names.pop() ?? "";
  let place: unknown = body;
  for (const name of names) place = own(place, name) ? (place as Record<string, unknown>)[name] : undefined;
  if (!own(place, last)) {
    throw usageError(
      `The body has no field ${path}`,
      `did you mean ${closest(path, paths(body))}? --print shows the whole body`,
      "--set",
    );
  }
  (place as Record<string, unknown>)[last] = value;
}

function own(place: unknown, name: string): boolean {
  return typeof place === "object" && place !== null && Object.hasOwn(place, name);
}

function paths(value: unknown, before = ""): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, field]) => [`${before}${name}`, ...paths(field, `${before}${name}.`)]);
}
