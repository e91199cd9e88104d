import type { AtoaClient } from "../api/client";
import { type NetworkSettings, readNetworkSettings } from "../api/limits";
import type { Method, Operation } from "../api/operations";
import { resolveOrigin } from "../api/origin";
import {
  describeRequest,
  type PagedRequest,
  type RawCall,
  type ResolvedRequest,
  resolveRawRequest,
  resolveRequest,
} from "../api/request";
import type { ApiResponse, ProgressEvent } from "../api/transport";
import { createVault, type Vault } from "../credentials/vault";
import { AtoaError } from "../errors";
import type { JsonValue } from "../json";
import { resolveTarget, type Sourced, type Target } from "../profiles/resolution";
import { tokenHint } from "../redaction";
import type { Column } from "../terminal/columns";
import { type Format, printPages, printValue } from "../terminal/output";
import { Progress } from "../terminal/progress";
import { canAsk, interruption, PipeClosed, say } from "../terminal/terminal";
import { shellWord } from "../text";
import { confirm, describeTarget } from "./confirmation";

/** Values of the six globals, as parsed. */
export interface GlobalFlagValues {
  readonly env?: "sandbox" | "production" | undefined;
  readonly output: Format;
  readonly verbose: boolean;
  readonly dryRun: boolean;
  readonly yes: boolean;
  readonly profile?: string | undefined;
}

export interface CallOptions {
  /** What a destructive command is about to do ("Cancel payment pr_1"): asked after the input is checked, before it is sent. */
  readonly confirm?: string | undefined;
  /** Key of the user for this write. */
  readonly idempotencyKey?: string | undefined;
  /** Columns of a table; guessed from the items when left out. */
  readonly columns?: readonly Column[] | undefined;
  /** Fetch every page and print one flat list. */
  readonly pageAll?: boolean | undefined;
  /** Sends the request as often as it takes; `payments status --poll`. */
  readonly repeat?: ((send: () => Promise<ApiResponse>) => Promise<ApiResponse>) | undefined;
  /** Takes the value of the response instead of the printer; `keys regenerate`. */
  readonly receive?: ((value: JsonValue | undefined) => Promise<void>) | undefined;
}

/**
 * What a resource command works with: one profile, environment and origin. Nothing is read but the config until a request
 * is sent; a dry run ends before that.
 */
export class Session {
  readonly #progress = new Progress();
  #client: Promise<AtoaClient> | undefined;

  constructor(
    readonly target: Target,
    private readonly network: NetworkSettings,
    private readonly vault: Vault,
    private readonly flags: GlobalFlagValues,
  ) {}

  /**
   * @throws AtoaError when there is no profile, no credential for the environment, another origin than it was paired with,
   * or nonsense in a variable about the network
   */
  static open(flags: GlobalFlagValues): Session {
    const vault = openVault();
    const { profile, env } = flags;
    const origin = originInUse();
    const target = resolveTarget(vault.config(), { profile, env, environment: process.env, origin });
    return new Session(target, readNetworkSettings(origin.value, process.env), vault, flags);
  }

  /** Sends one operation and prints the response. @throws AtoaError kind usage for bad input, before anything happens */
  async call<Fields>(operation: Operation<Fields>, input: Fields, options: CallOptions = {}): Promise<void> {
    const { idempotencyKey } = options;
    const origin = this.target.origin.value;
    await this.#carryOut(await resolveRequest(operation, input, { origin, idempotencyKey }), options);
  }

  /** The same for a method and path of the user's own. */
  async callPath(method: Method, path: string, call: RawCall, options: CallOptions = {}): Promise<void> {
    const { idempotencyKey, pageAll } = options;
    const origin = this.target.origin.value;
    await this.#carryOut(resolveRawRequest(method, path, { ...call, pageAll }, { origin, idempotencyKey }), options);
  }

  /** The way of every request, from the checked input to the last byte of output. */
  async #carryOut(request: ResolvedRequest, options: CallOptions): Promise<void> {
    const { output: format, dryRun } = this.flags;
    const { profile, env } = this.target;
    if (dryRun) return printValue(describeRequest(request), { format });

    if (options.confirm !== undefined) {
      await confirm(`${options.confirm} (${describeTarget(profile.value, env.value)})`, this.flags);
    }

