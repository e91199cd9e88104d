import type { ErrorObject, ValidateFunction } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import document from "../../../spec/atoa-openapi.yaml";

/** The OpenAPI file as operations and lazily compiled checks. Nothing here knows the CLI's own schemas, on purpose. */

interface Parameter {
  name: string;
  in: "path" | "query" | "header";
  required?: boolean;
  schema: Record<string, unknown>;
}

interface OperationObject {
  operationId: string;
  security?: Record<string, unknown>[];
  parameters?: (Parameter | { $ref: string })[];
  requestBody?: { required?: boolean };
  responses: Record<string, { $ref?: string }>;
}

interface OpenApi {
  paths: Record<string, Record<string, OperationObject>>;
  webhooks: Record<string, unknown>;
}

/** One operation of the file. */
export interface ApiOperation {
  readonly id: string;
  /** Upper case. */
  readonly method: string;
  /** With {braces}, as in the file. */
  readonly path: string;
  readonly parameters: readonly Parameter[];
  readonly takesBody: boolean;
  readonly bodyRequired: boolean;
  /** Whether it may be called without any token. */
  readonly tokenOptional: boolean;
  /** Statuses that the file names for it. */
  readonly statuses: readonly string[];
}

export const openApi = document as OpenApi;

/** JSON pointer to a place in the file, for ajv. */
function pointer(...parts: readonly string[]): { $ref: string } {
  const escaped = parts.map((part) => encodeURIComponent(part.replaceAll("~", "~0").replaceAll("/", "~1")));
  return { $ref: `atoa#/${escaped.join("/")}` };
}

function resolve<T>(node: T | { $ref: string }): T {
  if (!(typeof node === "object" && node !== null && "$ref" in node && typeof node.$ref === "string")) return node as T;
  let target: unknown = openApi;
  for (const part of node.$ref.slice(2).split("/")) target = (target as Record<string, unknown>)[part];
  return target as T;
}

/** Every operation of the file, in its order. */
export const apiOperations: readonly ApiOperation[] = Object.entries(openApi.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({
    id: operation.operationId,
    method: method.toUpperCase(),
    path,
    parameters: (operation.parameters ?? []).map((parameter) => resolve<Parameter>(parameter)),
    takesBody: operation.requestBody !== undefined,
    bodyRequired: operation.requestBody?.required === true,
    tokenOptional: operation.security?.some((scheme) => Object.keys(scheme).length === 0) === true,
    statuses: Object.keys(operation.responses),
  })),
);

/** Ids of requests may also be written the short way of the README: `cust_123`. */
const uuidOrAlias = /^(?:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|[a-z]{2,8}_[A-Za-z0-9]{1,64})$/i;

function createAjv(options: { coerce: boolean; aliases: boolean }): Ajv2020 {
  const ajv = new Ajv2020({ strict: false, validateSchema: false, coerceTypes: options.coerce, addUsedSchema: false });
  addFormats.default(ajv, ["uuid", "email", "uri", "date", "date-time"]);
  if (options.aliases) ajv.addFormat("uuid", uuidOrAlias);
  ajv.addSchema(openApi, "atoa");
  return ajv;
}

function lazily<T>(make: () => T): () => T {
  let value: T | undefined;
  return () => {
    value ??= make();
    return value;
  };
}

const bodyAjv = lazily(() => createAjv({ coerce: false, aliases: true }));
const queryAjv = lazily(() => createAjv({ coerce: true, aliases: true }));
const answerAjv = lazily(() => createAjv({ coerce: false, aliases: false }));
const compiled = new Map<string, ValidateFunction>();

function check(key: string, compile: () => ValidateFunction): ValidateFunction {
  let validate = compiled.get(key);
  if (validate === undefined) {
    validate = compile();
    compiled.set(key, validate);
  }
  return validate;
}

/**
 * Checks a request body by the file.
 * @returns what is wrong with it, in words, or undefined
 */
export function bodyProblem(operation: ApiOperation, body: unknown): string | undefined {
  const validate = check(`body ${operation.id}`, () =>
    bodyAjv().compile(
      pointer(
        "paths",
        operation.path,
        operation.method.toLowerCase(),
        "requestBody",
        "content",
        "application/json",
        "schema",
      ),
    ),
  );
  return validate(body) ? undefined : inWords(validate.errors, "body");
}

/**
 * Checks query parameters by the file, turns text into numbers where it says so and fills defaults in.
 * @returns what is wrong, in words, or undefined
 */
export function queryProblem(operation: ApiOperation, query: Record<string, unknown>): string | undefined {
  const parameters = operation.parameters.filter((parameter) => parameter.in === "query");
  if (parameters.length === 0) return undefined;
  const validate = check(`query ${operation.id}`, () =>
    queryAjv().compile({
      type: "object",
      properties: Object.fromEntries(parameters.map((parameter) => [parameter.name, parameter.schema])),
      required: parameters.filter((parameter) => parameter.required).map((parameter) => parameter.name),
    }),
  );
  for (const { name, schema } of parameters) {
    if (query[name] === undefined && schema.default !== undefined) query[name] = schema.default;
  }
  return validate(query) ? undefined : inWords(validate.errors, "query");
}

/**
 * Checks an answer by the file; for tests and for the emulator's own self-check.
 * @returns what is wrong, in words, or undefined
 */
export function answerProblem(operation: ApiOperation, status: number, body: unknown): string | undefined {
  const method = operation.method.toLowerCase();
  const response = openApi.paths[operation.path]?.[method]?.responses[String(status)];
  if (response === undefined) return `status ${status} is not in the file for ${operation.id}`;
  const place = response.$ref?.slice(2).split("/") ?? ["paths", operation.path, method, "responses", String(status)];
  const validate = check(`answer ${operation.id} ${status}`, () =>
    answerAjv().compile(pointer(...place, "content", "application/json", "schema")),
  );
  return validate(body) ? undefined : inWords(validate.errors, "answer");
}

/** Checks the body of a webhook delivery by the file, the same way. */
export function deliveryProblem(event: string, body: unknown): string | undefined {
  const validate = check(`delivery ${event}`, () =>
    answerAjv().compile(pointer("webhooks", event, "post", "requestBody", "content", "application/json", "schema")),
  );
  return validate(body) ? undefined : inWords(validate.errors, "delivery");
}

/** The first complaint as a sentence. It names fields and limits, and never repeats a value: it may be a secret. */
function inWords(errors: readonly ErrorObject[] | null | undefined, whole: string): string {
  const error = errors?.[0];
  if (error === undefined) return `${whole} is not valid`;
  const field = error.instancePath.slice(1).replaceAll("/", ".");
  const params = error.params as Record<string, unknown>;
  const child = (name: unknown): string => (field === "" ? String(name) : `${field}.${String(name)}`);
  switch (error.keyword) {
    case "required":
      return `${child(params.missingProperty)} is required`;
    case "additionalProperties":
      return `${child(params.additionalProperty)} is not a known field`;
    case "enum":
      return `${field} must be one of ${(params.allowedValues as unknown[]).join(", ")}`;
    case "const":
      return `${field} must be ${String(params.allowedValue)}`;
    default:
      return `${field === "" ? whole : field} ${error.message ?? "is not valid"}`;
  }
}
