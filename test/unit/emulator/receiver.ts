import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";

export interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  text: string;
}

export interface Receiver {
  readonly origin: string;
  readonly port: number;
  /** What came in, oldest first. */
  readonly received: Received[];
  close(): Promise<void>;
}

/** A server on this machine that takes webhooks. @param answer what it responds with: a status, or a status and a body */
export async function receive(
  answer: (request: Received) => number | { status: number; body: string } = () => 200,
  port = 0,
): Promise<Receiver> {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const text = Buffer.concat(await request.toArray()).toString();
    const taken = { path: request.url ?? "", headers: request.headers, text };
    received.push(taken);
    const given = answer(taken);
    const { status, body } = typeof given === "number" ? { status: given, body: "" } : given;
    response.writeHead(status, { location: "/elsewhere" }).end(body);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(port, "127.0.0.1", resolve);
  });
  const address = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${address.port}`,
    port: address.port,
    received,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
