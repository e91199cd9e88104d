import { v4 } from "uuid";
import type { Calendar } from "../dates";
import { type AtoaError, usageError } from "../errors";
import { isRecord, type JsonValue } from "../json";
import type { Method, Operation, PagedOperation } from "./operations";
import type { Rule, Spelling } from "./schemas/fields";

/**
 * From a call to one resolved request. Pure: nothing is read and nothing is sent, so a dry run ends here and cannot
 * differ from a real run.
 */

/** Text form of each query parameter; a list repeats its parameter. */
export type Query = Readonly<Record<string, string | readonly string[]>>;

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
export const defaultPage = 0;
export const defaultPageSize = 20;

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
  { spelling = asIs, calendar = { now: new Date() } }: ResolveOptions,
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

/** The Idempotency-Key of a request: the user's own, checked, else a fresh one. */
export function keyFor(
  method: Method,
  { idempotencyKey, spelling = asIs }: ResolveOptions,
): { idempotencyKey?: string } {
  if (!takesIdempotencyKey(method)) return {};
  if (idempotencyKey === undefined) return { idempotencyKey: newId() };
  return { idempotencyKey: checkIdempotencyKey(idempotencyKey, spelling("idempotencyKey")) };
}

/** The spelling of callers that use the API's own names. */
export function asIs(field: string): string {
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

/** An id as a segment of a path. @throws a usage error for one that would change the path */
export function encodePathId(value: unknown, field: string): string {
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

interface Issue {
  readonly code?: string;
  readonly path: readonly PropertyKey[];
  readonly keys?: readonly string[];
  /** Where schemas/fields.ts keeps the rule that is broken. */
  readonly params?: Readonly<Record<string, unknown>> | undefined;
}

/** Turns one zod issue into an error. */
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

/** A fresh UUIDv4: the key of one write, the id of one request. */
export function newId(): string {
  // Without bytes, uuid asks Web Crypto, which takes longer to load than all the rest of this file.
  return v4({ random: process.getBuiltinModule("node:crypto").randomBytes(16) });
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
