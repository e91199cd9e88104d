/** The OpenAPI file as the tests of the table and of the schemas read it. */
import { readFileSync } from "node:fs";
import { load } from "js-yaml";

export interface Schema {
  $ref?: string;
  type?: string | string[];
  required?: string[];
  properties?: Record<string, Schema>;
  items?: Schema;
  allOf?: Schema[];
  enum?: string[];
  format?: string;
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  minimum?: number;
  exclusiveMinimum?: number;
  "x-evidence"?: string;
  "x-evidence-note"?: string;
}

interface Parameter {
  $ref?: string;
  name: string;
  in: string;
  required?: boolean;
  schema: Schema;
}

interface ApiOperation {
  operationId: string;
  /** Documented, and reached by `atoa get` and its sisters only. */
  "x-beyond-cli"?: boolean;
  parameters?: Parameter[];
  requestBody?: { required?: boolean; content: { "application/json": { schema: Schema; example: unknown } } };
  responses: Record<string, { content?: { "application/json"?: { schema?: Schema; example?: unknown } } }>;
}

interface Document {
  paths: Record<string, Record<string, ApiOperation>>;
  components: { schemas: Record<string, Schema>; parameters: Record<string, Parameter> };
}

export const specification = load(
  readFileSync(new URL("../../../spec/atoa-openapi.yaml", import.meta.url), "utf8"),
) as Document;

export interface SpecifiedOperation {
  id: string;
  method: string;
  path: string;
  parameters: Parameter[];
  bodyRequired: boolean | undefined;
  bodySchema: Schema | undefined;
  bodyExample: unknown;
}

function resolveParameter(parameter: Parameter): Parameter {
  const name = parameter.$ref?.split("/").pop();
  return name === undefined ? parameter : (specification.components.parameters[name] ?? parameter);
}

export function resolveSchema(schema: Schema): Schema {
  const name = schema.$ref?.split("/").pop();
  const resolved = name === undefined ? schema : specification.components.schemas[name];
  if (resolved === undefined) throw new Error(`the file has no ${schema.$ref}`);
  if (resolved.allOf === undefined) return resolved;
  const parts = [...resolved.allOf.map(resolveSchema), resolved];
  return {
    ...Object.assign({}, ...parts),
    required: parts.flatMap((part) => part.required ?? []),
    properties: Object.assign({}, ...parts.map((part) => part.properties ?? {})),
  };
}

/** The operations that have a command. */
export const specified: SpecifiedOperation[] = operationsOf((operation) => operation["x-beyond-cli"] !== true);
/** The others, which the emulator has all the same. */
export const beyond: SpecifiedOperation[] = operationsOf((operation) => operation["x-beyond-cli"] === true);

function operationsOf(wanted: (operation: ApiOperation) => boolean): SpecifiedOperation[] {
  const all = Object.entries(specification.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  return all
    .filter(({ operation }) => wanted(operation))
    .map(({ path, method, operation }) => {
      const body = operation.requestBody?.content["application/json"];
      return {
        id: operation.operationId,
        method: method.toUpperCase(),
        path,
        parameters: (operation.parameters ?? []).map(resolveParameter),
        bodyRequired: operation.requestBody === undefined ? undefined : operation.requestBody.required === true,
        bodySchema: body?.schema,
        bodyExample: body?.example,
      };
    });
}
