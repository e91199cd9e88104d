import type { IncomingMessage, ServerResponse } from "node:http";
import { choices } from "../choices";
import { Refusal, type RefusalKind } from "../refusal";

/** An answer before it is sent: the body is text already, so that a repeat sends the very same bytes. */
export interface Answer {
  status: number;
  body: string;
  headers?: Readonly<Record<string, string>> | undefined;
}

const statuses = {
  "bad-request": 400,
  unauthorized: 401,
  forbidden: 403,
  "not-found": 404,
  "too-large": 413,
  misdirected: 421,
  "key-reused": 422,
  broken: 500,
} as const satisfies Record<RefusalKind, number>;

/** The status that a refusal has over HTTP. */
export function statusOf({ kind }: Refusal): (typeof statuses)[RefusalKind] {
  return statuses[kind];
}

/** The documented error body: status, name, message. */
export function bodyOf(refusal: Refusal): Record<string, unknown> {
  const { code, message } = refusal;
  return { status: statusOf(refusal), ...(code === undefined ? {} : { name: code }), message };
}

export function refusalAnswer(refusal: Refusal): Answer {
  const answer = { status: statusOf(refusal), body: JSON.stringify(bodyOf(refusal)) };
  // What is left of a body that is too large is not read.
  return refusal.kind === "too-large" ? { ...answer, headers: { connection: "close" } } : answer;
}

/**
 * The whole body as text.
 * @throws Refusal 413 for one that is too large, 400 for one that ends early
 */
export function readBody(incoming: IncomingMessage): Promise<string> | string {
  const { headers } = incoming;
  if (headers["content-length"] === undefined && headers["transfer-encoding"] === undefined) return "";
  const tooLarge = new Refusal("too-large", "the body is too large", "PAYLOAD_TOO_LARGE");
  if (Number(headers["content-length"]) > choices.largestBody) throw tooLarge;
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    incoming.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > choices.largestBody) reject(tooLarge);
      else chunks.push(chunk);
    });
    incoming.on("end", () => resolve(chunks.length === 1 ? String(chunks[0]) : Buffer.concat(chunks).toString("utf8")));
    incoming.on("error", () => reject(new Refusal("bad-request", "the body ended early", "BAD_REQUEST")));
  });
}

/** Sends an API answer. Nothing is sent to a caller that has gone. */
export function send(outgoing: ServerResponse, requestId: string, answer: Answer): void {
  if (outgoing.destroyed || outgoing.headersSent) return;
  outgoing.writeHead(answer.status, {
    "content-type": "application/json; charset=utf-8",
    "content-length": Buffer.byteLength(answer.body),
    "x-request-id": requestId,
    "cache-control": "no-store",
    ...answer.headers,
  });
  outgoing.end(answer.body);
}

/** The query of a request target; the last of repeated names counts. */
export function queryOf(target: string): Record<string, string> {
  const mark = target.indexOf("?");
  return mark === -1 ? {} : Object.fromEntries(new URLSearchParams(target.slice(mark + 1)));
}

export function pathOf(target: string): string {
  const mark = target.indexOf("?");
  return mark === -1 ? target : target.slice(0, mark);
}
