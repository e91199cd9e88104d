/** Requests to a path of the user's own: get, post and delete. */
import { usageError } from "../errors";
import type { JsonValue } from "../json";
import { allOperations, type Method } from "./operations";
import {
  asIs,
  defaultPage,
  defaultPageSize,
  encodePathId,
  keyFor,
  type Query,
  type ResolvedRequest,
  type ResolveOptions,
} from "./request";
import type { Spelling } from "./schemas/fields";

export interface RawCall {
  query?: Query | undefined;
  body?: JsonValue | undefined;
  /** Walk the pages of the list: page and size are made explicit, so that every page sends the same parameters. */
  pageAll?: boolean | undefined;
}

/**
 * A request to a path of the user's own (get, post, delete). The path must start with one slash and stay on the
 * origin, so that a token cannot leave it; a query inside the path is merged with `call.query`.
 */
export function resolveRawRequest(
  method: Method,
  path: string,
  call: RawCall,
  options: ResolveOptions,
): ResolvedRequest {
  const { spelling = asIs } = options;
  const url = parseRawPath(path, options.origin, spelling("path"));
  // Maps, because a parameter may have any name, such as __proto__.
  const beside = new Map<string, string | readonly string[]>(Object.entries(call.query ?? {}));
  const inPath = new Map<string, string | readonly string[]>();
  for (const name of new Set(url.searchParams.keys())) {
    const values = url.searchParams.getAll(name);
    if (beside.has(name)) {
      throw usageError(
        `Parameter ${name} is given twice, in the path and as -d`,
        "pass each parameter once",
        spelling(name),
      );
    }
    inPath.set(name, values.length === 1 ? String(values[0]) : values);
  }
  const query: Query = Object.fromEntries([...inPath, ...beside]);
  return {
    operationId: "raw",
    method,
    url: url.origin + url.pathname,
    query,
    ...(call.pageAll ? pagingOf(url.pathname, query, spelling) : {}),
    ...(call.body === undefined ? {} : { body: call.body }),
    ...keyFor(method, options),
    idempotencyFlag: method === "POST",
    writes: method !== "GET",
  };
}

/** Page and size of a walk over a list of the user's own path, as fields of the request. */
function pagingOf(path: string, query: Query, spelling: Spelling): Required<Pick<ResolvedRequest, "query" | "paging">> {
  const sizeField = ["size", "limit", "itemsPerPage"].find((name) => Object.hasOwn(query, name)) ?? pageSizeField(path);
  const page = wholeNumber(query, "page", defaultPage, spelling);
  const size = wholeNumber(query, sizeField, defaultPageSize, spelling);
  return { query: { ...query, page: String(page), [sizeField]: String(size) }, paging: { page, size } };
}

/** A query parameter that counts, for a walk that goes on counting from it. */
function wholeNumber(query: Query, name: string, fallback: number, spelling: Spelling): number {
  const text = (Object.hasOwn(query, name) ? query[name] : undefined) ?? String(fallback);
  if (typeof text === "string" && /^\d{1,9}$/.test(text)) return Number(text);
  const spelled = spelling(name);
  throw usageError(`${spelled} must be one whole number`, `give a number such as ${fallback}`, spelled);
}

/** Name of the page size parameter for a path that is in the table; `size` for any other. */
function pageSizeField(path: string): string {
  const asked = path.split("/");
  const matches = (template: string) => {
    const steps = template.split("/");
    return steps.length === asked.length && steps.every((step, at) => step.startsWith("{") || step === asked[at]);
  };
  const row = allOperations().find(
    ({ method, paging, path: template }) => method === "GET" && paging && matches(template),
  );
  return row?.paging?.size ?? "size";
}

/**
 * Puts each parameter whose name stands as `:name` in the path into it, percent-encoded, and returns the others as
 * they are. Throws a usage error when a `:name` of the path gets no value.
 */
export function fillPath<Value extends string>(
  path: string,
  parameters: Readonly<Record<string, Value>>,
): { path: string; others: Record<string, Value> } {
  const others = { ...parameters };
  const filled = path.replace(/(?<=\/):([A-Za-z_]\w*)(?=[/?]|$)/g, (_, name: string) => {
    const value = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
    if (value === undefined) throw usageError(`The path needs a value for :${name}`, `add -d ${name}=<value>`, name);
    delete others[name];
    return encodePathId(value, `:${name}`);
  });
  return { path: filled, others };
}

/** @param field what the user calls the path */
function parseRawPath(path: string, origin: string, field: string): URL {
  const advice = "use a path such as /api/customers";
  // A URL parser takes a backslash for a slash and drops tabs and line ends silently.
  if (!path.startsWith("/") || /^\/[/\\]/.test(path))
    throw usageError("The path must start with a single slash", advice, field);
  if (/[\s\p{Cc}\\#]/u.test(path)) {
    throw usageError(
      "The path must not contain a space, a control character, a backslash or a #",
      "percent-encode it",
      field,
    );
  }
  const segments = (path.split("?", 1)[0] ?? "").split("/");
  if (segments.some((segment) => /^(\.|%2e){1,2}$/i.test(segment))) {
    throw usageError("The path must not contain . or .. as a segment", "write out the full path", field);
  }
  const url = URL.canParse(path, origin) ? new URL(path, origin) : undefined;
  if (url === undefined || url.origin !== origin) throw usageError("The path must stay on the server", advice, field);
  return url;
}
