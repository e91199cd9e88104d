/**
 * Building blocks of the input schemas, the law of what goes into a request. A field takes what was typed (text) or
 * what a program gives (numbers, lists, objects), turns it into what is sent, and says which rule it breaks.
 *
 * Only rules that the API documents are checked: what we merely suspect is left to the server.
 */
import * as z from "zod/mini";
import { isRecord, numberOf, parseJson } from "../../json";
import { matchingValue, quoted } from "../../text";

/** What the fields of an input are called where it was typed: amount → --amount. */
export type Spelling = (field: string) => string;

/** A broken rule: what the field must be, to stand after its name, and what to do about it. */
export interface Fault {
  readonly must: string;
  readonly hint: string;
  /** The value, to be repeated in the error. */
  readonly got?: string | undefined;
}

/** A fault, or how to word it once it is known what this field and others are called. */
export type Rule = Fault | ((own: string, spelled: Spelling) => Fault);

/** What a reader returns instead of a value. */
export class Broken {
  constructor(readonly rule: Rule) {}
}

function broken(must: string, hint: string): Broken {
  return new Broken({ must, hint });
}

/** A rule that repeats what was given, where that is one short thing. */
function refused(must: string, hint: string, value: unknown): Broken {
  return new Broken({ must, hint, got: shown(value) });
}

function shown(value: unknown): string | undefined {
  if (value === "" || typeof value === "object") return undefined;
  return typeof value === "string" ? quoted(value) : String(value);
}

/** The issue of a broken rule. zod hands `params` on as they are; `explainIssue` of request.ts words them. */
function issue(rule: Rule, path: string[] = []) {
  return { code: "custom" as const, message: "broken rule", params: { rule }, path, input: undefined };
}

/**
 * A field: `read` turns what was given into what `shape` knows, or says what is broken.
 * @param shape what comes out, for those who print the schema; the fields of an object and the items of a list
 * @param hint what to do when the field is missing
 */
export function field<In, Read, Out>(
  shape: z.ZodMiniType<Out, Read>,
  hint: string,
  read: (value: unknown) => Read | Broken,
) {
  const reader = z.transform<In, Read>((value, payload) => {
    const result = value === undefined ? broken("is missing", hint) : read(value);
    if (!(result instanceof Broken)) return result;
    payload.issues.push(issue(result.rule));
    return z.NEVER;
  });
  return z.pipe(reader, shape as z.ZodMiniType<Out, Awaited<Read>>);
}

/** Text that passes `test`. */
export function text(rule: Fault, test: (value: string) => boolean = () => true) {
  return field<string, string, string>(z.string(), rule.hint, (value) =>
    typeof value === "string" && test(value) ? value : refused(rule.must, rule.hint, value),
  );
}

/** Any text. */
export function anyText(example: string) {
  return text({ must: "must be a string", hint: `give text such as ${example}` });
}

/** Text of at least one character. */
export function someText(example: string) {
  return text({ must: "must not be empty", hint: `give text such as ${example}` }, (value) => value.length > 0);
}

/** Text of `least` to `most` characters, as a person counts them. */
export function sized(least: number, most: number, hint: string) {
  const must = least === 0 ? `must be at most ${most} characters` : `must be ${least} to ${most} characters`;
  return text({ must, hint }, (value) => length(value) >= least && length(value) <= most);
}

/** An id that stands in the path of the request. `.` and `..` would change the path even when encoded. */
export const pathId = text(
  { must: "must not be blank, . or ..", hint: "copy the id from the list or from the create response" },
  (value) => value.trim() !== "" && value !== "." && value !== "..",
);

const uuidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** Ids such as cust_123, which the documentation of the command line uses throughout. */
const prefixedIdPattern = /^[A-Za-z]+_[A-Za-z0-9_-]+$/;

/** An id that the API documents as a UUID. */
export const uuid = text(
  { must: "must be a UUID or an id with a prefix", hint: "copy the id from the list, for example cust_123" },
  (value) => uuidPattern.test(value) || prefixedIdPattern.test(value),
);

/** A URL; links into apps (shop://return) are URLs too. */
export const url = text(
  { must: "must be a complete URL", hint: "give a URL such as https://shop.example.com/return" },
  (value) => URL.canParse(value),
);

const emailPattern = /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)*$/;

export const email = text(
  { must: "must be an email address", hint: "give an address such as ada@example.com" },
  (value) => emailPattern.test(value),
);

