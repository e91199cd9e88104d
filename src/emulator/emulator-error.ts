import type { EmulatorErrorKind } from "./handle";

/**
 * What the emulator turns down, or cannot do. It travels by throw from wherever the rule stands to whoever answers: `http/exchange.ts`
 * says what each kind is over HTTP, the library hands it on as it is, and the CLI words it for its own flags.
 */
export class EmulatorError extends Error {
  /** What to do, where the message does not say it. */
  readonly hint: string | undefined;

  constructor(
    readonly kind: EmulatorErrorKind,
    message: string,
    /** Machine code, in the body's `name` field. */
    readonly code?: string,
    { hint, cause }: { hint?: string; cause?: unknown } = {},
  ) {
    super(message, { cause });
    this.name = "EmulatorError";
    this.hint = hint;
  }
}

export function badRequest(message: string, code = "BAD_REQUEST"): EmulatorError {
  return new EmulatorError("bad-request", message, code);
}

export function notFound(what: string, code = "NOT_FOUND"): EmulatorError {
  return new EmulatorError("not-found", `${what} not found`, code);
}

export function unauthorized(message = "Token not accepted"): EmulatorError {
  return new EmulatorError("unauthorized", message, "INVALID_CREDENTIAL");
}
