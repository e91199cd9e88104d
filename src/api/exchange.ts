/**
 * One attempt: one request out, one answer in, on undici. Loaded right before the first request, never before.
 * Knows time, size and connections; knows nothing of Atoa.
 */
import { setFlagsFromString } from "node:v8";
import type { Dispatcher } from "undici";
import Agent from "undici/lib/dispatcher/agent.js";
import { largestBody } from "./answer-body";
import { AttemptTimeout, ExchangeFailure } from "./network-error";
import type { ProxyServer } from "./proxy";

export interface Attempt {
  method: Dispatcher.HttpMethod;
  origin: string;
  /** Path with query. */
  path: string;
  headers: Record<string, string>;
  body?: string | undefined;
}

export interface Reply {
  status: number;
  /** By lower-case name; the first value where a header is repeated. */
  headers: Readonly<Record<string, string>>;
  body: Uint8Array;
  /** Why the body is not whole. An answer that is no success keeps its meaning without its body. */
  incomplete?: "too large" | "broken off";
}

const tls = { minVersion: "TLSv1.3" } as const;

/** Bytes; Node's own default. Said here, because undici loads Node's HTTP module to find it. */
const maxHeaderSize = 16_384;

/**
 * V8 of Node 20 optimises the HTTP parser's WebAssembly on a thread that the exit of the process has to wait for, some
 * 70 ms. The quick compiler does for one short conversation. Later versions of Node do not wait. The flags are put back
 * when the parser is compiled, because code that V8 keeps from run to run (src/start) only fits the flags it was made under.
 */
function compileQuickly(on: boolean): void {
  if (!process.versions.node.startsWith("20.")) return;
  const flags = on ? ["--liftoff-only"] : ["--no-liftoff-only", "--wasm-tier-up", "--wasm-dynamic-tiering"];
  for (const flag of flags) setFlagsFromString(flag);
}

/** Connections to one origin, kept alive between the requests of one command. */
export class Exchange {
  readonly #timeoutMs: number;
  readonly #proxy: ProxyServer | undefined;
  #dispatcher: Promise<Dispatcher> | undefined;
  #inFlight = 0;

  constructor(timeoutMs: number, proxy: ProxyServer | undefined) {
    this.#timeoutMs = timeoutMs;
    this.#proxy = proxy;
  }

  /** Sends one attempt. Throws ExchangeFailure; its cause is `signal.reason` when that ended it. */
  async send(attempt: Attempt, signals: readonly AbortSignal[]): Promise<Reply> {
    const dispatcher = await this.#connectTo();
    this.#inFlight++;
    return new Promise((resolve, reject) => {
      const end = (settle: () => void) => {
        this.#inFlight--;
        clearTimeout(timer);
        for (const signal of signals) signal.removeEventListener("abort", abort);
        compileQuickly(false);
        settle();
      };
      const receiver = new Receiver(
        (reply) => end(() => resolve(reply)),
        (failure) => end(() => reject(failure)),
      );
      const stop = (reason: unknown) => {
        // A connection that is still being made cannot be called back by itself, and it would hold the process. Of one that
        // was made, undici makes another for nothing, unless all of them go; those of other requests must not.
        const dropsAll = !receiver.connected || this.#inFlight === 1;
        receiver.stop(reason);
        if (dropsAll) this.#drop(dispatcher, reason);
      };
      const timer = setTimeout(() => stop(new AttemptTimeout("the time of the attempt is over")), this.#timeoutMs);
      const abort = (event: Event) => stop((event.target as AbortSignal).reason);
      for (const signal of signals) {
        if (signal.aborted) stop(signal.reason);
        signal.addEventListener("abort", abort, { once: true });
      }
      if (signals.some((signal) => signal.aborted)) return;
      compileQuickly(true);
      dispatcher.dispatch({ ...attempt, body: attempt.body ?? null }, receiver);
    });
  }

  #connectTo(): Promise<Dispatcher> {
    this.#dispatcher ??= this.#open();
    return this.#dispatcher;
  }

  async #open(): Promise<Dispatcher> {
    if (this.#proxy !== undefined) {
      const { proxiedDispatcher } = await import("./proxied-dispatcher");
      return proxiedDispatcher(this.#proxy, this.#timeoutMs, tls);
    }
    // One clock for the whole attempt replaces undici's own limits on headers and body.
    return new Agent({
      connect: { ...tls, timeout: this.#timeoutMs },
      headersTimeout: 0,
      bodyTimeout: 0,
      maxHeaderSize,
    });
  }

  #drop(dispatcher: Dispatcher, reason: unknown): void {
    this.#dispatcher = undefined;
    void dispatcher.destroy(reason instanceof Error ? reason : null).catch(() => undefined);
  }
}

/** Gathers one answer. Every way of ending settles it exactly once. */
class Receiver implements Dispatcher.DispatchHandler {
  connected = false;
  readonly #resolve: (reply: Reply) => void;
  readonly #reject: (failure: ExchangeFailure) => void;
  #controller: Dispatcher.DispatchController | undefined;
  #settled = false;
  #status: number | undefined;
  #headers: Record<string, string> = {};
  #chunks: Uint8Array[] = [];
  #size = 0;

  constructor(resolve: (reply: Reply) => void, reject: (failure: ExchangeFailure) => void) {
    this.#resolve = resolve;
    this.#reject = reject;
  }

  /** Ends the attempt from outside. */
  stop(reason: unknown): void {
    this.#fail(reason);
    this.#abort(reason);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    // Too late: whoever asked has been told that nothing was sent, so nothing must be sent.
    if (this.#settled) this.#abort(new Error("the attempt is over"));
    else this.connected = true;
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    this.#status = status;
    for (const [name, value] of Object.entries(headers)) {
      const first = Array.isArray(value) ? value[0] : value;
      if (first !== undefined) this.#headers[name] = first;
    }
    if (Number(this.#headers["content-length"]) > largestBody) this.#refuseSize();
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#size += chunk.byteLength;
    if (this.#size > largestBody) this.#refuseSize();
    else this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    this.#succeed();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#fail(error);
  }

  #refuseSize(): void {
    this.#chunks = [];
    this.#succeed("too large");
    this.#abort(new Error("the body is too large"));
  }

  #succeed(incomplete?: Reply["incomplete"]): void {
    if (this.#settled || this.#status === undefined) return;
    this.#settled = true;
    this.#resolve({
      status: this.#status,
      headers: this.#headers,
      body: this.#takeBody(),
      ...(incomplete === undefined ? {} : { incomplete }),
    });
  }

  /** The body so far, given out of hand: this object lives as long as its connection keeps it. */
  #takeBody(): Uint8Array {
    const chunks = this.#chunks;
    this.#chunks = [];
    return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
  }

  #fail(reason: unknown): void {
    // A refusal is a refusal even if its body broke off, and 204 has none; any other success without it is no answer.
    if (this.#status !== undefined && (this.#status >= 300 || this.#status === 204)) this.#succeed("broken off");
    if (this.#settled) return;
    this.#settled = true;
    this.#reject(new ExchangeFailure(reason, this.connected));
  }

  #abort(reason: unknown): void {
    this.#chunks = [];
    this.#controller?.abort(reason instanceof Error ? reason : new Error("stopped"));
  }
}
