import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { AtoaError } from "../errors";
import type { Message } from "./post";

/** What a listener does with a request. */
export interface Handling {
  /** One complete delivery. @returns the status for its sender */
  receive(message: Message, headers: Readonly<Record<string, string>>): Promise<number>;
  /** Something that is no delivery: "GET / answered with 405". */
  odd(what: string): void;
}

/** Bytes of one body, and of all bodies that are waiting: a sender that is turned away sends again. */
const longestBody = 16 * 1024 * 1024;
const mostWaiting = 256 * 1024 * 1024;

/** Headers of one connection only (RFC 9110, 7.6.1), and those that are made anew. */
const hopByHop = [
  "connection",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "expect",
  "host",
  "content-length",
];

export interface Receiver {
  readonly port: number;
  /** Takes no more; resolves when those on their way are answered, or after `graceMs`. */
  close(graceMs: number): Promise<void>;
}

/**
 * Receives deliveries on 127.0.0.1.
 * @param port 0 for a free one
 * @throws AtoaError kind failure when the port is taken
 */
export async function openReceiver(port: number, handling: Handling): Promise<Receiver> {
  let waiting = 0;
  const server = createServer((request, response) => {
    response.on("error", () => undefined);
    serve(request, response).catch(() => response.destroy());
  });
  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method !== "POST") {
      handling.odd(`${request.method ?? ""} ${request.url ?? ""} is not a delivery: responded with 405`);
      request.resume();
      response.writeHead(405, { allow: "POST" }).end();
      return;
    }
    const body = await readBody(request, () => waiting);
    if (typeof body === "string") {
      handling.odd(body);
      if (!request.destroyed) response.writeHead(503, { connection: "close" }).end();
      return;
    }
    waiting += body.byteLength;
    try {
      const status = await handling.receive({ headers: endToEnd(request), body }, plainHeaders(request));
      response.writeHead(status).end();
    } finally {
      waiting -= body.byteLength;
    }
  }
  await listening(server, port);
  return { port: (server.address() as AddressInfo).port, close: (graceMs) => closing(server, graceMs) };
}

/** The bytes, or why there are none, for a person. */
async function readBody(request: IncomingMessage, waiting: () => number): Promise<Buffer | string> {
  const parts: Buffer[] = [];
  let size = 0;
  try {
    for await (const part of request) {
      parts.push(part as Buffer);
      size += (part as Buffer).length;
      if (size > longestBody) return "a body over 16 MiB was rejected with 503";
      if (size + waiting() > mostWaiting)
        return "too many deliveries are waiting: one was rejected with 503 and will be retried";
    }
  } catch {
    return "a sender hung up in the middle of a delivery";
  }
  return Buffer.concat(parts);
}

/** Headers in order and as written, but for those of this connection. */
function endToEnd({ rawHeaders, headers }: IncomingMessage): string[] {
  const named = (headers.connection ?? "").toLowerCase().split(/\s*,\s*/);
  const kept: string[] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? "";
    const lower = name.toLowerCase();
    if (!hopByHop.includes(lower) && !named.includes(lower)) kept.push(name, rawHeaders[index + 1] ?? "");
  }
  return kept;
}

function plainHeaders({ headers }: IncomingMessage): Record<string, string> {
  const entries = Object.entries(headers).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.join(", ") : value,
  ]);
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

function listening(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(cannotListen(port, error)));
    server.listen({ port, host: "127.0.0.1", backlog: 1024 }, resolve);
  });
}

function cannotListen(port: number, error: NodeJS.ErrnoException): AtoaError {
  const why = error.code === "EADDRINUSE" ? "is in use" : `cannot be used (${error.code ?? error.message})`;
  return new AtoaError({
    kind: "failure",
    message: `Port ${port} on 127.0.0.1 ${why}`,
    hint: "choose another one with --port (0 picks a free one)",
    cause: error,
  });
}

function closing(server: Server, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), graceMs);
    server.close(() => {
      clearTimeout(timer);
      resolve();
    });
    server.closeIdleConnections();
  });
}
