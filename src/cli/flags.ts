import { Args, Flags, type Interfaces } from "@oclif/core";
import type { Spelling } from "../api/schemas/fields";
import { environments } from "../environments";
import { usageError } from "../errors";
import { type Format, formats } from "../terminal/output";
import { matchingValue, quoted } from "../text";

/**
 * The flags of the program, one maker a kind, so that a name means one thing everywhere. A flag or argument says which field
 * of the operation's input it fills; that is read at the end of this file, once for the way in and once for the words of an
 * error.
 */

const group = "GLOBAL";

function defaultFormat(text: string | undefined): Format {
  if (text === undefined || text === "") return "json";
  const format = matchingValue(formats, text);
  if (format !== undefined) return format;
  throw usageError(`ATOA_OUTPUT must be one of ${formats.join(", ")}; got ${quoted(text)}`, "correct it, or unset it");
}

/** The globals of every resource command. */
export const globalFlags = {
  env: Flags.option({ options: environments })({
    summary: "Sandbox or production; default: the profile's.",
    helpGroup: group,
  }),
  output: Flags.option({ options: formats })({
    summary: `One of ${formats.join(", ")}; default: json.`,
    default: async () => defaultFormat(process.env.ATOA_OUTPUT),
    noCacheDefault: true,
    charAliases: ["o"],
    helpGroup: group,
  }),
  columns: Flags.string({
    summary: "Fields to show, in order, such as orderId,store.id.",
    helpValue: "<a,b.c,…>",
    helpGroup: group,
  }),
  query: Flags.string({
    summary: "JMESPath expression to apply to the response.",
    helpValue: "<JMESPath>",
    helpGroup: group,
  }),
  out: Flags.string({
    summary: "Write the output to a file, all or nothing.",
    helpValue: "<file>",
    helpGroup: group,
  }),
  verbose: Flags.boolean({ summary: "Show each request on stderr, with the token redacted.", helpGroup: group }),
  dryRun: Flags.boolean({ summary: "Print the request instead of sending it.", helpGroup: group }),
  yes: Flags.boolean({ summary: "Skip the confirmation prompt; required in scripts.", helpGroup: group }),
  errors: Flags.option({ options: ["text", "json"] as const })({
    // Read by main before all other flags, so that their errors have this format too.
    summary: "Format of errors and notices; default: text.",
    helpGroup: group,
  }),
  profile: Flags.string({
    summary: "Profile; default: ATOA_PROFILE, then the active one.",
    helpGroup: group,
  }),
};

export const outputFlag = { output: globalFlags.output };
export const yesFlag = { yes: globalFlags.yes };
export const dryRunFlag = {
  dryRun: Flags.boolean({ summary: "Show what would change without changing it.", helpGroup: group }),
};

/** The values of a flag or argument, for help and completion; the schemas are what checks them. @internal */
export interface Listed {
  /** Every value that is taken. */
  readonly values?: readonly string[] | undefined;
  /** Values that are known, where others are taken as well. */
  readonly known?: readonly string[] | undefined;
  /** Set where several may stand, separated by commas. */
  readonly list?: true | undefined;
}

/** What a flag of text says of itself. */
interface TextOptions<Name extends string | true> extends Listed {
  readonly summary: string;
  /** API field that it fills, where that is called otherwise. */
  readonly field?: Name;
  readonly helpValue?: string;
  readonly default?: string;
  /** Other spellings that are understood; help does not show them. */
  readonly aliases?: string[];
}

/** What a flag or argument says of the field that it fills. */
export interface Filling<Name extends string | true, Value> {
  /** The API's name of the field, or `true` where the flag is called alike. */
  readonly field: Name;
  /** Set where `@path` stands for the text of a file and `-` for that of stdin. */
  readonly fromFile?: true;
  /** Never set: the type of what oclif parses, which it does not tell of a flag with properties of its own. */
  readonly parsed?: Value;
}

type TextFlag<Value, Name extends string | true> = Interfaces.OptionFlag<Value> & Filling<Name, Value>;

/**
 * A flag that fills a field of the operation's input. It carries what was typed; the operation's schema turns it into
 * what is sent and says what is wrong with it.
 */
