import { createServer as createHttpServer, type IncomingMessage, type RequestListener } from "node:http";
import { createServer as createHttpsServer, type ServerOptions } from "node:https";
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from "node:net";
import { afterFile } from "../after-file";

/** Servers that the tests of one file talk to; all are gone when the file is done. */

interface Heard {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
}

/** Starts listening on a free port. @returns the port */
export async function listen(server: Server, host = "127.0.0.1"): Promise<number> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined).on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, host, resolve);
  });
  afterFile(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** A plain http server. @returns its origin and the requests that reached it */
export async function httpServer(answer: RequestListener, host = "127.0.0.1") {
  const heard: Heard[] = [];
  const port = await listen(createHttpServer(listening(heard, answer)), host);
  return { origin: `http://${host.includes(":") ? `[${host}]` : host}:${port}`, port, heard };
}

/** An https server on `host`, whatever name the certificate has. */
export async function httpsServer(options: ServerOptions, answer: RequestListener = ok, host = "127.0.0.1") {
  const heard: Heard[] = [];
  const server = createHttpsServer(options, listening(heard, answer));
  server.on("tlsClientError", () => undefined);
  const port = await listen(server, host);
  return { origin: `https://${host}:${port}`, port, heard };
}

/** A server that hears the first bytes of a request and then does as `react` says with the bare socket. */
export async function tcpServer(react: (socket: Socket) => void): Promise<string> {
  const server = createTcpServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", () => react(socket));
  });
  return `http://127.0.0.1:${await listen(server)}`;
}

export const ok: RequestListener = (_, response) => {
  response.writeHead(200, { "content-type": "application/json" }).end('{"answered":true}');
};

function listening(heard: Heard[], answer: RequestListener): RequestListener {
  return (request, response) => {
    const { method = "", url = "", headers } = request;
    heard.push({ method, url, headers });
    request.on("error", () => undefined).resume();
    response.on("error", () => undefined);
    answer(request, response);
  };
}
