/**
 * Sends resolved requests: headers, token, attempts, and what to say when there is no good answer.
 * Everything heavy is loaded at the first request, while the token is being fetched.
 */
import { v4 } from "uuid";
import { AtoaError, type ErrorFacts } from "../errors";
import { learnSecret, mayHoldSecret, redactValue } from "../redaction";
import { version } from "../version";
import { largestBody, objectIn, readBody, unreadable } from "./answer-body";
import type { Exchange, Reply } from "./exchange";
import { shellWord } from "./idempotency";
import type { JsonValue } from "./json";
import { readLimits } from "./limits";
import { type Circumstances, ExchangeFailure, explainNetworkFailure, type NetworkFailure } from "./network-error";
import { findProxy, type ProxyServer } from "./proxy";
import { fullUrl, type ResolvedRequest } from "./request";
import { responseError } from "./response-error";
import { type Outcome, parseRetryAfter, retryDelayMs, shouldRetry } from "./retry";
import { safeLine } from "./server-text";

export type TransportEvent =
  /** Once a request, before its first attempt. `tokenTail` is the token's last four characters, or "" for a short one. */
  | { type: "request"; method: string; url: string; tokenTail: string }
  | { type: "response"; status: number; ms: number; requestId: string }
  | { type: "retry"; attempt: number; delayMs: number; reason: string };

export interface Answer {
  status: number;
  /** The server's own id of the request, else the one that was sent. */
  requestId: string;
  /** Undefined when the body was empty. */
  value: JsonValue | undefined;
}

export interface SenderOptions {
  /** Asked once, right before the first request. */
  token: () => Promise<string>;
  /** Proxy variables, ATOA_TIMEOUT and ATOA_MAX_RETRIES. */
  environment: NodeJS.ProcessEnv;
  /** Milliseconds an attempt; ATOA_TIMEOUT or 30 s when left out. */
  timeoutMs?: number | undefined;
  /** ATOA_MAX_RETRIES or 2 when left out. */
  maxRetries?: number | undefined;
  onEvent?: ((event: TransportEvent) => void) | undefined;
  /** Ends everything under way, for Ctrl-C. */
  signal?: AbortSignal | undefined;
}

export type Sender = (request: ResolvedRequest, options?: { signal?: AbortSignal }) => Promise<Answer>;

/** Makes a sender. Throws a usage error when the environment holds a bad limit. */
export function createSender(options: SenderOptions): Sender {
  const limits = readLimits(options.environment);
  const timeoutMs = options.timeoutMs ?? limits.timeoutMs;
  const maxRetries = options.maxRetries ?? limits.maxRetries;
  const exchanges = new Map<string, Promise<Exchange>>();
  let token: Promise<string> | undefined;

  function exchangeFor(origin: string, proxy: ProxyServer | undefined): Promise<Exchange> {
    const known = exchanges.get(origin);
    if (known !== undefined) return known;
    const opened = import("./exchange").then(({ Exchange }) => new Exchange(timeoutMs, proxy));
    exchanges.set(origin, opened);
    return opened;
  }

  return async (request, { signal } = {}) => {
    const { origin } = new URL(request.url);
    const proxy = findProxy(origin, options.environment);
    token ??= options.token().then(checkToken);
    const [secret, exchange] = await Promise.all([token, exchangeFor(origin, proxy)]);
    const signals = [options.signal, signal].filter((one) => one !== undefined);
    const sending = new Sending(request, {
      secret,
      exchange,
      proxy,
      timeoutMs,
      maxRetries,
      signals,
      onEvent: options.onEvent,
    });
    return sending.run();
  };
}

function checkToken(token: string): string {
  if (/^[\x21-\x7e]{1,8192}$/.test(token)) return token;
  throw new AtoaError({
    kind: "auth",
    message: "the stored token is damaged: it holds a character that no token has",
    hint: "run `atoa login` again",
  });
}

