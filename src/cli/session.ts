import type { AtoaClient } from "../api/client";
import { type NetworkSettings, readNetworkSettings, resolveOrigin } from "../api/network-settings";
import type { Method, Operation, PagedOperation } from "../api/operations";
import type { RawCall } from "../api/raw-request";
import {
  describeRequest,
  type PagedRequest,
  type ResolvedRequest,
  type ResolveOptions,
  resolveRequest,
} from "../api/request";
import type { Spelling } from "../api/schemas/fields";
import type { ApiResponse, ProgressEvent } from "../api/transport";
import type { Env } from "../environments";
import { AtoaError, usageError } from "../errors";
import type { JsonValue } from "../json";
import type { Resolved } from "../profiles/resolution";
import { tokenHint } from "../redaction";
import type { Columns } from "../reports/columns";
import type { Query } from "../reports/query";
import type { Column } from "../terminal/columns";
import { type Format, type Presentation, printPages, printValue } from "../terminal/output";
import { canAsk, interruption, PipeClosed, Progress, trace } from "../terminal/terminal";
import { shellWord } from "../text";
import { type Access, resolveAccess } from "./access";

/** Values of the globals, as parsed. */
export interface GlobalFlagValues {
  readonly env?: Env | undefined;
  readonly output: Format;
  readonly verbose: boolean;
  readonly dryRun: boolean;
  readonly yes: boolean;
  readonly profile?: string | undefined;
  /** What --query, --columns and --out make of the response. */
  readonly shape?: Shape | undefined;
}

export interface CallOptions {
  /** What a destructive command is about to do ("Cancel payment pr_1"): asked after the input is checked, before it is sent. */
  readonly confirm?: string | undefined;
  /** What the command is about to do, where it asks at a terminal in production only: it may move money. */
  readonly confirmInProduction?: string | undefined;
  /** Key of the user for this write. */
  readonly idempotencyKey?: string | undefined;
  /** Columns of a table; guessed from the items when left out. */
  readonly columns?: readonly Column[] | undefined;
  /** Fetch every page and print one flat list. */
  readonly pageAll?: boolean | undefined;
  /** Sends in its own way and returns the response to print; polling, and a payment page that is shown first. */
  readonly sendWith?: ((send: () => Promise<ApiResponse>) => Promise<ApiResponse>) | undefined;
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
    readonly target: Access,
    private readonly network: NetworkSettings,
    private readonly flags: GlobalFlagValues,
    private readonly spelling?: Spelling,
  ) {}

  /**
   * @param spelling what the user calls the fields of an operation's input, for errors
   * @throws AtoaError when there is no profile, no credential for the environment, another origin than it was paired with,
   * or nonsense in a variable about the network
   */
  static open(flags: GlobalFlagValues, spelling?: Spelling): Session {
    const origin = originInUse();
    return new Session(
      resolveAccess(flags, origin, process.env),
      readNetworkSettings(origin.value, process.env),
      flags,
      spelling,
    );
  }

  /** Sends one operation and prints the response. @throws AtoaError kind usage for bad input, before anything happens */
  async call<Fields>(operation: Operation<Fields>, input: Fields, options: CallOptions = {}): Promise<void> {
    await this.#execute(await resolveRequest(operation, input, this.#resolveOptions(options)), options);
  }

  /** The same for a method and path of the user's own. */
  async callPath(method: Method, path: string, call: RawCall, options: CallOptions = {}): Promise<void> {
    const { resolveRawRequest } = await import("../api/raw-request");
    const { pageAll } = options;
    await this.#execute(resolveRawRequest(method, path, { ...call, pageAll }, this.#resolveOptions(options)), options);
  }

  /** The list that a command walks through itself: its input is checked before anything is read or sent. */
  walk<Fields>(operation: PagedOperation<Fields>, input: Fields): Promise<PagedRequest> {
    return resolveRequest(operation, input, this.#resolveOptions({}));
  }

  #resolveOptions({ idempotencyKey }: CallOptions): ResolveOptions {
    const { spelling } = this;
    const calendar = { now: new Date(), zone: process.env.ATOA_TZ };
    return { origin: this.target.origin.value, idempotencyKey, spelling, calendar };
  }

  /** The path of every request, from the validated input to the last byte of output. */
  async #execute(request: ResolvedRequest, options: CallOptions): Promise<void> {
    const { output: format, dryRun } = this.flags;
    const presentation = await this.#presentation(options.columns, request.operationId);
    const page = { ...presentation, more: (shown: number, total: number) => furtherPages(request, shown, total) };
    if (options.receive !== undefined) refuseShape(presentation);
    if (dryRun) return printValue(describeRequest(request), { format });

    const message = options.confirm ?? (this.#asksInProduction ? options.confirmInProduction : undefined);
    if (message !== undefined && !this.flags.yes) {
      const { confirm } = await import("./confirmation");
      await confirm(`${message} (${this.target.place})`, this.flags);
    }

    const client = await this.connect();
    if (options.pageAll && isPaged(request)) {
      return printPages(this.#counted(client.pages(request)), presentation);
    }

    const send = () => client.send(request);
    const { value } = await (options.sendWith === undefined ? send() : options.sendWith(send));
    this.#progress.done();

    if (options.receive !== undefined) return options.receive(value);
    await this.#print(value, page, request.writes ? request : undefined);
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
    const { origin, refusedHint, profile, env } = this.target;
    const signal = interruption();
    // The HTTP library is loaded while the token is being read.
    const [token, { AtoaClient }] = await Promise.all([this.target.readToken(), import("../api/client")]);
    const onProgress = (event: ProgressEvent) => this.#follow(event);
    // Of a token that no login has checked, nothing but the server knows which environment it belongs to.
    const writesTo = profile === undefined ? env.value : undefined;
    return new AtoaClient({ ...this.network, origin: origin.value, token, refusedHint, writesTo, signal, onProgress });
  }

  get #asksInProduction(): boolean {
    return this.target.env.value === "production" && canAsk();
  }

  /** Prints a value in the chosen format. @param columns of a table; guessed from the items when left out */
  async print(value: unknown, columns?: readonly Column[]): Promise<void> {
    await this.#print(value, await this.#presentation(columns), undefined);
  }

  /** @param written the write that the value is the response to: it must not look failed because its output could not be written */
  async #print(value: unknown, presentation: Presentation, written: ResolvedRequest | undefined): Promise<void> {
    try {
      await printValue(value, presentation);
    } catch (error) {
      throw written === undefined ? error : outputFailed(error, written);
    }
  }

  async #presentation(columns: readonly Column[] | undefined, operationId?: string): Promise<Presentation> {
    const { output: format, shape = {} } = this.flags;
    return { format, columns, query: shape.query, fields: await columnsFor(shape, operationId), out: shape.out };
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
      this.#progress.update(`${event.reason}; retrying in ${Math.ceil(event.delayMs / 1000)} s`);
    }
    if (!this.flags.verbose) return;
    trace(event, verboseLines(event));
  }
}

