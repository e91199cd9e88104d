/** The codes of `--errors json`: what a program branches on. The table in docs/automation.md is this one; a test compares them. */
export const errorCodes = {
  INVALID_INPUT: "a flag, an argument or a variable is wrong, or the API refused the input (400, 422)",
  MISSING_INPUT: "a required flag or argument is missing",
  UNKNOWN_COMMAND: "there is no such command",
  UNKNOWN_FLAG: "the command has no such flag",
  NEEDS_CONFIRMATION: "the command asks first, and there is no terminal: add `--yes`",
  NO_PROFILE: "this machine is not paired: `atoa login`, or set `ATOA_TOKEN`",
  AMBIGUOUS_PROFILE: "there are several profiles and none is chosen: `--profile`",
  NO_CREDENTIALS: "the profile has no usable token for this environment",
  NOT_AUTHORISED: "the API refused the token (401, 403)",
  NOT_FOUND: "the API (404), or this machine, knows no such thing",
  RATE_LIMITED: "too many requests (429); all attempts are used up",
  NO_ANSWER: "no response came: DNS, connection, TLS, timeout",
  SERVER_ERROR: "the API failed (5xx)",
  UNEXPECTED_RESPONSE: "a response that the program cannot use: another status, a redirect",
  STATUS_NOT_REACHED: "`payments status` stopped waiting: another final status, or the timeout",
  NOT_RECONCILED: "`payouts reconcile` found a payout or a row that does not add up",
  OUTPUT_FAILED: "the write was carried out, but its response could not be printed: do not repeat it",
  FAILED: "something on this machine failed: a file, a keychain, a lock",
  ABORTED: "the question was answered with no",
  INTERRUPTED: "Ctrl-C, or another signal to stop",
  INTERNAL: "a bug; `ATOA_DEBUG=1` shows where",
} as const;

export type ErrorCode = keyof typeof errorCodes;

interface Coded {
  readonly code?: ErrorCode | undefined;
  /** A kind of errors.ts. */
  readonly kind: string;
  readonly status?: number | undefined;
}

/** The code of an error: its own, else what its kind and status say. */
export function codeOf({ code, kind, status }: Coded): ErrorCode {
  if (code !== undefined) return code;
  switch (kind) {
    case "usage":
      return "INVALID_INPUT";
    case "auth":
      return status === undefined ? "NO_CREDENTIALS" : "NOT_AUTHORISED";
    case "notFound":
      return "NOT_FOUND";
    case "rateLimited":
      return "RATE_LIMITED";
    case "network":
      return "NO_ANSWER";
    case "aborted":
      return "ABORTED";
    case "interrupted":
      return "INTERRUPTED";
    default:
      if (status === undefined) return "FAILED";
      return status >= 500 ? "SERVER_ERROR" : "UNEXPECTED_RESPONSE";
  }
}
