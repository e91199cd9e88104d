/**
 * The typed client: `client.call(operations.refunds.create, { paymentRequestId, amount })`. The operation brings the type
 * of its input. One client serves one origin with one token, and keeps its connections between requests.
 *
 * Loading this module loads undici, so it is imported where something is sent and nowhere else.
 */
import type { Env } from "../environments";
import { AtoaError, usageError } from "../errors";
import type { JsonValue } from "../json";
import { isToken, registerSecret } from "../redaction";
import { Connection } from "./connection";
import type { NetworkSettings } from "./network-settings";
import { type Operation, operations, type PagedOperation } from "./operations";
import { newId, type PagedRequest, type ResolvedRequest, resolveRequest } from "./request";
import { type ApiResponse, type ProgressEvent, RequestAttempts, type Wire } from "./transport";

export interface ClientOptions extends NetworkSettings {
  /** Scheme, host and port, for example https://api.atoa.me. The token is sent nowhere else. */
  origin: string;
  token: string;
  /** What to do when the server refuses the token; what the API advises when left out. */
  refusedHint?: string | undefined;
  /** Environment that the token must belong to: the server is asked before the first write. Not asked when left out. */
  writesTo?: Env | undefined;
  onProgress?: ((event: ProgressEvent) => void) | undefined;
  /** Ends everything under way, for Ctrl-C. */
  signal?: AbortSignal | undefined;
}

export class AtoaClient {
  readonly #options: ClientOptions;
  readonly #wire: Wire;
  #environmentChecked = false;

  /**
   * @param wire carries single attempts; a test may put another in its place
   * @throws AtoaError kind auth for a token that cannot travel in a header
   */
  constructor(options: ClientOptions, wire: Wire = new Connection(options)) {
    if (!isToken(options.token)) throw damagedToken();
    registerSecret(options.token);
    this.#options = options;
    this.#wire = wire;
  }

  /**
   * Checks the input, sends it and returns the response. A write gets a fresh key.
   * @throws AtoaError kind usage before anything is sent; else of the kind that the response or the network stands for
   */
  async call<Fields>(operation: Operation<Fields>, input: Fields): Promise<ApiResponse> {
    return this.send(await resolveRequest(operation, input, { origin: this.#options.origin }));
  }

  /**
   * Sends a resolved request: every request goes through here. A walk over pages passes a signal that ends what nobody
   * waits for any more.
   */
  async send(request: ResolvedRequest, signal?: AbortSignal): Promise<ApiResponse> {
    if (request.writes) await this.#checkEnvironment();
    const signals = [this.#options.signal, signal].filter((one) => one !== undefined);
    return new RequestAttempts(request, { ...this.#options, wire: this.#wire, signals }).run();
  }

  /** @throws AtoaError kind usage when the token belongs to the other environment */
  async #checkEnvironment(): Promise<void> {
    const { writesTo } = this.#options;
    if (writesTo === undefined || this.#environmentChecked) return;
    const { readIdentity } = await import("./response");
    const { env } = readIdentity((await this.call(operations.identity.get, {})).value);
    if (env !== undefined && env !== writesTo) throw otherEnvironment(env, writesTo);
    this.#environmentChecked = true;
  }

  /** The items of a list from the page on that the input asks for, page by page. Throws what `call` throws. */
  async *list<Fields>(operation: PagedOperation<Fields>, input: Fields): AsyncGenerator<readonly JsonValue[]> {
    yield* this.pages(await resolveRequest(operation, input, { origin: this.#options.origin }));
  }

  /**
   * The items of the page that `request` asks for and of all later ones, page by page. Each page is a call of its own,
   * with a key of its own. Throws what `send` throws, at the page where it happens.
   */
  async *pages({ paging, ...request }: PagedRequest): AsyncGenerator<readonly JsonValue[], void, undefined> {
    const { paginate } = await import("./paging");
    yield* paginate({
      firstPage: paging.page,
      size: paging.size,
      fetchPage: async (page, signal) => {
        const key = request.idempotencyKey === undefined ? {} : { idempotencyKey: newId() };
        const query = { ...request.query, page: String(page) };
        return (await this.send({ ...request, ...key, query }, signal)).value;
      },
    });
  }
}

function otherEnvironment(env: Env, wanted: Env): AtoaError {
  return usageError(
    `The token in ATOA_TOKEN belongs to ${env}, but this command uses ${wanted}; nothing was sent`,
    `add --env ${env}, or set ATOA_TOKEN to a ${wanted} token`,
  );
}

function damagedToken(): AtoaError {
  return new AtoaError({
    kind: "auth",
    message: "The stored token is damaged: it contains an invalid character",
    hint: "run `atoa login` again",
  });
}
