/** The functions of `--query` that are ours: exact where the library calculates in floats, and strict where it is silent. */
import { type InputSignature, TreeInterpreter, TYPE_ANY, TYPE_ARRAY, TYPE_EXPREF } from "@jmespath-community/jmespath";
import { isLosslessNumber, isSafeNumber } from "lossless-json";
import { type AtoaError, usageError } from "../errors";
import { isRecord, printJson } from "../json";
import { calculate, type Operator, total } from "./decimal";
import { pence, pounds } from "./pence";

type JsonOfLibrary = ReturnType<typeof TreeInterpreter.search>;
type Arguments = Parameters<Parameters<typeof TreeInterpreter.runtime.registerFunction>[1]>[0];

interface OwnFunction {
  readonly signature: InputSignature[];
  readonly run: (args: Arguments) => JsonOfLibrary;
}

/** Names that no expression can spell: the meaning of syntax, not of a function. */
export const own = {
  field: "field of",
  record: "record",
  compare: "compare with",
  calculate: "calculate with",
  object: "object of",
};

export const functions: Readonly<Record<string, OwnFunction>> = {
  pence: takes(1, ([value]) => pence(value)),
  pounds: takes(1, ([value]) => pounds(number(value))),
  [own.field]: takes(2, ([value, name]) => field(value, String(name))),
  [own.record]: takes(1, ([value]) => (isRecord(value) ? value : null)),
  [own.object]: takes(2, ([names, values]) => fromNames(list(names), list(values))),
  [own.compare]: takes(3, ([name, left, right]) => compare(String(name), left, right)),
  [own.calculate]: takes(3, ([operator, left, right]) =>
    finite(calculate(operator as Operator, number(left), number(right))),
  ),
  abs: takes(1, ([value]) => Math.abs(number(value))),
  ceil: takes(1, ([value]) => Math.ceil(number(value))),
  floor: takes(1, ([value]) => Math.floor(number(value))),
  sum: takes(1, ([values]) => total(list(values).map(number))),
  avg: takes(1, ([values]) =>
    list(values).length === 0 ? null : total(list(values).map(number)) / list(values).length,
  ),
  max: takes(1, ([values]) => list(values)[order(list(values)).at(-1) ?? -1] ?? null),
  min: takes(1, ([values]) => list(values)[order(list(values))[0] ?? -1] ?? null),
  sort: takes(1, ([values]) => sorted(list(values), list(values))),
  max_by: by((values, keys) => values[order(keys).at(-1) ?? -1] ?? null),
  min_by: by((values, keys) => values[order(keys)[0] ?? -1] ?? null),
  sort_by: by(sorted),
  group_by: by((values, keys) => grouped(values, keys)),
  type: takes(1, ([value]) => typeName(value)),
  to_string: takes(1, ([value]) => (typeof value === "string" ? value : printJson(value ?? null))),
  to_number: takes(1, ([value]) => toNumber(value)),
};

function takes(count: number, run: (args: readonly unknown[]) => unknown): OwnFunction {
  return {
    signature: Array.from({ length: count }, () => ({ types: [TYPE_ANY] })),
    run: (args) => run(args) as JsonOfLibrary,
  };
}

/** A function of a list and of a key for each of its items. */
function by(run: (values: readonly unknown[], keys: readonly unknown[]) => unknown): OwnFunction {
  return {
    signature: [{ types: [TYPE_ARRAY] }, { types: [TYPE_EXPREF] }],
    run: ([values, key]) => {
      const items = list(values);
      const keys = items.map((item) =>
        TreeInterpreter.visit(key as Parameters<typeof TreeInterpreter.visit>[0], item as JsonOfLibrary),
      );
      return run(items, keys) as JsonOfLibrary;
    },
  };
}

function field(value: unknown, name: string): unknown {
  return isRecord(value) && Object.hasOwn(value, name) ? (value[name] ?? null) : null;
}

function fromNames(names: readonly unknown[], values: readonly unknown[]): unknown {
  return Object.fromEntries(names.map((name, index) => [String(name), values[index] ?? null]));
}

/** Text that says a number of its own, such as an amount: to be calculated with, not to be compared as letters. */
const amountPattern = /^-?\d+(\.\d+)?$/;

