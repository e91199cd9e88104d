/**
 * The one error type of the program, its kinds, and the one map from kind to exit code.
 *
 * Codes 0 to 6 are those of the public README ("Exit codes"); 130 is the shell's convention for Ctrl-C.
 */

/** Exit code of each kind of failure. Help, docs and tests read this table. */
export const exitCodes = {
  /** Anything without a better name: an unexpected answer, a local file problem, a 5xx. */
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
  /** No answer: DNS, connection, TLS, time-out. */
  network: 6,
  /** Ctrl-C. */
  interrupted: 130,
} as const;

export type ErrorKind = keyof typeof exitCodes;

export interface ErrorFacts {
  kind: ErrorKind;
  /** What went wrong, one line, without a final full stop. */
  message: string;
  /** What the user can do now. Only a user's own "no" or Ctrl-C needs no advice. */
  next: string;
  /** HTTP status of the answer, when there was one. */
  status?: number | undefined;
  /** Machine code of the server's error body, for example INVALID_TOKEN. */
  code?: string | undefined;
  /** Id to quote to support: the server's own, else the one that was sent. */
  requestId?: string | undefined;
  /** Input field that is at fault, by its API name; the command translates it to its flag. */
  field?: string | undefined;
  /** True when a write may have happened although no good answer came. */
  doubtful?: boolean | undefined;
  cause?: unknown;
}

/** Every error that the program raises on purpose. Anything else that reaches the entry is a bug, shown without a stack. */
export class AtoaError extends Error {
  readonly kind: ErrorKind;
  /** The message as it was made: the parser of oclif rewrites `message` of errors that pass through it. */
  readonly headline: string;
  readonly next: string;
  readonly status: number | undefined;
  readonly code: string | undefined;
  readonly requestId: string | undefined;
  readonly field: string | undefined;
  readonly doubtful: boolean;

  constructor(facts: ErrorFacts) {
    super(facts.message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.name = "AtoaError";
    this.kind = facts.kind;
    this.headline = facts.message;
    this.next = facts.next;
    this.status = facts.status;
    this.code = facts.code;
    this.requestId = facts.requestId;
    this.field = facts.field;
    this.doubtful = facts.doubtful === true;
  }

  get exitCode(): number {
    return exitCodes[this.kind];
  }
}

/** Wrong input of any kind: exit 3, nothing sent. */
export function usageError(message: string, next: string, field?: string): AtoaError {
  return new AtoaError({ kind: "usage", message, next, field });
}
