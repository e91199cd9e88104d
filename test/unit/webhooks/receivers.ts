import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { afterFile } from "../../after-file";

/** Receivers as people write them, good and bad, on real sockets. */

export interface Got {
  readonly body: Buffer;
  readonly rawHeaders: readonly string[];
  readonly url: string;
}

export interface TestReceiver {
  readonly port: number;
  readonly url: URL;
  readonly got: Got[];
  close(): Promise<void>;
}

/** A receiver that remembers what came. @param answer writes the response; 200 when left out */
export async function receiver(
  answer: (got: Got, ...parts: Parameters<RequestListener>) => void = (_got, _request, response) => {
    response.end();
  },
  { host = "127.0.0.1", port = 0 } = {},
): Promise<TestReceiver> {
  const got: Got[] = [];
  const server = createServer(async (request, response) => {
    try {
      const one = { body: await bytesOf(request), rawHeaders: request.rawHeaders, url: request.url ?? "" };
      got.push(one);
      answer(one, request, response);
    } catch {
      response.destroy(); // The sender closed the connection.
    }
  });
  await new Promise<void>((done) => void server.listen(port, host, done));
  const close = () =>
    new Promise<void>((done) => {
      server.close(() => done());
      server.closeAllConnections();
    });
  afterFile(close);
  const at = (server.address() as AddressInfo).port;
  return { port: at, url: new URL(`http://${host.includes(":") ? `[${host}]` : host}:${at}/`), got, close };
}

async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}
