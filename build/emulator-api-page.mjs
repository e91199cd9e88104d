// @ts-check
/** The reference of the emulator's control API, made from its OpenAPI file. */
import { readFileSync } from "node:fs";
import { load } from "js-yaml";

/**
 * @typedef {{ $ref?: string, type?: string | string[], enum?: string[], const?: unknown, description?: string, required?: string[],
 *   properties?: Record<string, Schema>, items?: Schema, oneOf?: Schema[] }} Schema
 * @typedef {{ content: Record<string, { schema: Schema }> }} Content
 * @typedef {{ name: string, in: string, schema: Schema }} Parameter
 * @typedef {{ summary: string, parameters?: Parameter[], requestBody?: Content, responses: Record<string, { $ref: string }> }} Operation
 * @typedef {{ info: { description: string }, paths: Record<string, Record<string, Operation>>,
 *   components: { schemas: Record<string, Schema>, responses: Record<string, Content & { description: string }> } }} OpenApi
 */

/** @param {string} root the project @returns {string} docs/emulator-api.md */
export function emulatorApiPage(root) {
  const file = /** @type {OpenApi} */ (load(readFileSync(`${root}/spec/emulator-openapi.yaml`, "utf8")));
  const { schemas, responses } = file.components;
  const operations = Object.entries(file.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => section(path, method, operation, responses)),
  );
  const bodySchemas = Object.values(file.paths).flatMap((methods) =>
    Object.values(methods).map((one) => one.requestBody),
  );
  const sent = new Set([...JSON.stringify(bodySchemas).matchAll(/schemas\/(\w+)/g)].map(([, name]) => name));
  const shown = Object.entries(schemas).filter(([, { properties }]) => properties !== undefined);
  return `${[
    "# Control API of the emulator",
    "<!-- Made from spec/emulator-openapi.yaml by `npm run docs`; changes here are lost. -->",
    `${file.info.description} [The emulator](emulator.md) has examples.`,
    ...operations,
    "## Objects",
    ...shown.map(([name, schema]) => [`### ${name}`, fields(schema, sent.has(name))].join("\n\n")),
    "### Values",
    table(
      ["name", "values"],
      Object.entries(schemas).flatMap(([name, { enum: values }]) =>
        values ? [[name, values.map(code).join(", ")]] : [],
      ),
    ),
  ].join("\n\n")}\n`;
}

/** @param {string} path @param {string} method @param {Operation} operation @param {OpenApi["components"]["responses"]} responses */
function section(path, method, { summary, parameters = [], requestBody, responses: own }, responses) {
  const query = parameters.filter((parameter) => parameter.in === "query");
  const answer = responses[nameOf(own["200"]?.$ref)];
  return [
    `## ${method.toUpperCase()} /__emulator${path.replace(/\/$/, "")}`,
    `${summary}.`,
    ...(query.length === 0
      ? []
      : [
          table(
            ["query", ""],
            query.map(({ name, schema }) => [code(name), kind(schema)]),
          ),
        ]),
    ...(requestBody === undefined ? [] : bodies(requestBody)),
    `Responds with ${kind(answer?.content["application/json"]?.schema ?? {})}.`,
  ].join("\n\n");
}

/** @param {Content} body */
function bodies({ content }) {
  const { schema = {} } = content["application/json"] ?? {};
  if (nameOf(schema.$ref) === "Nothing") return ["No body."];
  const alone = schema.properties !== undefined ? [fields(schema)] : [`Body: ${kind(schema)}.`];
  return content["text/plain"] === undefined ? alone : [...alone, "Also as text, one a line."];
}

/** @param {Schema} schema @param {boolean} [sent] whether callers send it: only then it matters what is required */
function fields({ properties = {}, required = [] }, sent = true) {
  const rows = Object.entries(properties).map(([name, schema]) => [
    code(name),
    [kind(schema), sent && required.includes(name) ? "required" : "", schema.description ?? ""]
      .filter(Boolean)
      .join("; "),
  ]);
  return table(["field", ""], rows);
}

/** What a value is, in words. @param {Schema} schema @returns {string} */
function kind(schema) {
  if (schema.$ref !== undefined) return `[${nameOf(schema.$ref)}](#${anchor(schema.$ref)})`;
  if (schema.oneOf !== undefined) return schema.oneOf.map(kind).join(" or ");
  if (schema.const !== undefined) return code(String(schema.const));
  if (schema.enum !== undefined) return schema.enum.map(code).join(", ");
  const types = [schema.type ?? "anything"].flat();
  if (types[0] === "array") return `a list of ${kind(schema.items ?? {})}${types.includes("null") ? " or null" : ""}`;
  if (schema.properties !== undefined && types.length === 1) return Object.keys(schema.properties).map(code).join(", ");
  return types.join(" or ");
}

/** @param {string} [ref] */
const nameOf = (ref = "") => ref.split("/").at(-1) ?? "";
/** @param {string} text */
const code = (text) => `\`${text}\``;

const enums = new Set(["Environment", "PaymentMethod", "PaymentStatus", "RefundStatus", "WebhookEvent", "FaultKind"]);
/** @param {string} ref */
const anchor = (ref) => (enums.has(nameOf(ref)) ? "values" : nameOf(ref).toLowerCase());

/** @param {string[]} head @param {string[][]} rows */
function table(head, rows) {
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.map(cell).join(" | ")} |`).join("\n");
}

/** @param {string} text */
const cell = (text) => text.replaceAll("|", "\\|");
