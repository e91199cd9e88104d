import { v4 } from "uuid";
import { type Calendar, currentCalendar } from "../dates";
import { type AtoaError, usageError } from "../errors";
import { isRecord, type JsonValue } from "../json";
import { allOperations, type Method, type Operation, type PagedOperation } from "./operations";
import type { Rule, Spelling } from "./schemas/fields";

/**
 * From a call to one resolved request. Pure: nothing is read and nothing is sent, so a dry run ends here and cannot
 * differ from a real run.
 */

/** Text form of each query parameter; a list repeats its parameter. */
type Query = Readonly<Record<string, string | readonly string[]>>;

export interface ResolvedRequest {
  /** operationId of the OpenAPI file, or "raw" for get, post and delete with a path of the user. */
  readonly operationId: string;
  readonly method: Method;
  /** Origin and path, percent-encoded, without the query. */
  readonly url: string;
  readonly query: Query;
  /** Undefined means that no body is sent. */
  readonly body?: JsonValue;
  /** Present on every POST, PUT and PATCH. */
  readonly idempotencyKey?: string;
  /** True where the command can be run again with --idempotencyKey. */
  readonly idempotencyFlag: boolean;
  /** False when losing the response leaves no doubt about what happened. */
  readonly writes: boolean;
  /** First page and page size of a list that can be walked; both stand in `query` too. */
  readonly paging?: { readonly page: number; readonly size: number };
}

export type PagedRequest = ResolvedRequest & Required<Pick<ResolvedRequest, "paging">>;

export interface ResolveOptions {
  /** Scheme, host and port, for example https://api.atoa.me. */
  origin: string;
  /** Key given by the user; a fresh one is made when it is missing. */
  idempotencyKey?: string | undefined;
  /** What the fields are called where they were typed, for errors; their API names when it is missing. */
  spelling?: Spelling | undefined;
  /** What "today" means to dates; now in the merchant's zone when it is missing. */
  calendar?: Calendar | undefined;
}

/** What a dry run prints. */
export interface RequestDescription {
  method: Method;
  url: string;
  query?: Query;
  body?: JsonValue;
  idempotencyKey?: string;
}

/** First page and page size, where the caller names none. */
const defaultPage = 0;
const defaultPageSize = 20;

/**
 * Checks the input of `operation` by its schema, which also turns text into numbers, days and lists, and makes a
 * request of it. Fields that are undefined count as left out.
 * Throws a usage error that carries the faulty field in `field`, as `options.spelling` calls it.
 */
export async function resolveRequest<Fields>(
  operation: PagedOperation<Fields>,
  input: Fields,
  options: ResolveOptions,
): Promise<PagedRequest>;
export async function resolveRequest<Fields>(
  operation: Operation<Fields>,
  input: Fields,
  options: ResolveOptions,
): Promise<ResolvedRequest>;
export async function resolveRequest<Fields>(
  operation: Operation<Fields>,
  input: Fields,
  options: ResolveOptions,
): Promise<ResolvedRequest> {
  const given = withoutUndefined(input);
  if (operation.paging !== undefined) {
    given[operation.paging.page] ??= defaultPage;
    given[operation.paging.size] ??= defaultPageSize;
  }
  const { spelling = asIs } = options;
  const fields = await checkInput(operation, given, options);
  const path = operation.path.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodePathId(takeField(fields, name), spelling(name)),
  );
  const query: Record<string, string> = {};
  for (const name of operation.query) {
    const value = takeField(fields, name);
    if (value !== undefined) query[name] = String(value);
  }
  const sendsBody = operation.body === "always" || (operation.body === "present" && Object.keys(fields).length > 0);
  return {
    operationId: operation.id,
    method: operation.method,
    url: options.origin + path,
    query,
    // The schema allows JSON values only; what is left in `fields` went through it.
    ...(sendsBody ? { body: fields as Record<string, JsonValue> } : {}),
    ...keyFor(operation.method, options),
    idempotencyFlag: operation.idempotencyFlag,
    writes: operation.writes,
    ...(operation.paging === undefined
      ? {}
      : { paging: { page: Number(given[operation.paging.page]), size: Number(given[operation.paging.size]) } }),
  };
}

/** What the schema makes of the fields. Without a schema there must be none. @throws a usage error for the first rule that is broken */
async function checkInput(
  { id, input }: Operation,
  given: Readonly<Record<string, unknown>>,
  { spelling = asIs, calendar = currentCalendar({}) }: ResolveOptions,
): Promise<Record<string, unknown>> {
  if (input === undefined) {
    const keys = Object.keys(given);
    if (keys.length > 0) throw explainIssue({ code: "unrecognized_keys", path: [], keys }, id, spelling);
    return {};
  }
  const result = (await input(calendar)).safeParse(given);
  if (!result.success) throw explainIssue(result.error.issues[0], id, spelling);
  return withoutUndefined(result.data);
}

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

