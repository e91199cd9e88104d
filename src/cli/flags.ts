import { Args, Flags } from "@oclif/core";
import { checkIdempotencyKey } from "../api/idempotency";
import { parsePounds } from "../api/pounds";
import { matchingValue, paymentMethodKinds } from "../api/values";
import { usageError } from "../errors";
import { type Format, formats } from "../terminal/output";
import { jsonValue } from "./json-flag";

/** The flags of the program, one maker a kind, so that a name means one thing everywhere. */

export const environments = ["sandbox", "production"] as const;

const group = "GLOBAL";

function defaultFormat(text: string | undefined): Format {
  if (text === undefined || text === "") return "json";
  const format = formats.find((one) => one === text.toLowerCase());
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
    summary: "Fields to show, in this order: orderId,store.id.",
    helpValue: "<a,b.c,…>",
    helpGroup: group,
  }),
  query: Flags.string({
    summary: "JMESPath expression to apply to the response.",
    helpValue: "<JMESPath>",
    helpGroup: group,
  }),
  out: Flags.string({
    summary: "File to write to, complete or not at all.",
    helpValue: "<file>",
    helpGroup: group,
  }),
  verbose: Flags.boolean({ summary: "Show each request on stderr, the token redacted.", helpGroup: group }),
  dryRun: Flags.boolean({ summary: "Print the request that would be sent; send nothing.", helpGroup: group }),
  yes: Flags.boolean({ summary: "Skip the confirmation; needed in scripts.", helpGroup: group }),
  profile: Flags.string({
    summary: "Profile; default: ATOA_PROFILE, else the active one.",
    helpGroup: group,
  }),
};

export const outputFlag = { output: globalFlags.output };
export const yesFlag = { yes: globalFlags.yes };
export const dryRunFlag = {
  dryRun: Flags.boolean({ summary: "Show what would change; change nothing.", helpGroup: group }),
};

/** For writes that a caller may repeat: the same key makes the server do it once. */
export const idempotencyKeyFlag = {
  idempotencyKey: Flags.custom<string>({
    summary: "Repeats with one key count once; default: a UUID.",
    parse: async (text) => checkIdempotencyKey(text),
  })(),
};

/** The customer whose saved cards are meant. */
export const customerFlag = {
  customer: Flags.string({ summary: "Customer the card is saved under.", required: true }),
};

/** For lists: one page, or all of them as one flat list. */
export function pagingFlags<S extends string>(size: S) {
  return {
    page: wholeNumber({ summary: "Page to fetch, counted from 0.", min: 0, default: 0 }),
    [size]: wholeNumber({ summary: "Items per page.", min: 1, default: 20 }),
    pageAll: Flags.boolean({ summary: "Fetch every page and print one flat list." }),
  } as { page: ReturnType<typeof wholeNumber>; pageAll: ReturnType<typeof pageAllFlag> } & Record<
    S,
    ReturnType<typeof wholeNumber>
  >;
}

function pageAllFlag() {
  return Flags.boolean({ summary: "Fetch every page and print one flat list." });
}

/** A sum in pounds, 10 or 10.05, at least `min` pounds. Text until it is proved: 1e3, 10.005 and -1 are no sums. */
export function pounds(options: { summary: string; min: number }) {
  return Flags.custom<number>({
    summary: options.summary,
    helpValue: "<pounds>",
    parse: async (text, _context, flag) => parsePounds(text, flag.name, options.min),
  });
}

/** A whole number without sign, leading plus or exponent. */
export function wholeNumber(options: { summary: string; min: number; default?: number; helpValue?: string }) {
  return Flags.custom<number>({
    summary: options.summary,
    ...(options.default === undefined ? {} : { default: options.default }),
    helpValue: options.helpValue ?? "<number>",
    parse: async (text, _context, flag) => {
      const number = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
      if (number >= options.min) return number;
      throw usageError(
        `${flag.name} must be a whole number of at least ${options.min}; got ${quoted(text)}`,
        `for example: --${flag.name} ${options.default ?? Math.max(options.min, 1)}`,
        flag.name,
      );
    },
  })();
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
      throw usageError(`${flag.name} must be a port from 0 to 65535`, `for example: --${flag.name} 4010`, flag.name);
    },
  })();
}

/** A comma-separated list; blanks around entries and empty entries go. An empty list is not to be sent: see nonEmpty. */
export function list(options: { summary: string }) {
  return Flags.custom<string[]>({
    summary: options.summary,
    helpValue: "<a,b,…>",
    parse: async (text) => entries(text),
  })();
}

/** A comma-separated list of payment methods, in any letter case. */
export function paymentMethods(options: { summary: string }) {
  return Flags.custom<PaymentMethodKind[]>({
    summary: options.summary,
    helpValue: paymentMethodKinds.join(","),
    parse: async (text, _context, flag) => entries(text).map((entry) => paymentMethod(entry, flag.name)),
  })();
}

function entries(text: string): string[] {
  return text
    .split(",")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "");
}

type PaymentMethodKind = (typeof paymentMethodKinds)[number];

function paymentMethod(text: string, flag: string): PaymentMethodKind {
  const found = matchingValue(paymentMethodKinds, text);
  if (found !== undefined) return found;
  throw usageError(
    `${flag} does not know ${quoted(text)}`,
    `use one or more of ${paymentMethodKinds.join(", ")}`,
    flag,
  );
}

/** The list, or undefined when there is nothing in it: the API refuses empty filters. */
export function nonEmpty<T>(values: T[] | undefined): T[] | undefined {
  return values === undefined || values.length === 0 ? undefined : values;
}

/** A JSON object: inline, from @file or from stdin as -. */
export function jsonObject(options: { summary: string }) {
  return Flags.custom<Record<string, unknown>>({
    summary: options.summary,
    helpValue: jsonHelp,
    parse: async (text, _context, flag) => (await jsonValue(text, flag.name, "object")) as Record<string, unknown>,
  })();
}

/** A JSON array of fields: inline, from @file or from stdin as -. That each is a field is proved with the other input. */
export function customFields(options: { summary: string }) {
  return Flags.custom<CustomField[]>({
    summary: options.summary,
    helpValue: jsonHelp,
    parse: async (text, _context, flag) => (await jsonValue(text, flag.name, "array")) as CustomField[],
  })();
}

interface CustomField {
  fieldName: string;
  value: string;
  [other: string]: unknown;
}

const jsonHelp = "<json|@file|->";

/** An id in a path. Required; never read from stdin, because a program that waits for nothing looks hung. */
export function id(description: string) {
  return Args.string({ description, required: true, ignoreStdin: true });
}

/** The path of get, post and delete. */
export const pathArg = {
  path: Args.string({
    description: "Path that starts with /, on the API's own origin.",
    required: true,
    ignoreStdin: true,
  }),
};

/** What to do about a 404 for such a path. */
export const pathAdvice = "check the path, and that the ids in it belong to this environment (--env)";

/** What was typed, short enough for one line. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}
