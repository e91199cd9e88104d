/**
 * Readers for the few responses of which the program itself needs a field. Everything else is passed on as it came.
 * Each throws a failure when the server left out what is needed.
 */
import { type Env, readEnv } from "../environments";
import { AtoaError } from "../errors";
import { isRecord } from "../json";

export interface Identity {
  /** Id of the business. */
  merchantId: string;
  businessName: string;
  /** Id of the key that made the call; without it the key cannot be rotated or revoked. */
  sdkAccessId?: string;
  /** Environment that the token belongs to, when the server says so. */
  env?: Env;
}

/** Reads the response of GET /api/cli/identity. Only the business is always there. */
export function readIdentity(value: unknown): Identity {
  const merchantId = textField(value, "merchantId");
  if (merchantId === undefined) throw unexpected("the server did not say which business the token belongs to");
  const key = isRecord(value) ? value.key : undefined;
  const sdkAccessId = textField(key, "sdkAccessId");
  const env = readEnv(textField(key, "env"));
  return {
    merchantId,
    businessName: textField(value, "businessName") ?? merchantId,
    ...(sdkAccessId === undefined ? {} : { sdkAccessId }),
    ...(env === undefined ? {} : { env }),
  };
}

/** Reads the new token of a regenerated key: the field of the environment, else apiSecret. */
export function readNewToken(value: unknown, env: Env): string {
  const token = textField(value, `${env}ApiSecret`) ?? textField(value, "apiSecret");
  if (token !== undefined) return token;
  throw unexpected("the server rotated the key but sent no new token");
}

/** The status of a payment request, or undefined when the response has none. */
export function readPaymentStatus(value: unknown): string | undefined {
  return textField(value, "status");
}

function textField(value: unknown, name: string): string | undefined {
  const field = isRecord(value) ? value[name] : undefined;
  return typeof field === "string" && field !== "" ? field : undefined;
}

function unexpected(message: string): AtoaError {
  return new AtoaError({
    kind: "failure",
    message,
    hint: "look at the key in the Atoa dashboard, and tell Atoa support if this goes on",
  });
}
