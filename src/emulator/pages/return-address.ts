import { signatureOfPayment } from "../../webhooks/signature";
import { choices } from "../choices";
import type { Keys } from "../state/keys";
import type { Consent, Payment } from "../state/records";

/**
 * Where the payer goes back to, with the parameters that the documents and the public plug-ins name. The shop's own callback
 * parameters come first and cannot take the place of ours.
 * @returns undefined when the payment has no redirectUrl
 */
export function paymentReturn(keys: Keys, payment: Payment, status: string = payment.status): URL | undefined {
  if (payment.redirectUrl === null) return undefined;
  const url = new URL(payment.redirectUrl);
  addCallbackParams(url, payment.callbackParams);
  const key = payment.sdkAccessId === null ? undefined : keys.withId(payment.sdkAccessId);
  const ours: Record<string, string | undefined> = {
    orderId: payment.orderId,
    paymentRequestId: payment.id,
    status,
    paymentIdempotencyId: payment.attempt?.reference,
    atoaSignatureHash: key === undefined ? undefined : signatureOfPayment(key.token, payment.orderId, payment.id),
  };
  for (const [name, value] of Object.entries(ours)) if (value !== undefined) url.searchParams.set(name, value);
  return url;
}

/** Where the holder of a bank account goes back to: `accountAuthId`, `status`, and once linked `bankAccountIds`. */
export function consentReturn(consent: Consent): URL {
  const url = new URL(consent.redirectUrl);
  addCallbackParams(url, consent.callbackParams);
  url.searchParams.set("accountAuthId", consent.id);
  if (consent.status !== "LINKING") url.searchParams.set("status", choices.consentReturnStatus[consent.status]);
  if (consent.accountIds.length > 0) url.searchParams.set("bankAccountIds", consent.accountIds.join(","));
  return url;
}

/** Text is taken as a query when it looks like one. */
function addCallbackParams(url: URL, params: string | Record<string, unknown> | null): void {
  if (params === null) return;
  if (typeof params === "string") {
    const pairs = params.includes("=") ? [...new URLSearchParams(params)] : [["callbackParams", params] as const];
    for (const [name, value] of pairs) url.searchParams.append(name, value);
    return;
  }
  for (const [name, value] of Object.entries(params)) {
    url.searchParams.append(name, typeof value === "string" ? value : JSON.stringify(value));
  }
}
