import { type Env, readEnv } from "../environments";
import { AtoaError, type ErrorFacts, type ErrorKind } from "../errors";
import { isRecord } from "../json";
import { safeLine } from "../text";
import { isRetryable, maxRetryAfterMs } from "./retry";

/** What a response says that is no success, and the few fields that the program itself reads of others. */

export interface FailedResponse {
  status: number;
  /** The parsed body; undefined when there was none or it was not JSON. */
  body: unknown;
  requestId: string;
  retryAfterMs?: number | undefined;
  /** Where a redirect points, as the server wrote it. */
  location?: string | undefined;
  /** What to do about a token that the server does not accept; the caller knows whose it is. */
  refusedHint?: string | undefined;
}

/** The facts of the error: kind by status, the server's own words made safe, and what to do now. */
export function responseError(response: FailedResponse): ErrorFacts {
  const { status, requestId } = response;
  const code = errorCode(response.body);
  const kind = kindOf(response);
  if (status < 400) return { ...redirect(response), kind, status, requestId };
  return {
    kind,
    message: serverMessage(response.body) ?? `HTTP ${status}`,
    hint: hintFor(response, code),
    status,
    requestId,
    ...(code === undefined ? {} : { serverCode: code }),
  };
}

function kindOf({ status, retryAfterMs = 0 }: FailedResponse): ErrorKind {
  if (status === 401 || status === 403) return "auth";
  if (status === 400 || status === 422) return "usage";
  if (status === 404) return "notFound";
  if (status === 429) return "rateLimited";
  // A server that asks for a longer pause than the maximum is rate limiting, whatever its status.
  if (isRetryable(status) && retryAfterMs > maxRetryAfterMs) return "rateLimited";
  return "failure";
}

function redirect({ status, location }: FailedResponse) {
  const target = location === undefined ? "" : ` to ${safeLine(location)}`;
  return {
    message: `The server redirected the request${target} (HTTP ${status}); redirects are not followed`,
    hint: "check the path and ATOA_BASE_URL, and that no captive portal or proxy responds instead of the server",
  };
}

/** Refusals that come as a 401 although the token is good. */
const refusals = new Set(["UNAUTHORIZED_ACCESS", "ROLE_UNAUTHORIZED_ACCESS"]);

/** Advice on a 400 or 422 that nothing is known of; a command that knows what it acts on has a better one. */
export const checkRequest = "check the request with --dryRun and correct it";

const hints: Readonly<Record<number, string>> = {
  400: checkRequest,
  401: "log in again: `atoa login`",
  403: "ask Atoa support to enable this for your business, or use a key that is allowed to",
  404: "check the id and the environment (--env)",
  409: "check the current status before you try again",
  422: checkRequest,
};

function hintFor({ status, retryAfterMs, refusedHint }: FailedResponse, code: string | undefined): string {
  if (code === "KYB_VERIFICATION_REQUIRED") return "finish the verification of your business in the Atoa dashboard";
  if (code === "SIGNING_KEY_REQUIRED") {
    return "create a signing key in the Atoa dashboard; for the emulator, POST /__emulator/signing-secret";
  }
  if (code === "IDEMPOTENCY_KEY_REUSED") return "use a new key, or exactly the same arguments as before";
  if (code === "ADDON_UPGRADE_REQUIRED") return "add the product to your plan in the Atoa dashboard";
  if (status === 401 && code !== undefined && refusals.has(code)) {
    return "the key is not allowed to do this; ask an owner of the business for one that is";
  }
  if (status === 401 && refusedHint !== undefined) return refusedHint;
  if (retryAfterMs !== undefined && retryAfterMs > 0 && isRetryable(status)) {
    return `run the command again in ${Math.ceil(retryAfterMs / 1000)} s`;
  }
  if (status === 429) return "wait a moment and run the command again";
  if (status >= 500) return "try again later; if it keeps failing, quote the request-id to Atoa support";
  return hints[status] ?? "check the request with --dryRun, and quote the request-id to Atoa support if it looks right";
}

/** The server's reason as one safe line. A list of reasons can come from its framework's own validation. */
function serverMessage(body: unknown): string | undefined {
  if (!isRecord(body)) return undefined;
  for (const reason of [body.message, body.error]) {
    const parts = (Array.isArray(reason) ? reason : [reason]).filter((part) => typeof part === "string");
    const line = safeLine(parts.join("; "));
    if (line !== "") return line;
  }
  return undefined;
}

/** Names that say no more than the status does: a placeholder, or the class of the exception on the server. */
const emptyCode = /^(BAD_REQUEST|[A-Z]\w*(Exception|Error))$/;

/** The machine code, from the first of three fields that holds a meaningful one. */
function errorCode(body: unknown): string | undefined {
  if (!isRecord(body)) return undefined;
  for (const field of [body.errorCode, body.name, body.customName]) {
    if (typeof field !== "string" && typeof field !== "number") continue;
    const code = safeLine(String(field), 80);
    if (code !== "" && !emptyCode.test(code)) return code;
  }
  return undefined;
}

/**
 * Readers for the few responses of which the program itself needs a field. Everything else is passed on as it came.
 * Each throws a failure when the server left out what is needed.
 */

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
  if (merchantId === undefined) throw unexpected("The server did not say which business the token belongs to");
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
  throw unexpected("The server rotated the key but sent no new token");
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
