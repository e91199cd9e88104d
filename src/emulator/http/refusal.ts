/**
 * A request that the API turns down. It travels by throw from a handler to the server, which makes the error body of it; it is an answer
 * to the caller over HTTP and no failure of the program: hence no AtoaError.
 */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    message: string,
    /** Machine code, in the body's `name` field. */
    readonly code?: string,
    readonly headers?: Readonly<Record<string, string>>,
  ) {
    super(message);
    this.name = "Refusal";
  }

  /** The documented error body: status, name, message. */
  body(): Record<string, unknown> {
    return { status: this.status, ...(this.code === undefined ? {} : { name: this.code }), message: this.message };
  }
}

export function badRequest(message: string, code = "BAD_REQUEST"): Refusal {
  return new Refusal(400, message, code);
}

export function notFound(what: string, code = "NOT_FOUND"): Refusal {
  return new Refusal(404, `${what} not found`, code);
}

export function unauthorized(message = "token not accepted"): Refusal {
  return new Refusal(401, message, "INVALID_CREDENTIAL");
}
