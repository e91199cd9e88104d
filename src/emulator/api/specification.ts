import type { ErrorObject, ValidateFunction } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

/** An OpenAPI file as operations and lazily compiled checks. Nothing here knows the CLI's own schemas, on purpose. */

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

export interface OpenApi {
  paths: Record<string, Record<string, OperationObject>>;
  webhooks?: Record<string, unknown>;
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

/** Ids of requests may also be written the short way of the README: `cust_123`. */
const uuidOrAlias = /^(?:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|[a-z]{2,8}_[A-Za-z0-9]{1,64})$/i;

/** One file. Checks are compiled when they are first used. */
export class Specification {
  readonly openApi: OpenApi;
  /** Every operation of the file, in its order. */
  readonly operations: readonly ApiOperation[];
  readonly #ajvs = new Map<string, Ajv2020>();
  readonly #compiled = new Map<string, ValidateFunction>();

  constructor(document: unknown) {
    this.openApi = document as OpenApi;
    this.operations = Object.entries(this.openApi.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({
        id: operation.operationId,
        method: method.toUpperCase(),
        path,
        parameters: (operation.parameters ?? []).map((parameter) => this.#resolve<Parameter>(parameter)),
        takesBody: operation.requestBody !== undefined,
        bodyRequired: operation.requestBody?.required === true,
        tokenOptional: operation.security?.some((scheme) => Object.keys(scheme).length === 0) === true,
        statuses: Object.keys(operation.responses),
      })),
    );
  }

  /**
   * Checks a request body by the file.
   * @param strict whether a field that the file does not name is wrong, where the file leaves that open
   * @returns what is wrong with it, in words, or undefined
   */
  bodyProblem({ id, path, method }: ApiOperation, body: unknown, strict = false): string | undefined {
    const place = ["paths", path, method.toLowerCase(), "requestBody", "content", "application/json", "schema"];
    const validate = this.#check(`body ${id}`, "body", () => pointer(...place));
    if (!validate(body)) return inWords(validate.errors, "body");
    if (!strict || typeof body !== "object" || body === null) return undefined;
    const known = this.#fieldsOf(
      place.reduce((node: unknown, part) => (node as Record<string, unknown>)[part], this.openApi),
    );
    const stranger = Object.keys(body).find((name) => !known.has(name));
    return stranger === undefined ? undefined : `${stranger} is not a known field`;
  }

  /**
   * Checks query parameters by the file, turns text into numbers where it says so and fills defaults in.
   * @param strict whether a parameter that the file does not name is wrong
   * @returns what is wrong, in words, or undefined
   */
  queryProblem(operation: ApiOperation, query: Record<string, unknown>, strict = false): string | undefined {
    const parameters = operation.parameters.filter((parameter) => parameter.in === "query");
    const stranger = Object.keys(query).find((name) => !parameters.some((parameter) => parameter.name === name));
    if (strict && stranger !== undefined) return `${stranger} is not a known query parameter`;
    if (parameters.length === 0) return undefined;
    const validate = this.#check(`query ${operation.id}`, "query", () => ({
      type: "object",
      properties: Object.fromEntries(parameters.map(({ name, schema }) => [name, inFile(schema)])),
      required: parameters.filter(({ required }) => required).map(({ name }) => name),
    }));
    for (const { name, schema } of parameters) {
      if (query[name] === undefined && schema.default !== undefined) query[name] = schema.default;
    }
    if (!validate(query)) return inWords(validate.errors, "query");
    // 1e309 becomes a number that no page has.
    const endless = Object.entries(query).find(
      ([, value]) => typeof value === "number" && !Number.isSafeInteger(value),
    );
    return endless === undefined ? undefined : `${endless[0]} is too large`;
  }

  /**
   * Checks an answer by the file.
   * @returns what is wrong, in words, or undefined
   */
  answerProblem(operation: ApiOperation, status: number, body: unknown): string | undefined {
    const method = operation.method.toLowerCase();
    const response =
      this.openApi.paths[operation.path]?.[method]?.responses[String(status)] ??
      this.openApi.paths[operation.path]?.[method]?.responses.default;
    if (response === undefined) return `status ${status} is not in the file for ${operation.id}`;
    const place = response.$ref?.slice(2).split("/") ?? ["paths", operation.path, method, "responses", String(status)];
    const validate = this.#check(`answer ${operation.id} ${status}`, "answer", () =>
      pointer(...place, "content", "application/json", "schema"),
    );
    return validate(body) ? undefined : inWords(validate.errors, "answer");
  }

  /** Checks the body of a webhook delivery by the file, the same way. */
  deliveryProblem(event: string, body: unknown): string | undefined {
    const validate = this.#check(`delivery ${event}`, "answer", () =>
      pointer("webhooks", event, "post", "requestBody", "content", "application/json", "schema"),
    );
    return validate(body) ? undefined : inWords(validate.errors, "delivery");
  }

  /** The names of fields that a schema knows, its alternatives included. */
  #fieldsOf(schema: unknown): Set<string> {
    const node = this.#resolve(schema as Record<string, unknown>);
    const parts = ["allOf", "anyOf", "oneOf"].flatMap((word) => (node[word] as unknown[] | undefined) ?? []);
    return new Set([...Object.keys(node.properties ?? {}), ...parts.flatMap((part) => [...this.#fieldsOf(part)])]);
  }

  #resolve<T>(node: T | { $ref: string }): T {
    if (!(typeof node === "object" && node !== null && "$ref" in node && typeof node.$ref === "string"))
      return node as T;
    let target: unknown = this.openApi;
    for (const part of node.$ref.slice(2).split("/")) target = (target as Record<string, unknown>)[part];
    return target as T;
  }

  #check(key: string, use: "body" | "query" | "answer", schema: () => object): ValidateFunction {
    let validate = this.#compiled.get(key);
    if (validate === undefined) {
      validate = this.#ajv(use).compile(schema());
      this.#compiled.set(key, validate);
    }
    return validate;
  }

  #ajv(use: "body" | "query" | "answer"): Ajv2020 {
    let ajv = this.#ajvs.get(use);
    if (ajv === undefined) {
      const coerceTypes = use === "query";
      ajv = new Ajv2020({ strict: false, validateSchema: false, coerceTypes, addUsedSchema: false });
      addFormats.default(ajv, ["uuid", "email", "uri", "date", "date-time"]);
      if (use !== "answer") ajv.addFormat("uuid", uuidOrAlias);
      ajv.addSchema(this.openApi, "file");
      this.#ajvs.set(use, ajv);
    }
    return ajv;
  }
}

/** A schema that refers to others, read from outside of the file. */
function inFile(schema: Record<string, unknown>): Record<string, unknown> {
  return typeof schema.$ref === "string" ? { $ref: `file${schema.$ref}` } : schema;
}

/** JSON pointer to a place in the file, for ajv. */
function pointer(...parts: readonly string[]): { $ref: string } {
  const escaped = parts.map((part) => encodeURIComponent(part.replaceAll("~", "~0").replaceAll("/", "~1")));
  return { $ref: `file#/${escaped.join("/")}` };
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
    case "format":
      return `${field} must be a ${params.format === "uri" ? "URL" : `valid ${String(params.format)}`}`;
    default:
      return `${field === "" ? whole : field} ${error.message ?? "is not valid"}`;
  }
}