/** The request with its query, as it goes over the wire. */
export function fullUrl(request: Pick<ResolvedRequest, "url" | "query">): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(request.query)) {
    for (const one of typeof value === "string" ? [value] : value) query.append(name, one);
  }
  return query.size === 0 ? request.url : `${request.url}?${query}`;
}

const secretFields = new Set(["authentication", "clientSecret", "password"]);

/** What a dry run shows of a request: everything that matters, no secret. */
export function describeRequest(request: ResolvedRequest): RequestDescription {
  return {
    method: request.method,
    url: request.url,
    ...(Object.keys(request.query).length === 0 ? {} : { query: request.query }),
    ...(request.body === undefined ? {} : { body: withoutSecrets(request.body) }),
    ...(request.idempotencyKey === undefined ? {} : { idempotencyKey: request.idempotencyKey }),
  };
}

function withoutSecrets(body: JsonValue): JsonValue {
  if (!isRecord(body)) return body;
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => [name, secretFields.has(name) ? "<redacted>" : value]),
  );
}

function keyFor(method: Method, { idempotencyKey, spelling = asIs }: ResolveOptions): { idempotencyKey?: string } {
  if (!takesIdempotencyKey(method)) return {};
  if (idempotencyKey === undefined) return { idempotencyKey: newIdempotencyKey() };
  return { idempotencyKey: checkIdempotencyKey(idempotencyKey, spelling("idempotencyKey")) };
}

function asIs(field: string): string {
  return field;
}

function withoutUndefined(input: unknown): Record<string, unknown> {
  if (!isRecord(input)) return {};
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
}

function takeField(fields: Record<string, unknown>, name: string): unknown {
  const value = fields[name];
  delete fields[name];
  return value;
}

function encodePathId(value: unknown, field: string): string {
  const id = String(value);
  if (id.trim() === "" || id === "." || id === "..") {
    throw usageError(`${field} must not be blank, . or ..`, "copy the id from the list", field);
  }
  try {
    return encodeURIComponent(id);
  } catch {
    throw usageError(`${field} contains half a character`, "copy the id again", field);
  }
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

interface Issue {
  readonly code?: string;
  readonly path: readonly PropertyKey[];
  readonly keys?: readonly string[];
  /** Where schemas/fields.ts keeps the rule that is broken. */
  readonly params?: Readonly<Record<string, unknown>> | undefined;
}

/** The error that one complaint of the schema becomes. */
function explainIssue(issue: Issue | undefined, operationId: string, spelling: Spelling): AtoaError {
  if (issue?.code === "unrecognized_keys") {
    const unknown = spelling(issue.keys?.[0] ?? "");
    return usageError(`${unknown} is not a field of ${operationId}`, "check the spelling, or leave it out", unknown);
  }
  const [field, ...inner] = (issue?.path ?? []).map(String);
  if (field === undefined) return usageError("The input must be an object of fields", "give the fields by name");
  const name = spelling(field);
  // Only the fields and rules of the schemas make issues, and each of them has a rule.
  const rule = issue?.params?.rule as Rule | undefined;
  const fault = typeof rule === "function" ? rule(name, spelling) : rule;
  const { must, hint, got } = fault ?? { must: "is not valid", hint: "correct it and run the command again" };
  // In a list the value says better than its number which one it is.
  const place = got !== undefined && inner.length === 1 && /^\d+$/.test(inner[0] ?? "") ? [] : inner;
  return usageError(`${[name, ...place].join(".")} ${must}${got === undefined ? "" : `; got ${got}`}`, hint, name);
}

/** A fresh key for one write: a UUIDv4. */
export function newIdempotencyKey(): string {
  return v4();
}

/** True for the methods that carry an Idempotency-Key header. @internal */
export function takesIdempotencyKey(method: Method): boolean {
  return method === "POST" || method === "PUT" || method === "PATCH";
}

/**
 * Returns a key that the user chose, or throws a usage error: it has to travel in a header as it is.
 * @param name what the user calls it
 * @internal
 */
export function checkIdempotencyKey(key: string, name = "idempotencyKey"): string {
  if (/^[\x21-\x7e]{1,255}$/.test(key)) return key;
  throw usageError(
    `${name} must be 1 to 255 visible ASCII characters, without spaces`,
    "use a key such as refund/run-42, and the same one each time you repeat the same request",
    name,
  );
}
