import { readEnv } from "./environments";
import { usageError } from "./errors";
import { matchingValue, truncate } from "./text";

/**
 * From what was typed to what oclif understands. Pure: needs the argv and the flags of each command.
 *
 * oclif wants the command first, flags as declared and enum values in their exact case. People also write
 * `atoa --profile ci payments create`, `--dry-run`, `--env prod` and `--captureType manual_capture`. What is wrong with a
 * flag is said here, before oclif sees it: it must never become the value of another.
 */

/** What the manifest says of a flag; only these facts matter here. @internal */
export interface FlagFacts {
  readonly type: "option" | "boolean";
  readonly options?: readonly string[] | undefined;
  readonly allowNo?: boolean | undefined;
  readonly multiple?: boolean | undefined;
  readonly char?: string | undefined;
  readonly charAliases?: readonly string[] | undefined;
  readonly aliases?: readonly string[] | undefined;
  readonly helpGroup?: string | undefined;
}

interface CommandFacts {
  readonly flags: Readonly<Record<string, FlagFacts>>;
  readonly args: Readonly<Record<string, { readonly options?: readonly string[] | undefined }>>;
}

export type Commands = Readonly<Record<string, CommandFacts>>;

export type Plan =
  | { readonly kind: "version" }
  /** Help of the program (id ""), of a topic or of a command. */
  | { readonly kind: "help"; readonly id: string }
  | { readonly kind: "run"; readonly id: string; readonly argv: readonly string[] };

const helpFlag: FlagFacts = { type: "boolean", char: "h" };
const versionFlag: FlagFacts = { type: "boolean", char: "v" };

/**
 * Reads argv into a plan.
 * @throws AtoaError kind usage for a command or flag that does not exist, with the nearest names, and for a flag without
 * its value
 */
export async function readArgv(argv: readonly string[], commands: Commands): Promise<Plan> {
  const globals = globalFlags(commands);
  const meant = (words: readonly string[]) =>
    aliased(words, (start) => knownPrefix(start, commands) === start.join(":"));
  const words = meant(tokenize(argv, globals).words);
  if (words[0] === "help") return helpOn(meant(words.slice(1)), commands);
  if (words.join(" ") === "version") return { kind: "version" };
  const id = longestCommand(words, commands);
  const command = (id === undefined ? undefined : commands[id]) ?? { flags: {}, args: {} };
  const known = new KnownFlags({ ...globals.all, ...command.flags });
  const line = tokenize(argv, known);
  const topic = id ?? knownPrefix(words, commands);
  const help = `see \`${called(topic)} --help\``;
  refuseMissingValues(line.flags, help);
  const isTopic = topic === words.join(":") && (topic !== "" || words.length === 0);
  if (id === undefined && !isTopic) throw await unknownCommand(words, topic, commands);
  const asked = (fact: FlagFacts) => line.flags.some((flag) => flag.fact === fact && flag.value === undefined);
  if (asked(helpFlag)) return { kind: "help", id: topic };
  if (asked(versionFlag)) return { kind: "version" };
  const own = id === undefined ? globals : new KnownFlags(command.flags);
  const unknown = line.flags.map(({ spelled }) => spelled).filter((spelled) => own.read(spelled).fact === undefined);
  if (unknown.length > 0) throw (await import("./cli/suggestions")).unknownFlags(unknown, own.names, help);
  const flags = readFlags(line.flags, help);
  if (id !== undefined)
    return { kind: "run", id, argv: [...flags, ...readArguments(meant(line.words), line.rest, id, command)] };
  if (line.rest !== undefined) throw usageError("There is no command before --", help);
  return { kind: "help", id: topic };
}

/**
 * Words that people try who know gh, stripe or the API, and the command or topic that means exactly that. No help and no
 * completion shows them; what has no such command is in cli/suggestions.ts.
 */
const aliases: Readonly<Record<string, string>> = {
  "payments list": "payments transactions",
  "payments get": "payments status",
  "auth login": "login",
  "auth logout": "logout",
  "auth status": "whoami",
  "keys rotate": "keys regenerate",
  "profile switch": "profile use",
  "profile current": "profile show",
  completions: "completion",
  payment: "payments",
  refund: "refunds",
  customer: "customers",
  "payment-method": "payment-methods",
  webhook: "webhooks",
  payout: "payouts",
  store: "stores",
  institution: "institutions",
  key: "keys",
  profiles: "profile",
};

