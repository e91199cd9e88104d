/** What an answer that is not a success means for the user. */
import type { ErrorFacts, ErrorKind } from "../errors";
import { isRecord } from "../json";
import { isPassing, longestWaitMs } from "./retry";
import { safeLine } from "./server-text";

export interface FailedAnswer {
  status: number;
  /** The parsed body; undefined when there was none or it was not JSON. */
  body: unknown;
  requestId: string;
  retryAfterMs?: number | undefined;
  /** Where a redirect points, as the server wrote it. */
  location?: string | undefined;
}

/** The facts of the error: kind by status, the server's own words made safe, and what to do now. */
export function responseError(answer: FailedAnswer): ErrorFacts {
  const { status, requestId } = answer;
  const code = errorCode(answer.body);
  const kind = kindOf(answer);
  if (status < 400) return { ...redirect(answer), kind, status, requestId };
  return {
    kind,
    message: serverMessage(answer.body) ?? `HTTP ${status}`,
    hint: nextStep(answer, code),
    status,
    requestId,
    ...(code === undefined ? {} : { serverCode: code }),
  };
}

function kindOf({ status, retryAfterMs = 0 }: FailedAnswer): ErrorKind {
  if (status === 401 || status === 403) return "auth";
  if (status === 400 || status === 422) return "usage";
  if (status === 404) return "notFound";
  if (status === 429) return "rateLimited";
  // A server that asks for a longer pause than we wait limits the rate, whatever status it says it with.
  if (isPassing(status) && retryAfterMs > longestWaitMs) return "rateLimited";
  return "failure";
}

function redirect({ status, location }: FailedAnswer) {
  const target = location === undefined ? "" : ` to ${safeLine(location)}`;
  return {
    message: `the server redirected the request${target} (HTTP ${status}), which is not followed`,
    hint: "check the path and ATOA_BASE_URL, and that no captive portal or proxy answers instead of the server",
  };
}

/** Refusals that come as a 401 although the token is good. */
const refusals = new Set(["UNAUTHORIZED_ACCESS", "ROLE_UNAUTHORIZED_ACCESS"]);

const nextSteps: Readonly<Record<number, string>> = {
  400: "correct the input, or look at the state of what it acts on; --dryRun shows the request",
  401: "run `atoa whoami` to see which environment the token belongs to, then `atoa login` with a valid token",
  403: "ask Atoa support to allow this for your business, or use a key that may do it",
  404: "check the id, and that it belongs to this environment (--env)",
  409: "look at the current state before you try again",
  422: "correct the input; --dryRun shows the request",
};

function nextStep({ status, retryAfterMs }: FailedAnswer, code: string | undefined): string {
  if (code === "KYB_VERIFICATION_REQUIRED") return "finish the verification of your business in the Atoa dashboard";
  if (code === "SIGNING_KEY_REQUIRED") {
    return "make a signing key in the Atoa dashboard; the emulator takes one by POST /__emulator/signing-secret";
  }
  if (code === "IDEMPOTENCY_KEY_REUSED") return "use a new key, or the very same arguments as before";
  if (code === "ADDON_UPGRADE_REQUIRED") return "add the product to your plan in the Atoa dashboard";
  if (status === 401 && code !== undefined && refusals.has(code)) {
    return "the key is not allowed to do this; ask an owner of the business for one that is";
  }
  if (retryAfterMs !== undefined && retryAfterMs > 0 && isPassing(status)) {
    return `run the command again in ${Math.ceil(retryAfterMs / 1000)} s`;
  }
  if (status === 429) return "wait a moment and run the command again";
  if (status >= 500) return "run the command again later, and quote the request-id to Atoa support if it stays";
  return (
    nextSteps[status] ?? "check the request with --dryRun, and quote the request-id to Atoa support if it looks right"
  );
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
