/**
 * The typed client, made from the operation table: `client.refunds.create({ paymentRequestId, amount })`.
 * It resolves each call into a request and hands that to `send`; it knows no socket and no token.
 */
import { usageError } from "../errors";
import type { JsonValue } from "./json";
import { type Method, type Operation, type Operations, operations, type PagedOperation } from "./operations";
import { walkPages } from "./paging";
import {
  defaultPageSize,
  type Query,
  type RawCall,
  type ResolvedRequest,
  resolveRawRequest,
  resolveRequest,
} from "./request";

/**
 * Sends a request and returns the value of its answer (undefined when it is empty). A walk over pages passes a signal
 * that ends requests which nobody waits for any more.
 */
export type Send = (request: ResolvedRequest, options?: { signal: AbortSignal }) => Promise<unknown>;

export interface CallOptions {
  /** Key of the user for this write; a fresh one is made when it is missing. */
  idempotencyKey?: string | undefined;
}

// An operation whose fields are all optional can be called without an input.
type Arguments<Fields> =
  Record<never, never> extends Fields
    ? [input?: Fields, options?: CallOptions]
    : [input: Fields, options?: CallOptions];

export interface Call<Fields> {
  (...args: Arguments<Fields>): Promise<unknown>;
  /** The request that the call would send: what --dryRun prints. */
  resolve(...args: Arguments<Fields>): Promise<ResolvedRequest>;
}

export interface PagedCall<Fields> extends Call<Fields> {
  /** The items of this page and all later ones, page by page. Throws what `send` throws, at the page where it happens. */
  pages(...args: Arguments<Fields>): AsyncGenerator<readonly JsonValue[], void, undefined>;
}

type CallOf<Row> =
  Row extends PagedOperation<infer Fields>
    ? PagedCall<Fields>
    : Row extends Operation<infer Fields>
      ? Call<Fields>
      : never;

type Resources = {
  readonly [Resource in keyof Operations]: {
    readonly [Name in keyof Operations[Resource]]: CallOf<Operations[Resource][Name]>;
  };
};

export interface RawOptions extends CallOptions, RawCall {}

export interface Client extends Resources {
  /** Any method and path, for get, post and delete. Throws a usage error when the path would leave the origin. */
  raw(method: Method, path: string, options?: RawOptions): Promise<unknown>;
  rawResolve(method: Method, path: string, options?: RawOptions): ResolvedRequest;
  /** The first request of such a walk: what a dry run of it shows. */
  rawFirstPage(path: string, query?: Query): Promise<unknown>;
  /** Walks the pages of any list by GET. Page and size default to those of the other lists. */
  rawPages(path: string, query?: Query): AsyncGenerator<readonly JsonValue[], void, undefined>;
}

export function createClient(send: Send, origin: string): Client {
  function call<Fields>(row: Operation<Fields>): Call<Fields> {
    const resolve = (...[input, options]: Arguments<Fields>) =>
      resolveRequest(row, input as Fields, { origin, idempotencyKey: options?.idempotencyKey });
    const perform = async (...args: Arguments<Fields>) => send(await resolve(...args));
    const { paging } = row;
    if (paging === undefined) return Object.assign(perform, { resolve });
    const pages = (...[input]: Arguments<Fields>) => {
      const given = (input ?? {}) as Record<string, unknown>;
      return walkPages({
        firstPage: Number(given[paging.page] ?? 0),
        size: Number(given[paging.size] ?? defaultPageSize),
        fetchPage: async (page, signal) =>
          send(await resolveRequest(row, { ...given, page } as Fields, { origin }), { signal }),
      });
    };
    return Object.assign(perform, { resolve, pages });
  }

  const resources = mapValues(operations, (resource) => mapValues<Operation, unknown>(resource, call));
  const rawResolve = (method: Method, path: string, options: RawOptions = {}) =>
    resolveRawRequest(method, path, options, { origin, idempotencyKey: options.idempotencyKey });

  /** Where a walk by GET begins. Page and size are put into words here, so that every page asks alike. */
  function firstPage(path: string, query: Query) {
    const request = rawResolve("GET", path, { query });
    const sizeField = ["size", "limit", "itemsPerPage"].find((name) => name in request.query) ?? pageSizeField(path);
    const size = wholeNumber(request.query, sizeField, defaultPageSize);
    return { request, page: wholeNumber(request.query, "page", 0), size, sizeField };
  }

  return {
    // The mapped type says per row what `call` makes of it; TypeScript cannot follow a table through a loop.
    ...(resources as unknown as Resources),
    raw: async (method, path, options) => send(rawResolve(method, path, options)),
    rawResolve,
    rawFirstPage: (path, query = {}) => {
      const { request, page, size, sizeField } = firstPage(path, query);
      return send({ ...request, query: { ...request.query, page: String(page), [sizeField]: String(size) } });
    },
    rawPages: (path, query = {}) => {
      const { request, page: first, size, sizeField } = firstPage(path, query);
      return walkPages({
        firstPage: first,
        size,
        fetchPage: (page, signal) =>
          send({ ...request, query: { ...request.query, page: String(page), [sizeField]: String(size) } }, { signal }),
      });
    },
  };
}

function mapValues<Value, Result>(
  table: Readonly<Record<string, Value>>,
  change: (value: Value) => Result,
): Record<string, Result> {
  return Object.fromEntries(Object.entries(table).map(([name, value]) => [name, change(value)]));
}

/** A query parameter that counts, for a walk that goes on counting from it. */
function wholeNumber(query: Query, name: string, fallback: number): number {
  const text = query[name] ?? String(fallback);
  if (typeof text === "string" && /^\d{1,9}$/.test(text)) return Number(text);
  throw usageError(`${name} must be one whole number`, `give a number such as ${fallback}`, name);
}

/** Name of the page size parameter for a path that is in the table; `size` for any other. */
function pageSizeField(path: string): string {
  const asked = (path.split("?", 1)[0] ?? "").split("/");
  for (const resource of Object.values(operations)) {
    for (const { method, path: template, paging } of Object.values<Operation>(resource)) {
      const steps = template.split("/");
      const matches =
        steps.length === asked.length && steps.every((step, at) => step.startsWith("{") || step === asked[at]);
      if (paging !== undefined && method === "GET" && matches) return paging.size;
    }
  }
  return "size";
}
