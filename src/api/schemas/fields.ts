/**
 * Building blocks of the input schemas. Each field has one sentence that states its rule and one piece of advice;
 * the two travel in zod's message, one line each, and `explainIssue` takes them apart again.
 *
 * Only rules that the API documents are checked: what we merely suspect is left to the server.
 */
import * as z from "zod/mini";
import { isPounds, poundsExample, poundsRule } from "../pounds";

/** What a field must be (to stand after its name) and what to do about it. */
export interface Rule {
  must: string;
  next: string;
}

/** Packs a rule into the only thing that zod carries: a string. */
export function message(rule: Rule): string {
  return `${rule.must}\n${rule.next}`;
}

function stated(rule: Rule): { error: (issue: { input?: unknown }) => string } {
  return {
    error: (issue) => message(issue.input === undefined ? { must: "is missing", next: rule.next } : rule),
  };
}

/** Text that passes `test`. */
export function text(rule: Rule, test: (value: string) => boolean = () => true) {
  return z.string(stated(rule)).check(z.refine(test, { error: message(rule) }));
}

/** Any text. */
export function anyText(example: string) {
  return text({ must: "must be text", next: `give text such as ${example}` });
}

/** Text of at least one character. */
export function someText(example: string) {
  return text({ must: "must not be empty", next: `give text such as ${example}` }, (value) => value.length > 0);
}

/** An id that stands in the path of the request. `.` and `..` would change the path even when encoded. */
export const pathId = text(
  { must: "must not be blank, . or ..", next: "copy the id from the list or from the create answer" },
  (value) => value.trim() !== "" && value !== "." && value !== "..",
);

const uuidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** Ids such as cust_123, which the documentation of the command line uses throughout. */
const prefixedIdPattern = /^[A-Za-z]+_[A-Za-z0-9_-]+$/;

/** An id that the API documents as a UUID. */
export const uuid = text(
  { must: "must be a UUID or an id with a prefix", next: "copy the id from the list, for example cust_123" },
  (value) => uuidPattern.test(value) || prefixedIdPattern.test(value),
);

/** A URL; links into apps (shop://return) are URLs too. */
export const url = text(
  { must: "must be a complete URL", next: "give a URL such as https://shop.example.com/return" },
  (value) => URL.canParse(value),
);

const emailPattern = /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)*$/;

export const email = text(
  { must: "must be an e-mail address", next: "give an address such as ada@example.com" },
  (value) => emailPattern.test(value),
);

/** A calendar day as YYYY-MM-DD. */
export const date = text(
  { must: "must be a date as YYYY-MM-DD", next: "give a date such as 2026-01-31" },
  (value) => /^\d{4}-\d{2}-\d{2}$/.test(value) && isCalendarDay(value),
);

function isCalendarDay(value: string): boolean {
  const day = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(value);
}

/** Length in characters as a person counts them, not in UTF-16 units. */
export function length(value: string): number {
  return [...value].length;
}

/** One of a fixed list of values, in exactly that letter case. */
export function oneOf<const Values extends readonly [string, ...string[]]>(values: Values) {
  return z.enum(
    values,
    stated({ must: `must be one of ${values.join(", ")}`, next: `choose one, for example ${values[0]}` }),
  );
}

/** A list with at least one item; the API refuses an empty one, so leave the field out instead. */
export function list<Item extends z.ZodMiniType>(item: Item) {
  const rule = { must: "must be a list with at least one item", next: "leave it out to mean all" };
  return z.array(item, stated(rule)).check(z.minLength(1, message(rule)));
}

/** Pounds, at least `minimum`. */
export function pounds(minimum: number) {
  const rule = { must: poundsRule(minimum), next: poundsExample };
  return z
    .number(stated(rule))
    .check(z.refine((value) => isPounds(value) && value >= minimum, { error: message(rule) }));
}

/** A whole number, at least `minimum`. */
export function wholeNumber(minimum: number, example: number) {
  const rule = { must: `must be a whole number, ${minimum} or more`, next: `give a number such as ${example}` };
  return z
    .number(stated(rule))
    .check(z.refine((value) => Number.isSafeInteger(value) && value >= minimum, { error: message(rule) }));
}

export const flag = z.boolean(stated({ must: "must be true or false", next: "give true or false" }));

/** A JSON object with any fields. */
export function anyObject(example: string) {
  return z.record(
    z.string(),
    z.unknown(),
    stated({ must: "must be a JSON object", next: `give an object such as ${example}` }),
  );
}

/** Page number, from 0. The default is filled in when the request is made. */
export const page = z.optional(wholeNumber(0, 0));
/** Items per page. The default is filled in when the request is made. */
export const pageSize = z.optional(wholeNumber(1, 20));

/** A schema for a whole input: unknown fields are refused, so that a misspelt one is never silently dropped. */
export function input<Shape extends Readonly<Record<string, z.ZodMiniType>>>(shape: Shape) {
  return z.strictObject(shape, { error: "must be an object of fields\ngive the fields by name" });
}

/** A rule between fields, reported at `field`. */
export function between<Fields>(field: string, rule: Rule, holds: (fields: Fields) => boolean) {
  return z.refine<Fields>(holds, { path: [field], error: message(rule) });
}