/** A response that is kept before it is shown is shown whole, and once. */
function refuseShape({ format, query, fields, out }: Presentation): void {
  if (query === undefined && fields === undefined && out === undefined && format !== "csv" && format !== "ndjson")
    return;
  throw usageError(
    "This command does not support --query, --columns, --out, csv or ndjson",
    "use --output json, table or yaml",
  );
}

/** How to see the items of a list that are not on this page. */
function furtherPages(request: ResolvedRequest, shown: number, total: number): string {
  if (!isPaged(request)) return shown < total ? "; `--pageAll` for all" : "";
  const next = request.paging.page + 1;
  return next * request.paging.size < total ? `; \`--page ${next}\` for the next, \`--pageAll\` for all` : "";
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
    code: "OUTPUT_FAILED",
    message: `The request was carried out, but its response could not be shown: ${why}`,
    hint:
      key === undefined
        ? "check the result; do not run it again"
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

/** The server in use, and whether ATOA_BASE_URL chose it. */
export function originInUse(): Resolved<string> {
  const { origin, source } = resolveOrigin(process.env);
  return { value: origin, source };
}

/** What --query, --columns and --out make of a response. Checked before anything is sent; each part is loaded only when it is used. */
export interface Shape {
  readonly query?: Query | undefined;
  readonly fields?: readonly string[] | undefined;
  /** Absolute path. */
  readonly out?: string | undefined;
}

export interface ShapeFlags {
  readonly query?: string | undefined;
  readonly columns?: string | undefined;
  readonly out?: string | undefined;
}

/** @throws a usage error for an expression that is not one, for no names, and for a file that cannot be written */
export async function readShape({ query, columns, out }: ShapeFlags): Promise<Shape> {
  return {
    query: query === undefined ? undefined : (await import("../reports/query")).parseQuery(query),
    fields: columns === undefined ? undefined : (await import("../reports/columns")).readColumns(columns),
    out: out === undefined ? undefined : (await import("../terminal/out-file")).checkOutFile(out),
  };
}

/**
 * The chosen columns of an operation's response, checked against the fields that the OpenAPI file lists for it. A query
 * makes other fields, and what the file leaves open only the response can tell.
 * @throws a usage error for a field that does not exist
 */
export async function columnsFor({ fields, query }: Shape, operationId?: string): Promise<Columns | undefined> {
  if (fields === undefined) return undefined;
  const { Columns, unknownColumn } = await import("../reports/columns");
  if (query !== undefined || operationId === undefined) return new Columns(fields);
  const { listedFields } = await import("../reports/listed-fields");
  const listed = listedFields(operationId);
  if (listed === undefined) return new Columns(fields);
  const isOpen = (name: string) => listed.open.some((open) => name.startsWith(`${open}.`));
  const missing = fields.find((name) => !listed.names.includes(name) && !isOpen(name));
  if (missing !== undefined) throw unknownColumn(missing, listed.names);
  return new Columns(fields, listed.names);
}
