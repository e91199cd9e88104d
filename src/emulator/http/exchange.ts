import type { IncomingMessage } from "node:http";
import type { HttpBindings } from "@hono/node-server";
import type { Context } from "hono";
import { choices } from "../choices";
import { EmulatorError } from "../emulator-error";
import type { EmulatorErrorKind } from "../handle";

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
  unavailable: 500,
  broken: 500,
} as const satisfies Record<EmulatorErrorKind, number>;

/** The status that a refusal has over HTTP. */
export function statusOf({ kind }: EmulatorError): (typeof statuses)[EmulatorErrorKind] {
  return statuses[kind];
}

/** The documented error body: status, name, message. */
export function bodyOf(refusal: EmulatorError): Record<string, unknown> {
  const { code, message, hint } = refusal;
  return {
    status: statusOf(refusal),
    ...(code === undefined ? {} : { name: code }),
    message,
    ...(hint === undefined ? {} : { hint }),
  };
}

export function refusalAnswer(refusal: EmulatorError): Answer {
  const answer = { status: statusOf(refusal), body: JSON.stringify(bodyOf(refusal)) };
  // What is left of a body that is too large is not read.
  return refusal.kind === "too-large" ? { ...answer, headers: { connection: "close" } } : answer;
}

/** A request, whether it came over a socket or from this very process. */
export interface Incoming {
  readonly method: string;
  /** Path and query as they were sent. */
  readonly target: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Address of the caller; undefined for this process. */
  readonly remoteAddress: string | undefined;
  /** The whole body as text. @throws EmulatorError too-large, or bad-request for one that ends early */
  body(limit?: number): Promise<string> | string;
}

/** What a route of Hono has beside the request: Node's own objects, when there is a socket. */
export interface Bindings {
  Bindings: Partial<HttpBindings>;
}

export function incomingOf(c: Context<Bindings>): Incoming {
  const { incoming } = c.env;
  if (incoming !== undefined) return fromSocket(incoming);
  const { raw } = c.req;
  const { pathname, search } = new URL(raw.url);
  return {
    method: raw.method,
    target: pathname + search,
    headers: Object.fromEntries(raw.headers),
    remoteAddress: undefined,
    body: async (limit = choices.largestBody) => bounded(await raw.text(), limit),
  };
}

function fromSocket(incoming: IncomingMessage): Incoming {
  return {
    method: incoming.method ?? "GET",
    target: incoming.url ?? "/",
    headers: incoming.headers as Record<string, string | undefined>,
    remoteAddress: incoming.socket.remoteAddress ?? "",
    body: (limit = choices.largestBody) => readBody(incoming, limit),
  };
}

const tooLarge = (): EmulatorError => new EmulatorError("too-large", "The body is too large", "PAYLOAD_TOO_LARGE");

function bounded(text: string, limit: number): string {
  if (text.length > limit) throw tooLarge();
  return text;
}

function readBody(incoming: IncomingMessage, limit: number): Promise<string> | string {
  const { headers } = incoming;
  if (headers["content-length"] === undefined && headers["transfer-encoding"] === undefined) return "";
  if (Number(headers["content-length"]) > limit) throw tooLarge();
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    incoming.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > limit) reject(tooLarge());
      else chunks.push(chunk);
    });
    incoming.on("end", () => resolve(chunks.length === 1 ? String(chunks[0]) : Buffer.concat(chunks).toString("utf8")));
    incoming.on("error", () => reject(new EmulatorError("bad-request", "The body ended early", "BAD_REQUEST")));
  });
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