export function text<const Name extends string | true = true>(
  options: TextOptions<Name> & { required: true },
): TextFlag<string, Name>;
export function text<const Name extends string | true = true>(
  options: TextOptions<Name>,
): TextFlag<string | undefined, Name>;
export function text({ field = true, values, known, list, ...options }: TextOptions<string | true>): object {
  const summary = options.summary + (list ? oneOf(values).replace("One", "Any") : oneOf(values));
  const helpValue = list ? { helpValue: "<a,b,…>" } : {};
  return Object.assign(Flags.string({ ...helpValue, ...options, summary }), { field, values, known, list });
}

function oneOf(values: readonly string[] | undefined): string {
  return values === undefined ? "" : ` One of ${values.join(", ")}.`;
}

/** A switch that fills a field: --name, and --no-name for false. */
export function toggle(options: {
  summary: string;
}): Interfaces.BooleanFlag<boolean> & Filling<true, boolean | undefined> {
  return Object.assign(Flags.boolean({ ...options, allowNo: true }), { field: true } as const);
}

/** JSON: inline, from @file or from stdin as -. */
export function json<const Name extends string | true = true>(
  options: Pick<TextOptions<Name>, "summary" | "field">,
): TextFlag<string | undefined, Name> {
  return Object.assign(text({ ...options, helpValue: "<json|@file|->" }), { fromFile: true as const });
}

/** For writes that a caller may repeat: the same key makes the server do it once. */
export const idempotencyKeyFlag = {
  idempotencyKey: Flags.string({ summary: "Requests with one key run once; default: a UUID." }),
};

/** The customer whose saved cards are meant. */
export const customerFlag = {
  customer: text({ summary: "Customer the card belongs to.", required: true, field: "id" }),
};

/** Summaries of the flags of a range of days. */
export const firstDay = "First day: YYYY-MM-DD, today, 7d (seven days ago), 2026-01, last-month.";
export const lastDay = "Last day, in the same formats.";

const sizeNames = ["size", "limit", "itemsPerPage"] as const;

/** For lists: one page, or all of them as one flat list. `size` is the API's own name of the page size. */
export function pagingFlags<const Size extends (typeof sizeNames)[number]>(size: Size) {
  const sizeFlag = text({
    summary: "Items per page.",
    helpValue: "<number>",
    default: "20",
    aliases: sizeNames.filter((name) => name !== size && name !== "itemsPerPage"),
  });
  return {
    page: text({ summary: "Page to fetch, starting at 0.", helpValue: "<number>", default: "0" }),
    // The one computed key: TypeScript would take it for any string.
    ...({ [size]: sizeFlag } as Record<Size, typeof sizeFlag>),
    pageAll: Flags.boolean({ summary: "Fetch every page and print one flat list." }),
  };
}

/** A TCP port, 0 to 65535. */
export function portNumber(options: { summary: string; default: number }) {
  return Flags.custom<number>({
    summary: options.summary,
    default: options.default,
    helpValue: "<number>",
    parse: async (text, _context, flag) => {
      const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
      if (port <= 65_535) return port;
      throw usageError(
        `--${flag.name} must be a port from 0 to 65535`,
        `for example: --${flag.name} 4010`,
        `--${flag.name}`,
      );
    },
  })();
}

/** An id in a path. Required; never read from stdin, because a program that waits for nothing looks hung. */
export function id<const Name extends string | true = true>(description: string, field?: Name) {
  return argument({ description, ...(field === undefined ? {} : { field }) });
}

/** A required argument that fills a field of the operation's input. */
export function argument<const Name extends string | true = true>(options: {
  description: string;
  field?: Name;
  values?: readonly string[];
}): Interfaces.Arg<string> & Filling<Name, string> {
  const { description, field = true, values } = options;
  return Object.assign(Args.string({ description: description + oneOf(values), required: true, ignoreStdin: true }), {
    // Left out, it is true, which is also what Name then is.
    field: field as Name,
    values,
  });
}

/** The path of get, post and delete. */
export const pathArg = {
  path: Args.string({
    description: "API path, starting with /.",
    required: true,
    ignoreStdin: true,
  }),
};

/** What to do about a 404 for such a path. */
export const pathAdvice = "check the path, the ids in it and the environment (--env)";

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