    const client = await this.connect();
    if (options.pageAll && isPaged(request)) {
      return printPages(this.#counted(client.pages(request)), { format, columns: options.columns });
    }

    const send = () => client.send(request);
    const { value } = await (options.repeat === undefined ? send() : options.repeat(send));
    this.#progress.done();

    if (options.receive !== undefined) return options.receive(value);
    await this.print(value, { columns: options.columns, written: request.writes ? request : undefined });
  }

  /**
   * The client for this target; the token is read when it is first asked for. For commands that make several calls.
   * @throws AtoaError when the token cannot be read
   */
  connect(): Promise<AtoaClient> {
    this.#client ??= this.#open();
    return this.#client;
  }

  async #open(): Promise<AtoaClient> {
    const { profile, env, origin } = this.target;
    const signal = interruption();
    // The HTTP library is loaded while the token is being read.
    const [token, { AtoaClient }] = await Promise.all([
      this.vault.readToken({ profile: profile.value, env: env.value, origin }),
      import("../api/client"),
    ]);
    const onProgress = (event: ProgressEvent) => this.#follow(event);
    return new AtoaClient({ ...this.network, origin: origin.value, token, signal, onProgress });
  }

  /**
   * Prints a value in the chosen format.
   * @param options.written the write that it answers, which must not look failed because its output could not be written
   */
  async print(
    value: unknown,
    options: { columns?: readonly Column[] | undefined; written?: ResolvedRequest | undefined } = {},
  ): Promise<void> {
    try {
      await printValue(value, { format: this.flags.output, columns: options.columns });
    } catch (error) {
      throw options.written === undefined ? error : outputFailed(error, options.written);
    }
  }

  /** Shows on a terminal how far a long piece of work is. */
  progress(text: string): void {
    this.#progress.update(text);
  }

  get dryRun(): boolean {
    return this.flags.dryRun;
  }

  async *#counted(pages: AsyncIterable<readonly JsonValue[]>): AsyncGenerator<readonly JsonValue[]> {
    let count = 0;
    for await (const page of pages) {
      count += page.length;
      this.#progress.update(`${count} items so far`);
      yield page;
    }
    this.#progress.done();
  }

  #follow(event: ProgressEvent): void {
    if (event.type === "retry") {
      this.#progress.update(`${event.reason}; trying again in ${Math.ceil(event.delayMs / 1000)} s`);
    }
    if (!this.flags.verbose) return;
    for (const line of verboseLines(event)) say(line);
  }
}

function isPaged(request: ResolvedRequest): request is PagedRequest {
  return request.paging !== undefined;
}

/** A write that succeeded must not look failed because its output could not be written: callers would repeat it. */
function outputFailed(error: unknown, { idempotencyFlag, idempotencyKey }: ResolvedRequest): unknown {
  if (error instanceof PipeClosed) return error;
  const why = error instanceof AtoaError ? error.summary : String(error);
  const key = idempotencyFlag && idempotencyKey !== undefined ? shellWord(idempotencyKey) : undefined;
  return new AtoaError({
    kind: "failure",
    message: `The request was carried out, but its answer could not be shown: ${why}`,
    hint:
      key === undefined
        ? "look at the result; do not run it again"
        : `to see it, run it again with --idempotencyKey ${key}`,
    cause: error,
  });
}

function verboseLines(event: ProgressEvent): string[] {
  if (event.type === "request")
    return [`> ${event.method} ${event.url}`, `> Authorization: Bearer ${tokenHint(event.tokenSuffix)}`];
  if (event.type === "retry") return [`* ${event.reason}; attempt ${event.attempt + 1} in ${event.delayMs} ms`];
  return [`< ${event.status} in ${event.ms} ms (request-id ${event.requestId})`];
}

/** The vault of this machine, with the one line that a person sees while a keychain waits to be unlocked. */
export function openVault(): Vault {
  return createVault({
    environment: process.env,
    // Lazy: checking isTTY initialises the streams.
    get interactive() {
      return canAsk();
    },
    onKeychainWait: () => say("waiting for the system keychain to be unlocked …"),
  });
}

/** The server in use, and whether ATOA_BASE_URL chose it. */
export function originInUse(): Sourced<string> {
  const { origin, source } = resolveOrigin(process.env);
  return { value: origin, source };
}
