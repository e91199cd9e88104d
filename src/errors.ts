/**
 * The one error type of the program, its kinds and codes, and the one map from kind to exit code.
 *
 * Codes 0 to 6 are those of the public README ("Exit codes"); 130 is the shell's convention for Ctrl-C.
 */

/** Exit code of each kind of failure. Help, docs and tests read this table. */
export const exitCodes = {
  /** Anything without a better name: an unexpected response, a local file problem, a 5xx. */
  failure: 1,
  /** The user said no to a confirmation. */
  aborted: 1,
  /** HTTP 401 or 403, or no credentials for the chosen profile. */
  auth: 2,
  /** HTTP 400 or 422, and everything wrong with argv or its values. */
  usage: 3,
  /** HTTP 404, or a profile that does not exist. */
  notFound: 4,
  /** HTTP 429. */
  rateLimited: 5,
  /** No response: DNS, connection, TLS, timeout. */
  network: 6,
  /** Ctrl-C. */
  interrupted: 130,
} as const;

export type ErrorKind = keyof typeof exitCodes;

/** What an error knows. `--errors json` prints these facts; the text form shows the first few. */
export interface ErrorFacts {
  readonly kind: ErrorKind;
  /** What went wrong, one line, without a final full stop. */
  readonly message: string;
  /** What the user can do now. Only a user's own "no" or Ctrl-C needs no advice. */
  readonly hint: string;
  /** HTTP status of the response, when there was one. */
  readonly status?: number | undefined;
  /** Machine code of the server's error body, for example INVALID_TOKEN. */
  readonly serverCode?: string | undefined;
  /** Id to quote to support: the server's own, else the one that was sent. */
  readonly requestId?: string | undefined;
  /** Input field at fault, by its API name; the command translates it to its flag. */
  readonly field?: string | undefined;
  /** True when a write may have happened although no usable response came. */
  readonly outcomeUnknown?: boolean | undefined;
  /** Key that was sent with a write of unknown outcome. */
  readonly idempotencyKey?: string | undefined;
  /** What a program branches on, where kind and status do not say enough. */
  readonly code?: ErrorCode | undefined;
  /** The command line that repeats a write of unknown outcome safely. */
  readonly resume?: readonly string[] | null | undefined;
  readonly cause?: unknown;
}

/** Every error that the program raises on purpose. Anything else that reaches the entry is a bug, shown without a stack. */
export class AtoaError extends Error {
  readonly facts: ErrorFacts;

  constructor(facts: ErrorFacts) {
    super(facts.message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.name = "AtoaError";
    this.facts = facts;
  }

  get kind(): ErrorKind {
    return this.facts.kind;
  }

  /** The message as it was made: oclif's parser rewrites `message` of errors that pass through it. */
  get summary(): string {
    return this.facts.message;
  }

  get hint(): string {
    return this.facts.hint;
  }

  get status(): number | undefined {
    return this.facts.status;
  }

  get field(): string | undefined {
    return this.facts.field;
  }

  get exitCode(): number {
    return exitCodes[this.kind];
  }

  /** The same failure with some facts changed; nothing else gets lost on the way. */
  with(changes: Partial<ErrorFacts>): AtoaError {
    return new AtoaError({ ...this.facts, cause: this, ...changes });
  }
}

/** Ctrl-C: exit 130. */
export function interrupted(): AtoaError {
  return new AtoaError({ kind: "interrupted", message: "Interrupted.", hint: "" });
}

/** Wrong input of any kind: exit 3, nothing sent. */
export function usageError(message: string, hint: string, field?: string): AtoaError {
  return new AtoaError({ kind: "usage", message, hint, field });
}

/**
 * The codes of `--errors json`: what a program branches on. The table in docs/automation.md is this one; a test compares them.
 * @internal
 */
export const errorCodes = {
  INVALID_INPUT: "a flag, an argument or a variable is wrong, or the API rejected the input (400, 422)",
  MISSING_INPUT: "a required flag or argument is missing",
  UNKNOWN_COMMAND: "there is no such command",
  UNKNOWN_FLAG: "the command has no such flag",
  NEEDS_CONFIRMATION: "the command needs confirmation, but there is no terminal: add `--yes`",
  NO_PROFILE: "you are not logged in: run `atoa login`, or set `ATOA_TOKEN`",
  AMBIGUOUS_PROFILE: "there are several profiles and none is active: pass `--profile`",
  NO_CREDENTIALS: "the profile has no usable token for this environment",
  NOT_AUTHORISED: "the API rejected the token (401, 403)",
  NOT_FOUND: "the API (404) or this machine has no such thing",
  RATE_LIMITED: "too many requests (429), after all retries",
  NO_ANSWER: "no response: DNS, connection, TLS, timeout",
  SERVER_ERROR: "the API failed (5xx)",
  UNEXPECTED_RESPONSE: "an unusable response: an unexpected status, a redirect",
  STATUS_NOT_REACHED: "`payments status` stopped waiting: another final status, or the timeout",
  NOT_RECONCILED: "`payouts reconcile` found a payout or a row that does not add up",
  OUTPUT_FAILED: "the write was carried out, but its response could not be printed: do not repeat it",
  FAILED: "something on this machine failed: a file, a keychain, a lock",
  ABORTED: "you answered no",
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
