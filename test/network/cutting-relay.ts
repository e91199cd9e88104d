import { connect, createServer, type Socket } from "node:net";
import { listen } from "./servers";

/**
 * A relay in front of a server that cuts connections where a plan says so. The server behind it is always heard out: what
 * it did, it did, whatever the caller learns of it.
 */

export interface Cut {
  /** After how many bytes, of what the caller sends or of what it gets. */
  readonly side: "request" | "answer";
  readonly bytes: number;
  readonly how: "reset" | "end" | "hang" | "gateway";
}

export interface Relay {
  readonly origin: string;
  /** What the next connections that carry a request meet, one entry each; then they pass. */
  readonly plan: (Cut | "pass")[];
  /** How many connections were made, and how many of them carried a request. */
  connections(): number;
  requests(): number;
}

const gatewayPage = "<html><h1>504 Gateway Time-out</h1></html>";
const gateway = `HTTP/1.1 504 Gateway Time-out\r\ncontent-type: text/html\r\ncontent-length: ${gatewayPage.length}\r\nconnection: close\r\n\r\n${gatewayPage}`;

export async function startRelay(target: number): Promise<Relay> {
  const plan: (Cut | "pass")[] = [];
  let requests = 0;
  let connections = 0;
  const server = createServer((caller) => {
    connections++;
    caller.on("error", () => undefined);
    caller.once("readable", () => {
      if (caller.readableLength > 0) carry(caller);
    });
  });
  const carry = (caller: Socket): void => {
    requests++;
    const cut = plan.shift() ?? "pass";
    const upstream = connect(target, "127.0.0.1");
    upstream.on("error", () => caller.destroy());
    if (cut === "pass") {
      caller.on("close", () => upstream.destroy());
      caller.pipe(upstream).pipe(caller);
    } else if (cut.side === "request") cutRequest(caller, upstream, cut);
    else cutAnswer(caller, upstream, cut);
  };
  return {
    origin: `http://127.0.0.1:${await listen(server)}`,
    plan,
    requests: () => requests,
    connections: () => connections,
  };
}

/** Lets `bytes` of the request through, then the caller is gone for the server and the server for the caller. */
function cutRequest(caller: Socket, upstream: Socket, cut: Cut): void {
  let left = cut.bytes;
  caller.on("data", (chunk: Buffer) => {
    if (left > 0) upstream.write(chunk.subarray(0, left));
    left -= chunk.length;
    if (left > 0) return;
    // What the server has got so far may be the whole of it: it hears an end, never a reset that could outrun the bytes.
    upstream.end();
    strike(caller, cut.how);
  });
  caller.on("close", () => upstream.end());
  upstream.resume();
}

/** Hears the server out and lets only `bytes` of its answer through. */
function cutAnswer(caller: Socket, upstream: Socket, cut: Cut): void {
  let left = cut.how === "gateway" ? 0 : cut.bytes;
  let struck = false;
  caller.pipe(upstream, { end: false });
  upstream.on("data", (chunk: Buffer) => {
    if (struck) return;
    if (left > 0) caller.write(chunk.subarray(0, left));
    left -= chunk.length;
    if (left > 0) return;
    struck = true;
    strike(caller, cut.how);
    setTimeout(() => upstream.destroy(), 1000);
  });
}

function strike(caller: Socket, how: Cut["how"]): void {
  if (how === "gateway") caller.end(gateway);
  else if (how === "end") caller.end();
  else if (how === "reset") setTimeout(() => caller.resetAndDestroy(), 5);
}
