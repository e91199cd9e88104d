import { setTimeout as delay } from "node:timers/promises";
import type { Fault } from "../handle";
import type { Ending } from "../http/ending";
import type { Answer, Incoming } from "../http/exchange";

/**
 * Plays a fault on one exchange.
 * @param decide does what was asked and gives the right answer; not called by the faults that strike before
 */
export async function playFault(fault: Fault, incoming: Incoming, decide: () => Answer): Promise<Ending> {
  if (fault.latency !== undefined) await delay(fault.latency, undefined, { ref: false });
  switch (fault.kind) {
    case "latency":
      return { kind: "answer", answer: decide() };
    case "status":
      return { kind: "answer", answer: statusAnswer(fault) };
    case "echo-token": {
      const token = /^Bearer +(.*)$/i.exec(incoming.headers.authorization ?? "")?.[1] ?? "";
      const status = fault.status ?? 400;
      const message = `refused for token ${token} (${token})`;
      return { kind: "answer", answer: { status, body: JSON.stringify({ status, name: "TOKEN_ECHO", message }) } };
    }
    case "reset-before-commit":
      return { kind: "cut" };
    case "reset-after-commit":
      decide();
      return { kind: "cut" };
    case "hang":
      return { kind: "silence" };
    case "hang-after-commit":
      decide();
      return { kind: "silence" };
    case "broken-json": {
      const answer = decide();
      const body = `${answer.body.slice(0, Math.max(1, answer.body.length >> 1))}\u0000`;
      return { kind: "answer", answer: { ...answer, body } };
    }
    case "slow-drip":
      return { kind: "drip", answer: decide() };
  }
}

function statusAnswer(fault: Fault): Answer {
  const status = fault.status ?? 500;
  const body = fault.body ?? { status, name: "FAULT", message: `fault: status ${status}` };
  return {
    status,
    body: typeof body === "string" ? body : JSON.stringify(body),
    ...(fault.retryAfter === undefined ? {} : { headers: { "retry-after": fault.retryAfter } }),
  };
}