/** Length in characters as a person counts them, not in UTF-16 units. */
export function length(value: string): number {
  return [...value].length;
}

function oneOfRule(values: readonly string[], value: unknown): Broken {
  return refused(`must be one of ${values.join(", ")}`, `choose one, for example ${values[0]}`, value);
}

/** One of a fixed list of values, typed in any letter case and sent in the API's spelling. */
export function oneOf<const Values extends readonly [string, ...string[]]>(values: Values) {
  return field<string, Values[number], Values[number]>(
    z.enum(values),
    `choose one, for example ${values[0]}`,
    (value) => {
      const found = typeof value === "string" ? matchingValue(values, value) : undefined;
      return found ?? oneOfRule(values, value);
    },
  );
}

/** A value of a list of which only some are known: those go out in the API's spelling, another one as it was typed. */
export function likeOneOf(values: readonly [string, ...string[]]) {
  return field<string, string, string>(z.string(), `give a value such as ${values[0]}`, (value) =>
    typeof value === "string" && value !== ""
      ? (matchingValue(values, value) ?? value)
      : refused("must not be empty", `give a value such as ${values[0]}`, value),
  );
}

/**
 * A list: typed with commas between its items, or given as one. Text without any item counts as left out; an empty
 * list that a program gives is refused, as the API does.
 */
export function list<In, Out>(item: z.ZodMiniType<Out, In>) {
  const rule = broken("must be a list with at least one item", "leave it out to mean all");
  const read = (value: unknown): In[] | undefined | Broken => {
    if (typeof value !== "string") return Array.isArray(value) && value.length > 0 ? value : rule;
    const items = commaSeparated(value);
    // An item is text here; whether it is the right text is for `item` to say.
    return items.length === 0 ? undefined : (items as In[]);
  };
  return z.optional(
    field<string | readonly In[], In[] | undefined, Out[] | undefined>(z.optional(z.array(item)), "", read),
  );
}

function commaSeparated(value: string): string[] {
  return value
    .split(",")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "");
}

/** Pounds, at least `minimum`: a number, or text that has one exact form in pounds and pence. */
export function pounds(minimum: number) {
  return field<string | number, number, number>(z.number(), "give an amount such as 10.05", (value) => {
    if (typeof value !== "string" && numberOf(value) === undefined) {
      return refused("must be a number of pounds", "give an amount such as 10.05", value);
    }
    const read = readPounds(String(value), minimum);
    return typeof read === "number" ? read : refused(read.must, read.hint, String(value));
  });
}

/** Pounds as a person writes them: up to nine digits, at most two decimals, no sign, no exponent. */
const poundsPattern = /^\d{1,9}(\.\d{1,2})?$/;

/** The largest amount that the pattern allows. */
const maximum = "999999999.99";

/**
 * The number of pounds in `text` (pounds, never pence: 10.05 is ten pounds and five pence), or why it is no amount of at
 * least `minimum`. Text is checked before it becomes a number, so nothing is rounded and nothing that looks falsy is dropped.
 */
function readPounds(text: string, minimum: number): number | Fault {
  const least = minimum.toFixed(2);
  const example = { hint: "give an amount such as 10.05" };
  if (poundsPattern.test(text)) {
    const amount = Number(text);
    return amount >= minimum ? amount : { must: `must be at least ${least}`, ...example };
  }
  if (text.trim() === "") return { must: "must not be empty", ...example };
  if (/^-[\d.,]/.test(text)) return { must: "must not be negative", hint: `give an amount of at least ${least}` };
  if (/\p{Sc}/u.test(text)) {
    return { must: "must be an amount without a currency sign", hint: "give pounds as a plain number, such as 10.05" };
  }
  if (/^\d[\d,.]*$/.test(text) && text.includes(",")) {
    return { must: "must be an amount without commas", hint: "a point separates the pence, such as 1234.50" };
  }
  if (/^\d{10,}(\.\d*)?$/.test(text)) {
    // More digits than the pattern allows; leading zeros do not make an amount large.
    return Number(text) < 1e9
      ? { must: "must have at most nine digits before the point", ...example }
      : { must: `must be at most ${maximum}`, ...example };
  }
  if (/^\d+\.\d{3,}$/.test(text)) return { must: "must have at most two decimals", ...example };
  return { must: "must be a number of pounds", ...example };
}

/** A whole number, at least `minimum`. */
function wholeNumber(minimum: number, example: number) {
  return counted(minimum, "a whole number", () => ({ hint: `give a number such as ${example}` }));
}

const unitsInMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, sec: 1000, m: 60_000, min: 60_000, h: 3_600_000 };

/** Milliseconds. Five minutes typed as 5m are refused with the number that was meant. */
export const milliseconds = counted(1, "a whole number of milliseconds", (value, own) => {
  const [, amount = "", unit = ""] = /^(\d{1,6}(?:\.\d{1,3})?)\s*(ms|s|sec|m|min|h)$/i.exec(value) ?? [];
  const meant = Number(amount) * (unitsInMs[unit.toLowerCase()] ?? 0);
  return meant >= 1 && Number.isInteger(meant)
    ? { hint: `for ${value}, give ${own} ${meant}` }
    : { hint: `for three minutes, give ${own} 180000` };
});

function counted(minimum: number, what: string, advice: (value: string, own: string) => Pick<Fault, "hint">) {
  const must = `must be ${what}, at least ${minimum}`;
  return field<string | number, number, number>(z.number(), `give ${what}`, (value) => {
    const typed = String(value);
    const number = /^\d{1,15}$/.test(typed) && typeof value !== "boolean" ? Number(typed) : Number.NaN;
    if (number >= minimum) return number;
    const tooLong = /^\d{16,}$/.test(typed);
    return new Broken((own) => ({
      must: tooLong ? "must be a number of at most 15 digits" : must,
      got: shown(value),
      ...advice(typed, own),
    }));
  });
}

export const flag = field<boolean, boolean, boolean>(z.boolean(), "give true or false", (value) =>
  typeof value === "boolean" ? value : refused("must be true or false", "give true or false", value),
);

/** A JSON object with any fields. */
export function anyObject(example: string) {
  return jsonObject(z.record(z.string(), z.unknown()), example);
}

/** A JSON object, as text or as one, whose fields `shape` knows. */
export function jsonObject<In, Out>(shape: z.ZodMiniType<Out, In>, example: string) {
  return json<In, In, Out>("an object", shape, example);
}

/** A JSON array, as text or as one. */
export function jsonArray<In, Out>(item: z.ZodMiniType<Out, In>, example: string) {
  return json<readonly In[], In[], Out[]>("an array", z.array(item), example);
}

/** What stands in the text is never repeated: it may be a secret. */
function json<In, Read, Out>(kind: "an object" | "an array", shape: z.ZodMiniType<Out, Read>, example: string) {
  const hint = `give ${kind} such as ${example}`;
  return field<string | In, Read, Out>(shape, hint, (value) => {
    let parsed: unknown = value;
    try {
      if (typeof value === "string") parsed = parseJson(value);
    } catch {
      return broken("is not valid JSON", hint);
    }
    const must = kind === "an object" ? "must be a JSON object" : "must be a JSON array";
    // Its fields or items are for `shape` to judge.
    return kindOf(parsed) === kind ? (parsed as Read) : broken(`${must}, not ${kindOf(parsed)}`, hint);
  });
}

/** Text, which stays text, or a JSON object. */
export function textOrObject(example: string) {
  type Value = string | Record<string, unknown>;
  const shape: z.ZodMiniType<Value, Value> = z.union([z.string(), z.record(z.string(), z.unknown())]);
  const hint = `give text such as ${example}`;
  return field<Value, Value, Value>(shape, hint, (value) =>
    typeof value === "string" || kindOf(value) === "an object"
      ? (value as Value)
      : refused("must be a string or a JSON object", hint, value),
  );
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  if (isRecord(value)) return "an object";
  return typeof value === "string" ? "a string" : typeof value === "boolean" ? "true or false" : "a number";
}

/** Page number, from 0. The default is filled in when the request is made. */
export const page = z.optional(wholeNumber(0, 0));
/** Items per page. The default is filled in when the request is made. */
export const pageSize = z.optional(wholeNumber(1, 20));

/** A schema for a whole input: unknown fields are refused, so that a misspelt one is never silently dropped. */
export function input<Shape extends Readonly<Record<string, z.ZodMiniType>>>(shape: Shape) {
  return z.strictObject(shape);
}

/** A rule between fields, reported at `field`. It is judged when each field by itself is good. */
export function between<Fields>(field: string, judge: (fields: Fields) => Rule | undefined): z.core.CheckFn<Fields> {
  return ({ value, issues }) => {
    const rule = judge(value);
    if (rule !== undefined) issues.push(issue(rule, [field]));
  };
}
