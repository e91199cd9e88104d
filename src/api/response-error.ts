/** What a response that is not a success means for the user. */
import type { ErrorFacts, ErrorKind } from "../errors";
import { isRecord } from "../json";
import { isRetryable, maxRetryAfterMs } from "./retry";
import { safeLine } from "./server-text";

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
  // A server that asks for a longer pause than we wait limits the rate, whatever status it says it with.
  if (isRetryable(status) && retryAfterMs > maxRetryAfterMs) return "rateLimited";
  return "failure";
}

function redirect({ status, location }: FailedResponse) {
  const target = location === undefined ? "" : ` to ${safeLine(location)}`;
  return {
    message: `the server redirected the request${target} (HTTP ${status}), which is not followed`,
    hint: "check the path and ATOA_BASE_URL, and that no captive portal or proxy answers instead of the server",
  };
}

/** Refusals that come as a 401 although the token is good. */
const refusals = new Set(["UNAUTHORIZED_ACCESS", "ROLE_UNAUTHORIZED_ACCESS"]);

const hints: Readonly<Record<number, string>> = {
  400: "correct what the message names, or look at the state of what it acts on; --dryRun shows the request",
  401: "log in again: `atoa login`",
  403: "ask Atoa support to allow this for your business, or use a key that may do it",
  404: "check the id, and that it belongs to this environment (--env)",
  409: "look at the current state before you try again",
  422: "correct what the message names; --dryRun shows the request",
};

function hintFor({ status, retryAfterMs, refusedHint }: FailedResponse, code: string | undefined): string {
  if (code === "KYB_VERIFICATION_REQUIRED") return "finish the verification of your business in the Atoa dashboard";
  if (code === "SIGNING_KEY_REQUIRED") {
    return "make a signing key in the Atoa dashboard; the emulator takes one by POST /__emulator/signing-secret";
  }
  if (code === "IDEMPOTENCY_KEY_REUSED") return "use a new key, or the very same arguments as before";
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
