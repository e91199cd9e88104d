/**
 * A request that the API turns down. It travels by throw from a handler to the server, which makes the error body of it.
 * It is an answer, not a fault of the program: hence no stack and no AtoaError.
 */
export class Refusal {
  constructor(
    readonly status: number,
    readonly message: string,
    /** Machine code, in the body's `name` field. */
    readonly name?: string,
    readonly headers?: Readonly<Record<string, string>>,
  ) {}

  /** The documented error body: status, name, message. */
  body(): Record<string, unknown> {
    return { status: this.status, ...(this.name === undefined ? {} : { name: this.name }), message: this.message };
  }
}

export function badRequest(message: string, name = "BAD_REQUEST"): Refusal {
  return new Refusal(400, message, name);
}

export function notFound(what: string, name = "NOT_FOUND"): Refusal {
  return new Refusal(404, `${what} not found`, name);
}

export function unauthorized(message = "token not accepted"): Refusal {
  return new Refusal(401, message, "INVALID_CREDENTIAL");
}

export function forbidden(message: string, name = "FORBIDDEN"): Refusal {
  return new Refusal(403, message, name);
}
