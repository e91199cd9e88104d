import { anyOf, nearest } from "./cli/nearest";
import { usageError } from "./errors";
import { withoutTokenLike } from "./redaction";

/**
 * From what was typed to what oclif understands. Pure: needs the argv and the flags of each command.
 *
 * oclif wants the command first, flags as declared and enum values to the letter. People also write
 * `atoa --profile ci payments create`, `--dry-run`, `--env prod` and `--captureType manual_capture`.
 */

/** What the manifest says of a flag; only these facts matter here. */
export interface FlagFacts {
  readonly type: "option" | "boolean";
  readonly options?: readonly string[] | undefined;
  readonly allowNo?: boolean | undefined;
  readonly char?: string | undefined;
  readonly aliases?: readonly string[] | undefined;
}

export interface CommandFacts {
  readonly flags: Readonly<Record<string, FlagFacts>>;
  readonly args: Readonly<Record<string, { readonly options?: readonly string[] | undefined }>>;
}

export type Commands = Readonly<Record<string, CommandFacts>>;

export type Plan =
  | { readonly kind: "version" }
  /** Help of the program (id ""), of a topic or of a command. */
  | { readonly kind: "help"; readonly id: string }
  | { readonly kind: "run"; readonly id: string; readonly argv: readonly string[] };

/** Flags that may stand before the command. */
const globals: Readonly<Record<string, FlagFacts>> = {
  env: { type: "option", options: ["sandbox", "production"] },
  output: { type: "option", options: ["json", "table", "yaml"] },
  verbose: { type: "boolean" },
  dryRun: { type: "boolean" },
  yes: { type: "boolean" },
  profile: { type: "option" },
};

/**
 * Reads argv into a plan.
 * @throws AtoaError kind usage for a command that does not exist, with the nearest names
 */
export function readArgv(argv: readonly string[], commands: Commands): Plan {
  const { words, flags, rest } = split(argv);
  if (words[0] === "help") return helpOn(words.slice(1), commands);
  const wantsHelp = hasSwitch(flags, ["--help", "-h"], commandFlags(words, commands));
  const id = longestCommand(words, commands);
  if (id === undefined) {
    if (hasSwitch(flags, ["--version"], {})) return { kind: "version" };
    const topic = knownPrefix(words, commands);
    if (topic !== words.join(":") || (topic === "" && words.length > 0)) throw unknownCommand(words, topic, commands);
    if (wantsHelp) return { kind: "help", id: topic };
    if (rest.length > 0) {
      throw usageError("There is no command before --", `see \`${called(topic)} --help\``);
    }
    refuseFlags(argv, topic);
    return { kind: "help", id: topic };
  }
  const command = commands[id] ?? { flags: {}, args: {} };
  if (wantsHelp) return { kind: "help", id };
  if (flags.includes("--version") && command.flags.version === undefined) return { kind: "version" };
  return { kind: "run", id, argv: normalize(argv, id, command) };
}

/** Words before the first `--` that can name a command, apart from flags and the values of globals. */
function split(argv: readonly string[]): { words: string[]; flags: string[]; rest: readonly string[] } {
  const end = argv.indexOf("--");
  const before = end === -1 ? argv : argv.slice(0, end);
  const words: string[] = [];
  const flags: string[] = [];
  for (let index = 0; index < before.length; index++) {
    const token = before[index] ?? "";
    if (!isFlag(token)) {
      words.push(token);
      continue;
    }
    flags.push(token);
    const fact = globals[camel(flagName(token))];
    if (fact?.type === "option" && !token.includes("=")) index++;
  }
  return { words, flags, rest: end === -1 ? [] : argv.slice(end) };
}

function isFlag(token: string): boolean {
  return token.startsWith("-") && token !== "-" && !/^-\d/.test(token);
}

function flagName(token: string): string {
  return token.replace(/^--?/, "").split("=", 1)[0] ?? "";
}

