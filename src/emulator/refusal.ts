/** Why a request is turned down. What each kind is over HTTP, `http/exchange.ts` says. */
export type RefusalKind =
  | "bad-request"
  | "unauthorized"
  | "forbidden"
  | "not-found"
  | "too-large"
  | "misdirected"
  | "key-reused"
  | "broken";

/**
 * A request that the emulator turns down. It travels by throw from wherever the rule stands to whoever answers; it is a response to a
 * caller and no failure of the program: hence no AtoaError.
 */
export class Refusal extends Error {
  constructor(
    readonly kind: RefusalKind,
    message: string,
    /** Machine code, in the body's `name` field. */
    readonly code?: string,
  ) {
    super(message);
    this.name = "Refusal";
  }
}

export function badRequest(message: string, code = "BAD_REQUEST"): Refusal {
  return new Refusal("bad-request", message, code);
}

export function notFound(what: string, code = "NOT_FOUND"): Refusal {
  return new Refusal("not-found", `${what} not found`, code);
}

export function unauthorized(message = "token not accepted"): Refusal {
  return new Refusal("unauthorized", message, "INVALID_CREDENTIAL");
}
