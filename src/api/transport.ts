/** Sends resolved requests: headers, token, attempts, and the error when every attempt failed. */
import { setTimeout as sleep } from "node:timers/promises";
import { version } from "../../package.json";
import { AtoaError, type ErrorFacts, interrupted } from "../errors";
import { isRecord, type JsonValue, parseJson, printJson } from "../json";
import { safeLine, shellWord } from "../text";
import { AttemptFailure, type Connection, largestBody, type RawResponse } from "./connection";
import type { NetworkFailure } from "./network-error";
import type { NetworkSettings } from "./network-settings";
import { fullUrl, newId, type ResolvedRequest } from "./request";
import type { Outcome } from "./retry";

/** What happens while a request is on its way: the one thing that the API tells its caller before the response. */
export type ProgressEvent =
  /** Once per request, before its first attempt. `tokenSuffix` is the token's last four characters, or "" for a short one. */
  | { type: "request"; method: string; url: string; tokenSuffix: string }
  | { type: "response"; status: number; ms: number; requestId: string }
  | { type: "retry"; attempt: number; delayMs: number; reason: string };

export interface ApiResponse {
  status: number;
  /** The server's own id of the request, else the one that was sent. */
  requestId: string;
  /** Undefined when the body was empty. */
  value: JsonValue | undefined;
}

/** What carries one attempt. */
export type Wire = Pick<Connection, "send">;

export interface SendContext extends NetworkSettings {
  token: string;
  refusedHint?: string | undefined;
  wire: Wire;
  /** Any of them ends the request: Ctrl-C, or a walk over pages that needs no more of them. */
  signals: readonly AbortSignal[];
  onProgress?: ((event: ProgressEvent) => void) | undefined;
}

/** How one attempt ended: with a response, or with an error and what decides about another attempt. */
type AttemptResult = { response: ApiResponse } | { facts: ErrorFacts; outcome: Outcome; reason: string };

/** One request over all its attempts. */
export class RequestAttempts {
  readonly #request: ResolvedRequest;
  readonly #context: SendContext;
  readonly #url: URL;
  /** Sent with every attempt, so that they can be found together in the server's log. */
  readonly #ownId = newId();
  /** True when an attempt may have done its work although no response said so. */
  #outcomeUnknown = false;

  constructor(request: ResolvedRequest, context: SendContext) {
    this.#request = request;
    this.#context = context;
    this.#url = new URL(fullUrl(request));
  }