function camel(name: string): string {
  return name.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function longestCommand(words: readonly string[], commands: Commands): string | undefined {
  for (let length = Math.min(words.length, 3); length > 0; length--) {
    const id = words.slice(0, length).join(":");
    if (Object.hasOwn(commands, id) && id.split(":").length === length) return id;
  }
  return undefined;
}

function commandFlags(words: readonly string[], commands: Commands): Readonly<Record<string, FlagFacts>> {
  const id = longestCommand(words, commands);
  return id === undefined ? {} : (commands[id]?.flags ?? {});
}

function hasSwitch(
  flags: readonly string[],
  names: readonly string[],
  own: Readonly<Record<string, FlagFacts>>,
): boolean {
  const taken = new Set(Object.values(own).flatMap((flag) => (flag.char === undefined ? [] : [`-${flag.char}`])));
  return flags.some((flag) => names.includes(flag) && !taken.has(flag));
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

/** A topic alone prints its help, but not over a flag that is wrong wherever it stands. */
function refuseFlags(argv: readonly string[], topic: string): void {
  const help = `see \`${called(topic)} --help\``;
  for (let index = 0; index < argv.length; index++) {
    const token = argv[index] ?? "";
    if (!isFlag(token)) continue;
    const [spelled, value] = declared(token, { flags: globals, args: {} });
    const fact = globals[spelled.slice(2)];
    if (fact === undefined) throw usageError(`Unknown flag ${short(token)}`, help);
    if (fact.type === "boolean") {
      if (value !== undefined) throw takesNoValue(spelled, help);
      continue;
    }
    const given = value ?? argv[++index];
    if (given === undefined) throw usageError(`${spelled} needs a value`, help);
    if (fact.options === undefined || fact.options.includes(inEnum(given, fact.options))) continue;
    throw notAnOption(spelled, fact.options, given, help);
  }
}

function takesNoValue(spelled: string, help: string): Error {
  return usageError(`${spelled} takes no value`, help);
}

function called(id: string): string {
  return `atoa ${id.replaceAll(":", " ")}`.trimEnd();
}

function helpOn(words: readonly string[], commands: Commands): Plan {
  const id = knownPrefix(words, commands);
  if (id === words.join(":")) return { kind: "help", id };
  throw unknownCommand(words, id, commands);
}

function unknownCommand(typed: readonly string[], topic: string, commands: Commands): Error {
  const known = topic === "" ? [] : topic.split(":");
  const ids = Object.keys(commands).map((id) => id.split(":"));
  // What comes after as many words as a command has are values of its flags.
  const words = typed.slice(0, Math.max(known.length + 1, ...ids.map((id) => id.length)));
  const below = ids.filter((id) => startsWith(id, known)).map((id) => id.slice(known.length));
  const start = known.map((word) => `${word} `).join("");
  const whole = nearest(
    words.slice(known.length).join(" "),
    below.map((rest) => rest.join(" ")),
  );
  const first = nearest(
    words[known.length] ?? "",
    below.map((rest) => rest[0] ?? ""),
  );
  const close = (whole.length > 0 ? whole : first).map((name) => start + name);
  return usageError(`Unknown command "${short(words.join(" "))}"`, anyOf(close, `see \`${called(topic)} --help\``));
}

/** The command's own argv: its words removed, every flag in its declared spelling, enum values in theirs. */
function normalize(argv: readonly string[], id: string, command: CommandFacts): string[] {
  const left = id.split(":");
  const result: string[] = [];
  let position = 0;
  for (let index = 0; index < argv.length; index++) {
    const token = argv[index] ?? "";
    if (token === "--") return [...result, ...argv.slice(index)];
    if (isFlag(token)) {
      const [spelled, value] = declared(token, command);
      const fact = factOf(spelled, command);
      if (fact?.type === "boolean" && value !== undefined) {
        throw takesNoValue(spelled, `see \`${called(id)} --help\``);
      }
      const takesNext = fact?.type === "option" && value === undefined && !/^-[^-]./.test(spelled);
      result.push(value === undefined ? spelled : `${spelled}=${inEnum(value, fact?.options)}`);
      const next = argv[index + 1];
      if (takesNext && next !== undefined) {
        result.push(inEnum(next, fact.options));
        index++;
      }
      continue;
    }
    if (left[0] === token) {
      left.shift();
      continue;
    }
    result.push(argument(token, Object.entries(command.args)[position++], id));
  }
  return result;
}

function argument(
  typed: string,
  [name, { options }]: readonly [string, CommandFacts["args"][string]] = ["", {}],
  id: string,
): string {
  const value = inEnum(typed, options);
  if (options === undefined || options.includes(value)) return value;
  throw notAnOption(`<${name}>`, options, typed, `see \`${called(id)} --help\``);
}

function notAnOption(what: string, options: readonly string[], typed: string, help: string): Error {
  return usageError(`${what} must be one of ${options.join(", ")}; got ${JSON.stringify(short(typed))}`, help);
}

function factOf(spelled: string, command: CommandFacts): FlagFacts | undefined {
  const name = spelled.slice(2);
  const flags = Object.values(command.flags);
  if (spelled.startsWith("--")) {
    return command.flags[name] ?? flags.find((flag) => flag.aliases?.includes(name)) ?? globals[name];
  }
  return flags.find((flag) => flag.char === spelled[1]);
}

/** `--dry-run=x` → ["--dryRun", "x"]; unknown flags stay as they were typed, so that the error shows what was typed. */
function declared(token: string, command: CommandFacts): [string, string | undefined] {
  if (!token.startsWith("--")) return [token, undefined];
  const equals = token.indexOf("=");
  const typed = equals === -1 ? token : token.slice(0, equals);
  const value = equals === -1 ? undefined : token.slice(equals + 1);
  const name = typed.slice(2);
  const negated = name.startsWith("no-") ? camel(name.slice(3)) : undefined;
  if (negated !== undefined && command.flags[negated]?.allowNo) return [`--no-${negated}`, value];
  const known = [name, camel(name)].find((one) => Object.hasOwn(command.flags, one) || Object.hasOwn(globals, one));
  return [known === undefined ? typed : `--${known}`, value];
}

/** The enum value that was meant, whatever its letter case; `prod` is short for production. */
function inEnum(value: string, options: readonly string[] | undefined): string {
  if (options === undefined) return value;
  const wanted = value.toLowerCase();
  const found = options.find((option) => option.toLowerCase() === wanted);
  if (found !== undefined) return found;
  return wanted === "prod" && options.includes("production") ? "production" : value;
}

function short(text: string): string {
  const shown = withoutTokenLike(text);
  return shown.length > 100 ? `${shown.slice(0, 100)}…` : shown;
}