/** The words of the command that is meant. Real commands come first: `isKnown` says whether words begin one. */
function aliased(words: readonly string[], isKnown: (words: readonly string[]) => boolean): readonly string[] {
  for (const length of [1, 2]) {
    const start = words.slice(0, length);
    const name = start.join(" ");
    const meant = isKnown(start) || !Object.hasOwn(aliases, name) ? undefined : aliases[name];
    if (meant !== undefined) return aliased([...meant.split(" "), ...words.slice(length)], isKnown);
  }
  return words;
}

/** The flags that may stand before the command: those that commands declare in this group. */
function globalFlags(commands: Commands): KnownFlags {
  const globals: Record<string, FlagFacts> = {};
  for (const { flags } of Object.values(commands)) {
    for (const name in flags) {
      const fact = flags[name];
      if (fact?.helpGroup === "GLOBAL") globals[name] ??= fact;
    }
  }
  return new KnownFlags(globals);
}

/** The flags of a command by each name that they have. */
class KnownFlags {
  readonly #byName = new Map<string, Named>();
  readonly #byChar = new Map<string, Named>();
  /** Names without hyphens and case: no value should look like one of them. */
  readonly #alike = new Set<string>();

  constructor(readonly all: Readonly<Record<string, FlagFacts>>) {
    for (const [name, fact] of Object.entries({ help: helpFlag, version: versionFlag, ...all })) {
      for (const one of [name, ...(fact.aliases ?? [])]) {
        this.#byName.set(one, { name, fact });
        this.#alike.add(alike(one));
      }
      for (const char of [fact.char ?? [], fact.charAliases ?? []].flat()) this.#byChar.set(char, { name, fact });
    }
  }