function compare(name: string, left: unknown, right: unknown): unknown {
  const [a, b] = [comparable(left), comparable(right)];
  if (name === "EQ" || name === "NE") {
    if (typeof a !== typeof b && [a, b].some((side) => typeof side === "number") && isAmountText([a, b]))
      throw asText();
    return equal(a, b) === (name === "EQ");
  }
  if (typeof a === "string" || typeof b === "string") throw asText();
  if (typeof a !== "number" || typeof b !== "number") return null;
  if (name === "GT") return a > b;
  if (name === "GTE") return a >= b;
  return name === "LT" ? a < b : a <= b;
}

function comparable(value: unknown): unknown {
  return isLosslessNumber(value) ? number(value) : value;
}

function isAmountText(sides: readonly unknown[]): boolean {
  return sides.some((side) => typeof side === "string" && amountPattern.test(side));
}

function equal(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, index) => equal(item, b[index]));
  if (isLosslessNumber(a) || isLosslessNumber(b)) return String(a) === String(b);
  if (!isRecord(a) || !isRecord(b)) return false;
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length && names.every((name) => Object.hasOwn(b, name) && equal(a[name], b[name]))
  );
}

/** Positions of the values, smallest first: numbers by size, words by their letters. Equal ones keep their order. */
function order(values: readonly unknown[]): number[] {
  const keys = values.some((value) => typeof value === "string") ? values.map(word) : values.map(number);
  if (
    keys.some((key) => typeof key === "string" && /^-?\d+\.\d+$/.test(key)) ||
    (keys.length > 0 && keys.every((key) => typeof key === "string" && amountPattern.test(key)))
  )
    throw asText();
  const places = values.map((_, index) => index);
  return places.sort((a, b) => (less(keys[a], keys[b]) ? -1 : less(keys[b], keys[a]) ? 1 : 0));
}

function less(a: string | number | undefined, b: string | number | undefined): boolean {
  return a !== undefined && b !== undefined && a < b;
}

function word(value: unknown): string {
  if (typeof value === "string") return value;
  throw refused(
    `--query cannot sort ${typeName(value)} among text`,
    "choose the rows that have the field first: [?field]",
  );
}

function sorted(values: readonly unknown[], keys: readonly unknown[]): unknown {
  return order(keys).map((index) => values[index]);
}

function grouped(values: readonly unknown[], keys: readonly unknown[]): unknown {
  const groups = new Map<string, unknown[]>();
  for (const [index, value] of values.entries()) {
    const key = word(keys[index]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [value]);
    else group.push(value);
  }
  return Object.fromEntries(groups);
}

/** A number to calculate with. @throws a usage error for anything else, and for one that JavaScript cannot hold */
function number(value: unknown): number {
  if (typeof value === "number") return value;
  if (typeof value === "string") throw asText();
  if (!isLosslessNumber(value)) {
    throw refused(
      `--query cannot calculate with ${typeName(value)}`,
      "choose the rows that have the field first: [?amount]",
    );
  }
  if (isSafeNumber(value.toString())) return Number(value.toString());
  throw refused(`--query cannot calculate with ${value} exactly`, "select it as it is, and calculate elsewhere");
}

function finite(value: number): number {
  if (Number.isFinite(value)) return value;
  throw refused(
    "--query divides by zero, or its numbers grow without end",
    "choose the rows that have a number there first",
  );
}

function toNumber(value: unknown): unknown {
  if (typeof value === "number" || isLosslessNumber(value)) return value;
  const read = typeof value === "string" && value.trim() !== "" ? Number(value) : Number.NaN;
  return Number.isFinite(read) ? read : null;
}

function typeName(value: unknown): string {
  if (value === null || value === undefined) return "null";
  if (Array.isArray(value)) return "array";
  return isLosslessNumber(value) ? "number" : typeof value;
}

function list(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw refused(`--query needs a list here, not ${typeName(value)}`, "for example: sum([].pence(amount))");
}

function asText(): AtoaError {
  return refused(
    "--query cannot calculate with text or compare it",
    "pence(amount) makes whole pence of an amount in pounds, to_number(x) a number of other text",
  );
}

function refused(message: string, hint: string): AtoaError {
  return usageError(message, hint, "--query");
}
