import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import type { Answer } from "../http/exchange";
import type { Fault } from "./fault";

const dripBytes = 8;
const dripGap = 50;

/**
 * Plays a fault on one exchange.
 * @param decide does what was asked and gives the right answer; not called by the faults that strike before
 * @returns the answer to send, or undefined when the exchange is over
 */
export async function playFault(
  fault: Fault,
  exchange: { incoming: IncomingMessage; outgoing: ServerResponse },
  decide: () => Promise<Answer>,
): Promise<Answer | undefined> {
  const { incoming, outgoing } = exchange;
  if (fault.latency !== undefined) await delay(fault.latency, undefined, { ref: false });
  switch (fault.kind) {
    case "latency":
      return decide();
    case "status":
      return statusAnswer(fault);
    case "echo-token": {
      const token = /^Bearer +(.*)$/i.exec(incoming.headers.authorization ?? "")?.[1] ?? "";
      const status = fault.status ?? 400;
      return {
        status,
        body: JSON.stringify({ status, name: "TOKEN_ECHO", message: `refused for token ${token} (${token})` }),
      };
    }
    case "reset-before-commit":
      incoming.socket.resetAndDestroy();
      return undefined;
    case "reset-after-commit":
      await decide();
      incoming.socket.resetAndDestroy();
      return undefined;
    case "hang":
      return undefined;
    case "hang-after-commit":
      await decide();
      return undefined;
    case "broken-json": {
      const answer = await decide();
      return { ...answer, body: `${answer.body.slice(0, Math.max(1, answer.body.length >> 1))}\u0000` };
    }
    case "slow-drip":
      await drip(outgoing, await decide());
      return undefined;
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

async function drip(outgoing: ServerResponse, answer: Answer): Promise<void> {
  outgoing.writeHead(answer.status, { "content-type": "application/json; charset=utf-8" });
  const bytes = Buffer.from(answer.body);
  for (let at = 0; at < bytes.length && !outgoing.destroyed; at += dripBytes) {
    outgoing.write(bytes.subarray(at, at + dripBytes));
    await delay(dripGap, undefined, { ref: false });
  }
  outgoing.end();
}