  get names(): string[] {
    return [...this.#byName.keys()];
  }

  /** `--dry-run=x` → --dryRun with the value x. Without a fact where there is no such flag. */
  read(typed: string): Flag {
    if (!typed.startsWith("--")) return this.#readShort(typed);
    const equals = typed.indexOf("=");
    const name = typed.slice(2, equals === -1 ? undefined : equals);
    const value = equals === -1 ? undefined : typed.slice(equals + 1);
    const negated = name.startsWith("no-") ? camel(name.slice(3)) : "";
    const refusal = this.#byName.get(negated);
    if (refusal?.fact.allowNo) {
      return { spelled: `--no-${negated}`, name: `no-${refusal.name}`, fact: refusal.fact, value };
    }
    const known = [name, camel(name)].find((one) => this.#byName.has(one)) ?? name;
    return { spelled: `--${known}`, ...this.#byName.get(known), value };
  }

  /** `-d`, or `-dk=v` and `-d=k=v`, which carry their value. */
  #readShort(typed: string): Flag {
    const found = this.#byChar.get(typed[1] ?? "");
    if (found === undefined || (found.fact.type === "boolean" && /^[^=]/.test(typed.slice(2)))) {
      return { spelled: typed.split("=", 1).join("") };
    }
    const value = typed.length === 2 ? undefined : typed.slice(typed[2] === "=" ? 3 : 2);
    return { spelled: typed.slice(0, 2), ...found, value };
  }

  /** Whether a word can hardly be meant as a value: it is a flag in some spelling, or differs from one in case only. */
  resembles(word: string): boolean {
    if (!isFlag(word)) return false;
    if (this.read(word).fact !== undefined) return true;
    const name = word.replace(/^--?(no-)?/, "").split("=", 1)[0] ?? "";
    return this.#alike.has(alike(name));
  }
}

interface Named {
  readonly name: string;
  readonly fact: FlagFacts;
}

/** A flag on the command line; without name and fact where the command has no such flag. */
interface Flag extends Partial<Named> {
  /** As messages name it: what was typed, in the declared case, without the value. */
  readonly spelled: string;
  readonly value?: string | undefined;
  /** What follows, where a value is missing. */
  readonly next?: string | undefined;
}

interface Line {
  readonly words: readonly string[];
  readonly flags: readonly Flag[];
  /** What stands behind `--`, if there is one. */
  readonly rest: readonly string[] | undefined;
}

function tokenize(argv: readonly string[], known: KnownFlags): Line {
  const words: string[] = [];
  const flags: Flag[] = [];
  for (let index = 0; index < argv.length; index++) {
    const token = argv[index] ?? "";
    if (token === "--") return { words, flags, rest: argv.slice(index + 1) };
    if (!isFlag(token)) {
      words.push(token);
      continue;
    }
    const flag = known.read(token);
    const next = argv[index + 1];
    if (flag.fact?.type !== "option" || flag.value !== undefined) {
      flags.push(flag);
    } else if (next === undefined || next === "--" || known.resembles(next)) {
      flags.push({ ...flag, next });
    } else {
      flags.push({ ...flag, value: next });
      index++;
    }
  }
  return { words, flags, rest: undefined };
}

function isFlag(token: string): boolean {
  return token.startsWith("-") && token !== "-" && !/^-\d/.test(token);
}

function camel(name: string): string {
  return name.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function alike(name: string): string {
  return name.replaceAll(/[-_]/g, "").toLowerCase();
}

/** Before anything else is done, help included: `--notes $EMPTY --dry-run` must send nothing, and must not look done. */
function refuseMissingValues(flags: readonly Flag[], help: string): void {
  for (const { spelled, fact, value, next } of flags) {
    if (fact?.type !== "option" || value !== undefined) continue;
    const oneOf = fact.options === undefined ? "" : `, one of ${fact.options.join(", ")}`;
    const meant = `${spelled}${spelled.startsWith("--") ? "=" : ""}${short(next ?? "")}`;
    const hint =
      next === undefined || next === "--" ? help : `${short(next)} is a flag; to pass it as the value: \`${meant}\``;
    throw usageError(`${spelled} needs a value${oneOf}`, hint, spelled);
  }
}

/** The flags as oclif reads them, each with its value: declared spelling, enum values in their exact case. */
function readFlags(flags: readonly Flag[], help: string): string[] {
  const given = new Set<FlagFacts>();
  return flags.map(({ spelled, name, fact, value }) => {
    if (fact?.type !== "option") {
      if (value !== undefined) throw usageError(`${spelled} takes no value`, help);
      return `--${name}`;
    }
    if (given.has(fact) && !fact.multiple) throw usageError(`${spelled} is given more than once`, help);
    given.add(fact);
    return `--${name}=${oneOfOptions(value ?? "", spelled, fact.options, help)}`;
  });
}

/** What is left of the words when those of the command are gone, and what stands behind `--`. */
function readArguments(
  words: readonly string[],
  rest: readonly string[] | undefined,
  id: string,
  command: CommandFacts,
): string[] {
  const ofCommand = id.split(":");
  if (!startsWith(words, ofCommand)) {
    throw usageError(`Unknown command "${short(words.join(" "))}"`, `put flags after \`${called(id)}\``);
  }
  const declared = Object.entries(command.args);
  const read = (typed: string, position: number) => {
    const [name, { options }] = declared[position] ?? ["", {}];
    return oneOfOptions(typed, `<${name}>`, options, `see \`${called(id)} --help\``);
  };
  const before = words.length - ofCommand.length;
  const all = [...words.slice(ofCommand.length), ...(rest ?? [])].map(read);
  return rest === undefined ? all : [...all.slice(0, before), "--", ...all.slice(before)];
}

/** The enum value that was meant, whatever its letter case; `prod` is short for production. */
function oneOfOptions(typed: string, what: string, options: readonly string[] | undefined, help: string): string {
  if (options === undefined) return typed;
  const found = matchingValue(options, typed) ?? options.find((option) => option === readEnv(typed));
  if (found !== undefined) return found;
  throw usageError(`${what} must be one of ${options.join(", ")}; got ${JSON.stringify(short(typed))}`, help, what);
}

function longestCommand(words: readonly string[], commands: Commands): string | undefined {
  for (let length = Math.min(words.length, 3); length > 0; length--) {
    const id = words.slice(0, length).join(":");
    if (Object.hasOwn(commands, id) && id.split(":").length === length) return id;
  }
  return undefined;
}

/** The longest start of the words that names a topic or command. */
function knownPrefix(words: readonly string[], commands: Commands): string {
  const ids = Object.keys(commands);
  for (let length = words.length; length > 0; length--) {
    const start = words.slice(0, length);
    if (ids.some((id) => startsWith(id.split(":"), start))) return start.join(":");
  }
  return "";
}

function startsWith(words: readonly string[], start: readonly string[]): boolean {
  return start.every((word, index) => words[index] === word);
}

function called(id: string): string {
  return `atoa ${id.replaceAll(":", " ")}`.trimEnd();
}

async function helpOn(words: readonly string[], commands: Commands): Promise<Plan> {
  const id = knownPrefix(words, commands);
  if (id === words.join(":")) return { kind: "help", id };
  throw await unknownCommand(words, id, commands);
}

async function unknownCommand(typed: readonly string[], topic: string, commands: Commands): Promise<Error> {
  const suggestions = await import("./cli/suggestions");
  return suggestions.unknownCommand(typed, topic, Object.keys(commands), `see \`${called(topic)} --help\``);
}

/** argv may hold a hundred kilobytes; an error shows enough to recognise it. */
function short(text: string): string {
  return truncate(text, 100);
}
