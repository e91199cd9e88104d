/**
 * The fields that the OpenAPI file lists for the items of a response, so that a misspelt name of `--columns` is found before
 * anything is sent. Loading this module loads that file, so it is imported only for that.
 */
import document from "../../spec/atoa-openapi.yaml";

interface Schema {
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly allOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
}

interface Response {
  readonly $ref?: string;
  readonly content?: { readonly "application/json"?: { readonly schema?: Schema } };
}

interface Specification {
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, { operationId?: string; responses?: Record<string, Response> }>>>
  >;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

const specification = document as Specification;

/** The file has guesses only about these items: what the server sends decides. */
const guessed = new Set(["listPayouts", "listWebhooks"]);

export interface ListedFields {
  /** Dotted paths, parents before what is inside them. */
  readonly names: readonly string[];
  /** Paths of objects whose fields are not listed: anything may be inside. */
  readonly open: readonly string[];
}

/** What is listed for the items of an operation's response; undefined where nothing is. */
export function listedFields(operationId: string): ListedFields | undefined {
  if (guessed.has(operationId)) return undefined;
  const operation = Object.values(specification.paths)
    .flatMap((methods) => Object.values(methods))
    .find((one) => one.operationId === operationId);
  const response = Object.entries(operation?.responses ?? {}).find(([status]) => status.startsWith("2"))?.[1];
  const schema = response?.content?.["application/json"]?.schema;
  if (schema === undefined) return undefined;
  const names: string[] = [];
  const open: string[] = [];
  collect(itemOf(schema), "", names, open, 0);
  return names.length === 0 ? undefined : { names, open };
}

/** The schema of an item: of an array, of the list in an envelope, or of the one value. */
function itemOf(schema: Schema): Schema {
  const whole = resolved(schema);
  if (whole.items !== undefined) return whole.items;
  return resolved(fieldsOf(whole).data ?? {}).items ?? whole;
}

function collect(schema: Schema, prefix: string, names: string[], open: string[], depth: number): void {
  const fields = Object.entries(fieldsOf(schema));
  for (const [name, field] of fields) {
    const path = prefix + name;
    names.push(path);
    if (Object.keys(fieldsOf(field)).length > 0 && depth < 5) collect(field, `${path}.`, names, open, depth + 1);
    else open.push(path);
  }
}

function fieldsOf(schema: Schema): Readonly<Record<string, Schema>> {
  const { properties, allOf, oneOf, anyOf } = resolved(schema);
  const parts = [...(allOf ?? []), ...(oneOf ?? []), ...(anyOf ?? [])].map(fieldsOf);
  return Object.assign({}, ...parts, properties);
}

function resolved(schema: Schema): Schema {
  const name = schema.$ref?.split("/").at(-1);
  return name === undefined ? schema : resolved(specification.components.schemas[name] ?? {});
}
