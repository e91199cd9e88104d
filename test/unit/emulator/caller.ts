import type { Emulator, Environment } from "@atoapayments/atoa-cli/emulator";

export interface Reply {
  status: number;
  headers: Headers;
  // The tests reach into answers of every shape; what they find is compared, never trusted.
  body: unknown;
}

export type Caller = (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Reply>;

/** Calls an emulator over a real socket with the token of an environment. */
export function callerOf(
  emulator: Emulator,
  environment: Environment = "sandbox",
  token = emulator.tokens[environment],
): Caller {
  return async (method, path, body, headers = {}) => {
    const response = await fetch(emulator.origin + path, {
      method,
      headers: { authorization: `Bearer ${token}`, ...headers },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text === "" ? undefined : JSON.parse(text) };
  };
}

/** A field of an answer, as text. */
export function textOf(reply: Reply, field: string): string {
  return String((reply.body as Record<string, unknown>)[field]);
}

/** Makes a payment request and gives its id. */
export async function newPayment(call: Caller, fields: Record<string, unknown> = {}): Promise<string> {
  const reply = await call("POST", "/api/payments/process-payment", { amount: 25, orderId: "order-1", ...fields });
  if (reply.status !== 200) throw new Error(`no payment: ${JSON.stringify(reply.body)}`);
  return textOf(reply, "paymentRequestId");
}
