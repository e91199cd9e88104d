import type { Interfaces } from "@oclif/core";
import type { Spelling } from "../api/schemas/fields";
import { usageError } from "../errors";
import type { Filling } from "./flags";

/**
 * Between the flags and arguments of a command and the fields of its operation's input: each says which field it fills
 * (see flags.ts), and that is read here, once for the way in and once for the words of an error.
 */

/** Flags or arguments by name, some of which fill a field. */
export type Definitions = Readonly<Record<string, object>>;

/** What oclif makes of a flag or argument. */
type Parsed<Definition> =
  Definition extends Filling<string | true, infer Value>
    ? Value
    : Definition extends Interfaces.BooleanFlag<infer Value>
      ? Value
      : Definition extends Interfaces.OptionFlag<infer Value>
        ? Value
        : Definition extends Interfaces.Arg<infer Value>
          ? Value
          : never;

/** All of them, by the names that the user types. */
export type Values<Definitions> = { readonly [Name in keyof Definitions]: Parsed<Definitions[Name]> };

/** Those that fill a field, by the API's name of it. */
export type Fields<Definitions> = {
  readonly [Name in keyof Definitions as Definitions[Name] extends Filling<infer Field, unknown>
    ? Field extends string
      ? Field
      : Name
    : never]: Parsed<Definitions[Name]>;
};

/**
 * The input of an operation: what was typed in each flag and argument that fills a field of it, and what stands in the
 * files and on stdin that are named there.
 * @throws AtoaError kind usage when one of them cannot be read, or two flags want stdin
 */
export async function inputOf(
  definitions: Definitions,
  typed: Readonly<Record<string, unknown>>,
): Promise<Record<string, unknown>> {
  const fields = filling(definitions);
  const [first, second] = fields.filter(({ name, fromFile }) => fromFile && typed[name] === "-");
  if (first !== undefined && second !== undefined) {
    throw usageError(`--${first.name} and --${second.name} cannot both read stdin`, "pass one of them as @file");
  }
  const input: Record<string, unknown> = {};
  for (const { name, field, fromFile } of fields) {
    const value = typed[name];
    input[field] =
      fromFile && typeof value === "string" ? await (await import("./flag-text")).flagText(value, name) : value;
  }
  return input;
}

/** What the user calls a field of the input: --notes for refundNotes, <id> for an argument. */
export function spellingOf(flags: Definitions, args: Definitions): Spelling {
  const spelled = new Map([
    ["idempotencyKey", "--idempotencyKey"],
    ...Object.keys(args).map((name) => [name, `<${name}>`] as const),
    ...filling(flags).map(({ name, field }) => [field, `--${name}`] as const),
    ...filling(args).map(({ name, field }) => [field, `<${name}>`] as const),
  ]);
  return (field) => spelled.get(field) ?? field;
}

/**
 * What the server says of the input, in the user's words. A camelCase word is certain to be a field; of any other only
 * the first word before a verb is, as in "url must be https" or "status.0 must be one of …".
 */
export function inFlags(text: string, spelling: Spelling): string {
  return text
    .replace(/(?<![-\w])[a-z]+[A-Z]\w*/g, (word) => spelling(word))
    .replace(/^([a-z]+)(?:\.\d+)?(?= (?:must|should|is|has|needs)\b)/, (words, name: string) => {
      const spelled = spelling(name);
      return spelled === name ? words : spelled;
    });
}

function filling(definitions: Definitions): { name: string; field: string; fromFile: boolean }[] {
  return Object.entries(definitions).flatMap(([name, definition]) => {
    const { field, fromFile = false } = definition as Partial<Filling<string | true, unknown>>;
    return field === undefined ? [] : [{ name, field: field === true ? name : field, fromFile }];
  });
}