  /** @throws AtoaError when no attempt had a good response */
  async run(): Promise<ApiResponse> {
    try {
      return await this.#run();
    } catch (error) {
      // A bug, or a part of the program that an update has just replaced: the key of a write must not get lost with it.
      if (error instanceof AtoaError || !this.#request.writes) throw error;
      this.#outcomeUnknown = true;
      const message = `Unexpected error: ${error instanceof Error ? error.message.split("\n")[0] : String(error)}`;
      throw this.#error({ kind: "failure", code: "INTERNAL", message, hint: "", cause: error });
    }
  }

  async #run(): Promise<ApiResponse> {
    const { onProgress, token, maxRetries } = this.#context;
    const tokenSuffix = token.length >= 16 ? token.slice(-4) : "";
    onProgress?.({ type: "request", method: this.#request.method, url: this.#url.href, tokenSuffix });
    for (let attempt = 1; ; attempt++) {
      const result = await this.#attempt();
      if ("response" in result) return result.response;
      const { retryDelayMs, shouldRetry } = await import("./retry");
      if (!shouldRetry(this.#request.method, result.outcome, attempt, maxRetries)) throw this.#error(result.facts);
      const delayMs = retryDelayMs(result.outcome, attempt);
      onProgress?.({ type: "retry", attempt, delayMs, reason: result.reason });
      await this.#pause(delayMs);
    }
  }

  async #attempt(): Promise<AttemptResult> {
    const { wire, signals, onProgress } = this.#context;
    const start = process.hrtime.bigint();
    try {
      const raw = await wire.send(
        {
          method: this.#request.method,
          origin: this.#url.origin,
          path: this.#url.pathname + this.#url.search,
          headers: this.#headers(),
          body: this.#request.body === undefined ? undefined : printJson(this.#request.body),
        },
        signals,
      );
      const requestId = safeLine(raw.headers["x-request-id"] ?? "", 128) || this.#ownId;
      const ms = Number((process.hrtime.bigint() - start) / 1_000_000n);
      onProgress?.({ type: "response", status: raw.status, ms, requestId });
      return await this.#read(raw, requestId);
    } catch (error) {
      if (!(error instanceof AttemptFailure)) throw error;
      return await this.#failed(error);
    }
  }

  #headers(): Record<string, string> {
    const { body, idempotencyKey } = this.#request;
    return {
      Authorization: `Bearer ${this.#context.token}`,
      Accept: "application/json",
      // A small compressed body can hide a huge one, so none is asked for, and none is accepted.
      "Accept-Encoding": "identity",
      "User-Agent": `atoa-cli/${version} (node ${process.versions.node}; ${process.platform}-${process.arch})`,
      "X-Cli-Version": version,
      "X-Atoa-Cli-Request-Id": this.#ownId,
      ...(idempotencyKey === undefined ? {} : { "Idempotency-Key": idempotencyKey }),
      ...(body === undefined ? {} : { "Content-Type": "application/json" }),
    };
  }

  async #read(raw: RawResponse, requestId: string): Promise<AttemptResult> {
    const { status, headers } = raw;
    const body = readBody(raw);
    if (status < 300 && body.type !== "unreadable") {
      return { response: { status, requestId, value: body.type === "empty" ? undefined : body.value } };
    }
    const { parseRetryAfter } = await import("./retry");
    const retryAfterMs = parseRetryAfter(headers["retry-after"], Date.now());
    const outcome: Outcome = { type: "answered", status, retryAfterMs };
    if (status < 300 && body.type === "unreadable") {
      this.#outcomeUnknown = true;
      return { facts: { kind: "failure", ...body.problem, status, requestId }, outcome, reason: body.problem.message };
    }
    if (status >= 500) this.#outcomeUnknown = true;
    const { responseError } = await import("./response");
    const value = body.type === "value" ? body.value : undefined;
    const { refusedHint } = this.#context;
    const failed = { status, body: value, requestId, retryAfterMs, location: headers.location, refusedHint };
    return { facts: responseError(failed), outcome, reason: `HTTP ${status}` };
  }

  async #failed({ cause, connected }: AttemptFailure): Promise<AttemptResult> {
    if (connected) this.#outcomeUnknown = true;
    if (this.#stopped()) throw this.#error(interrupted().facts);
    const { message, hint, permanent } = await this.#explain(cause, connected);
    const requestId = connected ? this.#ownId : undefined;
    const facts: ErrorFacts = { kind: "network", message, hint, requestId, cause };
    return { facts, outcome: { type: "failed", connected, permanent }, reason: message };
  }

  async #explain(cause: unknown, connected: boolean): Promise<NetworkFailure> {
    const { proxy, timeoutMs } = this.#context;
    const proxyFacts = { proxy: proxy?.origin, proxyVariable: proxy?.variable };
    const { explainNetworkFailure } = await import("./network-error");
    return explainNetworkFailure(cause, { host: this.#url.host, timeoutMs, connected, ...proxyFacts });
  }

  #stopped(): boolean {
    return this.#context.signals.some((signal) => signal.aborted);
  }

  /** Waits between two attempts, or throws at once when the command is interrupted. */
  async #pause(ms: number): Promise<void> {
    try {
      await sleep(ms, undefined, { signal: AbortSignal.any([...this.#context.signals]) });
    } catch {
      throw this.#error(interrupted().facts);
    }
  }

  /** The final error. A write that may have happened says so, with the key that makes running it again safe. */
  #error(facts: ErrorFacts): AtoaError {
    const { writes, idempotencyKey, idempotencyFlag } = this.#request;
    if (!writes) return new AtoaError(facts);
    if (!this.#outcomeUnknown) {
      const nothing = facts.kind === "network" ? "; nothing was sent" : "";
      return new AtoaError({ ...facts, message: facts.message + nothing });
    }
    const key = idempotencyKey === undefined ? undefined : shellWord(idempotencyKey);
    const again =
      key === undefined
        ? "check whether it was processed before you run it again"
        : idempotencyFlag
          ? `run the same command again with --idempotencyKey ${key}, so that it takes effect only once`
          : `check whether it was processed before you run it again (its Idempotency-Key was ${key})`;
    const { status = 0, hint } = facts;
    // A rejection has to be fixed first, even if an earlier attempt may have succeeded: log in, then run it again.
    const refused = status >= 400 && status < 500;
    return new AtoaError({
      ...facts,
      message: `${facts.message.replace(/\.$/, "")}; ${refused ? "an earlier attempt" : "the request"} may still have been processed`,
      hint: refused ? `${hint}; then ${again}` : again,
      outcomeUnknown: true,
      idempotencyKey,
    });
  }
}

type Body =
  | { type: "value"; value: JsonValue }
  | { type: "empty" }
  | { type: "unreadable"; problem: Pick<ErrorFacts, "message" | "hint"> };

const advice = "check that ATOA_BASE_URL and the proxy lead to the Atoa API, and tell Atoa support if they do";

/** Reads a body that ought to be JSON. A byte order mark is tolerated; white space counts as empty. */
function readBody({ body: bytes, headers, incomplete }: RawResponse): Body {
  if (incomplete === "too large") {
    return unreadable(`The server's response is larger than ${largestBody / 1024 / 1024} MiB`);
  }
  const encoding = headers["content-encoding"]?.trim().toLowerCase() ?? "";
  if (encoding !== "" && encoding !== "identity") {
    return unreadable("The server's response is compressed, although that was not requested");
  }
  if (bytes.byteLength === 0) return { type: "empty" };
  let source: string;
  try {
    source = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return unreadable("The server's response is not valid UTF-8 text");
  }
  if (source.trim() === "") return { type: "empty" };
  let value: JsonValue;
  try {
    value = parseJson(source);
  } catch {
    return unreadable(notJson(source, headers["content-type"] ?? ""));
  }
  if (isDeeperThan(deepestNesting, value)) return unreadable("The server's response is nested too deeply");
  return { type: "value", value };
}

/** Deeper values are refused: everything that prints one goes down level by level and would run out of stack. */
const deepestNesting = 200;

function isDeeperThan(levels: number, value: JsonValue): boolean {
  if (!isRecord(value) && !Array.isArray(value)) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeperThan(levels - 1, inner));
}

function unreadable(message: string): Body {
  return { type: "unreadable", problem: { message, hint: advice } };
}

function notJson(source: string, contentType: string): string {
  if (/\bjson\b/i.test(contentType)) return "The server's response claims to be JSON but is not";
  if (/html/i.test(contentType) || /^\s*<(!doctype|html)/i.test(source)) {
    return "The server responded with a web page instead of JSON";
  }
  return "The server's response is not JSON";
}
