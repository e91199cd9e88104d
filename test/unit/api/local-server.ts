/** Real servers for the transport to meet, gone after the test file. */
import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from "node:net";
import { AtoaClient, type ClientOptions } from "../../../src/api/client";
import { findProxy } from "../../../src/api/network-settings";
import type { ResolvedRequest } from "../../../src/api/request";
import type { ProgressEvent } from "../../../src/api/transport";
import { AtoaError } from "../../../src/errors";
import { afterFile } from "../../after-file";

export const token = "test-token-sandbox-0123456789";

export async function listen(server: Server, host = "127.0.0.1"): Promise<string> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  afterFile(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** A server that answers as `answer` says, and the requests that reached it. */
export async function httpServer(answer: RequestListener) {
  const requests: { method: string; url: string; headers: IncomingMessage["headers"]; body: string }[] = [];
  const origin = await listen(
    createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const { method = "", url = "", headers } = request;
      requests.push({ method, url, headers, body: Buffer.concat(chunks).toString() });
      answer(request, response);
    }),
  );
  return { origin, requests };
}

/** A server that hears a request and then does as `react` says with the bare socket. */
export function tcpServer(react: (socket: Socket) => void): Promise<string> {
  return listen(createTcpServer((socket) => socket.once("data", () => react(socket))));
}

export function jsonServer(value: unknown, headers: Record<string, string> = {}, status = 200) {
  return httpServer((_, response) => {
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(typeof value === "string" || Buffer.isBuffer(value) ? value : JSON.stringify(value));
  });
}

export function request(url: string, more: Partial<ResolvedRequest> = {}): ResolvedRequest {
  const method = more.method ?? "GET";
  const key = method === "GET" || method === "DELETE" ? {} : { idempotencyKey: "key-1" };
  return {
    operationId: "raw",
    method,
    url,
    query: {},
    idempotencyFlag: false,
    writes: method !== "GET",
    ...key,
    ...more,
  };
}

export interface SendOptions extends Partial<ClientOptions> {
  /** Proxy variables. */
  environment?: NodeJS.ProcessEnv;
}

/** Sends one request and tells how it ended, and everything that was reported on the way. */
export async function send(one: ResolvedRequest, { environment = {}, ...options }: SendOptions = {}) {
  const events: ProgressEvent[] = [];
  const { origin } = new URL(one.url);
  try {
    const client = new AtoaClient({
      origin,
      token,
      timeoutMs: 30_000,
      maxRetries: 0,
      proxy: findProxy(origin, environment),
      onProgress: (event) => events.push(event),
      ...options,
    });
    return { answer: await client.send(one), events };
  } catch (error) {
    if (error instanceof AtoaError) return { error, events };
    throw error;
  }
}

export const get = (url: string, options: SendOptions = {}) => send(request(url), options);
export const post = (url: string, options: SendOptions = {}) =>
  send(request(url, { method: "POST", body: { a: 1 }, idempotencyFlag: true }), options);
