/**
 * One attempt: one request out, one response in, on undici. Loaded with the client, right before the first request.
 * Knows time, size and connections; knows nothing of Atoa.
 */
import type { Dispatcher } from "undici";
import Agent from "undici/lib/dispatcher/agent.js";
import type { ProxyServer } from "./network-settings";

export interface Attempt {
  method: Dispatcher.HttpMethod;
  origin: string;
  /** Path with query. */
  path: string;
  headers: Record<string, string>;
  body?: string | undefined;
}

export interface RawResponse {
  status: number;
  /** By lower-case name; the first value where a header is repeated. */
  headers: Readonly<Record<string, string>>;
  body: Uint8Array;
  /** Why the body is incomplete. A response that is no success keeps its meaning without its body. */
  incomplete?: "too large" | "broken off";
}

export interface ConnectionOptions {
  /** Milliseconds that one attempt may take, from the name lookup to the last byte of the response. */
  timeoutMs: number;
  proxy: ProxyServer | undefined;
}

/** Why an attempt was ended: its time was over. @internal */
export class AttemptTimeout extends Error {
  readonly code = "ATOA_ATTEMPT_TIMEOUT";
}

/** The server sent a status below 100. */
class InvalidStatus extends Error {
  readonly code = "HPE_INVALID_STATUS";
}

/** Thrown when an attempt ends without a response. */
export class AttemptFailure extends Error {
  constructor(
    override readonly cause: unknown,
    /** True from the moment at which the first byte of the request may have left. */
    readonly connected: boolean,
  ) {
    super("the attempt failed");
  }
}

/** Larger bodies are refused: nothing the API sends comes near. Bytes. */
export const largestBody = 64 * 1024 * 1024;

const tls = { minVersion: "TLSv1.3" } as const;

/** Connections to one origin, kept alive between the requests of one command. */
export class Connection {
  readonly #options: ConnectionOptions;
  #dispatcher: Promise<Dispatcher> | undefined;
  #inFlight = 0;

  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  /** Sends one attempt. @throws AttemptFailure; its cause is the reason of whichever signal ended it */
  async send(attempt: Attempt, signals: readonly AbortSignal[]): Promise<RawResponse> {
    const dispatcher = await this.#connectTo();
    const timeout = new AbortController();
    const timer = setTimeout(() => timeout.abort(new AttemptTimeout("the attempt timed out")), this.#options.timeoutMs);
    const signal = AbortSignal.any([timeout.signal, ...signals]);
    let stop = () => {};
    this.#inFlight++;
    try {
      return await new Promise((resolve, reject) => {
        const receiver = new Receiver(resolve, reject);
        stop = () => {
          // undici cannot cancel a single pending connect, and a pending connect keeps the process alive. After an abort it
          // reconnects needlessly. So the dispatcher is destroyed, unless other requests still use it.
          const dropsAll = !receiver.connected || this.#inFlight === 1;
          receiver.stop(signal.reason);
          if (dropsAll) this.#drop(dispatcher, signal.reason);
        };
        signal.addEventListener("abort", stop, { once: true });
        if (signal.aborted) stop();
        else dispatcher.dispatch({ ...attempt, body: attempt.body ?? null }, receiver);
      });
    } finally {
      this.#inFlight--;
      clearTimeout(timer);
      // The caller's signals outlive the attempt, and would keep its response as long as a walk over pages lasts.
      signal.removeEventListener("abort", stop);
    }
  }

  #connectTo(): Promise<Dispatcher> {
    this.#dispatcher ??= this.#open();
    return this.#dispatcher;
  }

  async #open(): Promise<Dispatcher> {
    const { proxy, timeoutMs } = this.#options;
    if (proxy !== undefined) {
      const { proxiedDispatcher } = await import("./proxied-dispatcher");
      return proxiedDispatcher(proxy, timeoutMs, tls);
    }
    // One clock for the whole attempt replaces undici's own limits on headers and body.
    return new Agent({ connect: { ...tls, timeout: timeoutMs }, headersTimeout: 0, bodyTimeout: 0 });
  }

  #drop(dispatcher: Dispatcher, reason: unknown): void {
    this.#dispatcher = undefined;
    void dispatcher.destroy(reason instanceof Error ? reason : null).catch(() => undefined);
  }
}

/** Collects one response. However it ends, it settles exactly once. */
class Receiver implements Dispatcher.DispatchHandler {
  connected = false;
  readonly #resolve: (response: RawResponse) => void;
  readonly #reject: (failure: AttemptFailure) => void;
  #controller: Dispatcher.DispatchController | undefined;
  #settled = false;
  #status: number | undefined;
  #headers: Record<string, string> = {};
  #chunks: Uint8Array[] = [];
  #size = 0;

  constructor(resolve: (response: RawResponse) => void, reject: (failure: AttemptFailure) => void) {
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
    // The caller has already been told that nothing was sent, so nothing may be sent.
    if (this.#settled) this.#abort(new Error("the attempt is over"));
    else this.connected = true;
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    // undici would wait for the rest of a response whose status no server may send.
    if (status < 100) this.stop(new InvalidStatus(`status ${status}`));
    // Early hints and their like announce a response; nothing in them belongs to it.
    if (status < 200) return;
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
    this.#abort(new Error("The body is too large"));
  }

  #succeed(incomplete?: RawResponse["incomplete"]): void {
    if (this.#settled || this.#status === undefined) return;
    this.#settled = true;
    this.#resolve({
      status: this.#status,
      headers: this.#headers,
      body: this.#takeBody(),
      ...(incomplete === undefined ? {} : { incomplete }),
    });
  }

  /** Hands the chunks over and drops our reference: undici keeps the handler alive as long as the connection. */
  #takeBody(): Uint8Array {
    const chunks = this.#chunks;
    this.#chunks = [];
    return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
  }

  #fail(reason: unknown): void {
    // A refusal is a refusal even if its body broke off, and 204 has none; any other success without it is no response.
    if (this.#status !== undefined && (this.#status >= 300 || this.#status === 204)) this.#succeed("broken off");
    if (this.#settled) return;
    this.#settled = true;
    this.#reject(new AttemptFailure(reason, this.connected));
  }

  #abort(reason: unknown): void {
    this.#chunks = [];
    this.#controller?.abort(reason instanceof Error ? reason : new Error("stopped"));
  }
}
