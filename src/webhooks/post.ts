import { type RequestOptions, request as requestHttp } from "node:http";
import type { LookupFunction } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** What is sent to a receiver. */
export interface Message {
  /** Names and values by turns, in order, as they go over the wire; without Host and Content-Length. */
  readonly headers: readonly string[];
  readonly body: Uint8Array;
}

/** What came of it: a status, or why there was none. */
export interface Outcome {
  readonly status: number | null;
  /** Milliseconds until the status, or until it was clear that there would be none. */
  readonly ms: number;
  /** "connection refused". */
  readonly error?: string;
}

export interface PostOptions {
  /** Milliseconds that the receiver has for its status. */
  readonly limitMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Sends the body in so many pieces, with a pause of `pauseMs` between them. */
  readonly slowly?: { readonly pieces: number; readonly pauseMs: number } | undefined;
}

/**
 * Sends the bytes on a connection of their own, so that a receiver that was restarted is not met on a dead one. Never throws:
 * a receiver that fails is an outcome.
 */
export async function post(url: URL, message: Message, options: PostOptions): Promise<Outcome> {
  const start = performance.now();
  const ms = (): number => Math.round(performance.now() - start);
  const limit = AbortSignal.timeout(options.limitMs);
  const signal = options.signal === undefined ? limit : AbortSignal.any([limit, options.signal]);
  try {
    return { status: await exchange(url, message, signal, options.slowly), ms: ms() };
  } catch (error) {
    const late = limit.aborted && options.signal?.aborted !== true;
    return { status: null, ms: ms(), error: late ? `no response in ${options.limitMs / 1000} s` : reasonOf(error) };
  }
}

async function exchange(
  url: URL,
  { headers, body }: Message,
  signal: AbortSignal,
  slowly: PostOptions["slowly"],
): Promise<number> {
  const request = url.protocol === "https:" ? (await import("node:https")).request : requestHttp;
  return new Promise((resolve, reject) => {
    const outgoing = request(url, {
      method: "POST",
      agent: false,
      signal,
      ...(url.hostname === "localhost" ? { lookup: bothFamilies } : {}),
      // Node takes a list as it is, as in rawHeaders: its types know objects only.
      headers: ["Host", url.host, ...headers, "Content-Length", String(body.byteLength)] as unknown as NonNullable<
        RequestOptions["headers"]
      >,
    });
    outgoing.on("error", reject);
    outgoing.on("response", (response) => {
      resolve(response.statusCode ?? 0);
      response.on("error", () => undefined);
      response.resume();
    });
    if (slowly === undefined) outgoing.end(body);
    else sendSlowly(outgoing, body, slowly, signal).catch(reject);
  });
}

async function sendSlowly(
  outgoing: { write(piece: Uint8Array): void; end(): void; readonly destroyed: boolean },
  body: Uint8Array,
  { pieces, pauseMs }: NonNullable<PostOptions["slowly"]>,
  signal: AbortSignal,
): Promise<void> {
  const size = Math.ceil(body.byteLength / pieces);
  for (let from = 0; from < body.byteLength && !outgoing.destroyed; from += size) {
    outgoing.write(body.subarray(from, from + size));
    await sleep(pauseMs, undefined, { signal });
  }
  outgoing.end();
}

/** "localhost" is both addresses of this machine, whatever its hosts file says: frameworks listen on either. */
const bothFamilies: LookupFunction = (_host, options, done) => {
  if (options.all === true) {
    done(null, [
      { address: "127.0.0.1", family: 4 },
      { address: "::1", family: 6 },
    ]);
  } else done(null, "127.0.0.1", 4);
};

function reasonOf(error: unknown): string {
  const code = codeOf(error);
  if (code === "ECONNREFUSED") return "connection refused";
  if (code === "ECONNRESET" || code === "EPIPE") return "the receiver closed the connection";
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return "no such host";
  if (code === "ABORT_ERR") return "stopped";
  return code ?? "the connection failed";
}

/** Of several addresses that were tried, the first one's. */
function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
  return "code" in error ? String(error.code) : undefined;
}