interface Surroundings {
  secret: string;
  exchange: Exchange;
  proxy: ProxyServer | undefined;
  timeoutMs: number;
  maxRetries: number;
  signals: readonly AbortSignal[];
  onEvent: ((event: TransportEvent) => void) | undefined;
}

/** How one attempt ended: an answer to give, or an error together with what decides about another attempt. */
type Result = { answer: Answer } | { facts: ErrorFacts; outcome: Outcome; reason: string };

/** One request on its way, over all its attempts. */
class Sending {
  readonly #request: ResolvedRequest;
  readonly #with: Surroundings;
  readonly #url: URL;
  /** Sent with every attempt, so that they can be found together in the server's log. */
  readonly #ownId = v4();
  /** True when an attempt may have done its work although no answer said so. */
  #outcomeUnknown = false;

  constructor(request: ResolvedRequest, surroundings: Surroundings) {
    this.#request = request;
    this.#with = surroundings;
    this.#url = new URL(fullUrl(request));
    for (const secret of [surroundings.secret, ...secretsIn(request.body)]) learnSecret(secret);
  }

  async run(): Promise<Answer> {
    const { onEvent, secret, maxRetries } = this.#with;
    const tokenTail = secret.length >= 16 ? secret.slice(-4) : "";
    onEvent?.({ type: "request", method: this.#request.method, url: this.#url.href, tokenTail });
    for (let attempt = 1; ; attempt++) {
      const result = await this.#attempt();
      if ("answer" in result) return result.answer;
      if (!shouldRetry(this.#request.method, result.outcome, attempt, maxRetries)) throw this.#error(result.facts);
      const delayMs = retryDelayMs(result.outcome, attempt);
      onEvent?.({ type: "retry", attempt, delayMs, reason: result.reason });
      await this.#pause(delayMs);
    }
  }

  async #attempt(): Promise<Result> {
    const { exchange, signals, onEvent } = this.#with;
    const start = performance.now();
    try {
      const reply = await exchange.send(
        {
          method: this.#request.method,
          origin: this.#url.origin,
          path: this.#url.pathname + this.#url.search,
          headers: this.#headers(),
          body: this.#request.body === undefined ? undefined : JSON.stringify(this.#request.body),
        },
        signals,
      );
      const requestId = safeLine(reply.headers["x-request-id"] ?? "", 128) || this.#ownId;
      onEvent?.({ type: "response", status: reply.status, ms: Math.round(performance.now() - start), requestId });
      return this.#read(reply, requestId);
    } catch (error) {
      if (!(error instanceof ExchangeFailure)) throw error;
      return this.#failed(error.cause, error.connected);
    }
  }

  #headers(): Record<string, string> {
    const { body, idempotencyKey } = this.#request;
    return {
      Authorization: `Bearer ${this.#with.secret}`,
      Accept: "application/json",
      "User-Agent": `atoa-cli/${version} (node ${process.versions.node}; ${process.platform}-${process.arch})`,
      "X-Cli-Version": version,
      "X-Atoa-Cli-Request-Id": this.#ownId,
      ...(idempotencyKey === undefined ? {} : { "Idempotency-Key": idempotencyKey }),
      ...(body === undefined ? {} : { "Content-Type": "application/json" }),
    };
  }

  #read(reply: Reply, requestId: string): Result {
    const { status, headers } = reply;
    const encoding = headers["content-encoding"]?.trim().toLowerCase() ?? "";
    // No encoding was asked for, and none is undone: a small compressed body can hide a huge one.
    const body =
      reply.incomplete === "too large"
        ? unreadable(`the server's answer is larger than ${largestBody / 1024 / 1024} MiB`)
        : encoding !== "" && encoding !== "identity"
          ? unreadable("the server's answer is compressed, which was not asked for")
          : readBody(reply.body, headers["content-type"] ?? "");
    const outcome: Outcome = {
      type: "answered",
      status,
      retryAfterMs: parseRetryAfter(headers["retry-after"], Date.now()),
    };
    if (status >= 300) {
      if (status >= 500) this.#outcomeUnknown = true;
      const failed = {
        status,
        body: objectIn(body),
        requestId,
        retryAfterMs: outcome.retryAfterMs,
        location: headers.location,
      };
      return { facts: responseError(failed), outcome, reason: `HTTP ${status}` };
    }
    if (body.type === "unreadable") {
      this.#outcomeUnknown = true;
      return { facts: { kind: "failure", ...body.problem, status, requestId }, outcome, reason: body.problem.message };
    }
    const value = body.type === "empty" ? undefined : withoutEchoes(body.value, body.source);
    return { answer: { status, requestId, value } };
  }

  #failed(cause: unknown, connected: boolean): Result {
    if (connected) this.#outcomeUnknown = true;
    if (this.#stopped()) throw this.#error(interrupted);
    const { message, hint, permanent } = this.#explain(cause, connected);
    const facts: ErrorFacts = { kind: "network", message, hint, ...(connected ? { requestId: this.#ownId } : {}) };
    return { facts, outcome: { type: "failed", connected, permanent }, reason: message };
  }

  #explain(cause: unknown, connected: boolean): NetworkFailure {
    const { proxy, timeoutMs } = this.#with;
    const at: Circumstances = {
      host: this.#url.host,
      timeoutMs,
      connected,
      proxy: proxy?.origin,
      proxyVariable: proxy?.variable,
    };
    return explainNetworkFailure(cause, at);
  }

  #stopped(): boolean {
    return this.#with.signals.some((signal) => signal.aborted);
  }

  /** Waits, or throws at once when the command is interrupted. */
  #pause(ms: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const { signals } = this.#with;
      const end = () => {
        clearTimeout(timer);
        for (const signal of signals) signal.removeEventListener("abort", end);
        if (this.#stopped()) reject(this.#error(interrupted));
        else resolve();
      };
      const timer = setTimeout(end, ms);
      for (const signal of signals) signal.addEventListener("abort", end, { once: true });
      if (this.#stopped()) end();
    });
  }

  /** The final error. A write that may have happened says so, with the key that makes running it again safe. */
  #error(facts: ErrorFacts): AtoaError {
    const { writes, idempotencyKey, idempotencyFlag } = this.#request;
    if (!writes) return new AtoaError(facts);
    if (!this.#outcomeUnknown) {
      const nothing = facts.kind === "network" ? "; nothing was sent" : "";
      return new AtoaError({ ...facts, message: facts.message + nothing });
    }
    const message = `${facts.message.replace(/\.$/, "")}; the request may have happened all the same`;
    if (idempotencyKey === undefined)
      return new AtoaError({
        ...facts,
        message,
        outcomeUnknown: true,
        hint: "check whether it did before you run it again",
      });
    const key = shellWord(idempotencyKey);
    const hint = idempotencyFlag
      ? `run the same command again with --idempotencyKey ${key}, so that it happens only once`
      : `check whether it did before you run it again (its Idempotency-Key was ${key})`;
    return new AtoaError({ ...facts, message, hint, outcomeUnknown: true });
  }
}

const interrupted: ErrorFacts = {
  kind: "interrupted",
  message: "Interrupted.",
  hint: "",
};

/** The answer without the secrets that the server may have echoed in it. */
function withoutEchoes(value: JsonValue, source: string): JsonValue {
  return mayHoldSecret(source) ? redactValue(value) : value;
}

/** Secrets that a request carries in its body: what signs in to a webhook's endpoint. A server may echo them. */
function secretsIn(body: JsonValue | undefined): string[] {
  if (typeof body !== "object" || body === null || Array.isArray(body)) return [];
  const { authentication } = body;
  if (typeof authentication !== "object" || authentication === null || Array.isArray(authentication)) return [];
  return ["clientSecret", "password"].flatMap((name) => {
    const secret = authentication[name];
    return typeof secret === "string" && secret.length >= 4 ? [secret] : [];
  });
}
