import type { CommandFacts, CompletionData, FlagFacts, Values } from "./data";
import type { Line } from "./line";

/** From a command line to what may stand at its end. Pure: the names of this machine are passed in. */

export interface Candidate {
  /** The whole word, without quotes. */
  readonly text: string;
  readonly description: string;
}

/** Names of this machine: from the config, and of files. */
export interface DynamicValues {
  /** Paths that begin so, `~/` being the user's home; directories end in a slash. */
  files(start: string): readonly Candidate[];
  profiles(): readonly Candidate[];
  /** Ids of this machine's keys, of one profile or environment when the line names it. */
  keys(wanted: { profile: string | undefined; env: string | undefined }): readonly Candidate[];
}

/** What the words before the cursor say. */
interface ParseState {
  /** The topic or command, word by word. */
  readonly path: string[];
  command: CommandFacts | undefined;
  readonly given: Map<string, string>;
  /** Arguments before the cursor. */
  args: number;
  /** The flag that waits for its value. */
  pending: FlagFacts | undefined;
  /** `--` was typed: all that follows belongs to another command. */
  ended: boolean;
  /** A word that no command has. */
  lost: boolean;
}

export function candidates(line: Line, data: CompletionData, live: () => DynamicValues): readonly Candidate[] {
  const found = offered(line, data, live);
  return line.current.quote === "" ? found : found.filter(isNotAtHome);
}

/** A shell knows the home directory by a ~/ without quotes at the start of a word; elsewhere there is no such file. */
function isNotAtHome({ text }: Candidate): boolean {
  return !text.startsWith("~/");
}

function offered({ words, current }: Line, data: CompletionData, live: () => DynamicValues): readonly Candidate[] {
  const now = situation(words.slice(1), data);
  const { text } = current;
  if (now.ended && now.command?.rest === "files") return live().files(text);
  if (now.ended || now.lost) return [];
  if (now.pending !== undefined) return matching(valuesOf(now.pending, text, now, live), text);
  const assigned = /^(--?[^=]+)=(.*)$/s.exec(text);
  if (assigned !== null) {
    const [, flag = "", value = ""] = assigned;
    const facts = flagNamed(flag, now, data);
    if (facts?.values === undefined) return [];
    return matching(withPrefix(`${flag}=`, valuesOf(facts, value, now, live)), text);
  }
  const glued = /^(-[^-])(.+)$/s.exec(text);
  if (glued !== null) {
    const [, flag = "", value = ""] = glued;
    const facts = flagNamed(flag, now, data);
    return facts?.values === undefined ? [] : withPrefix(flag, valuesOf(facts, value, now, live));
  }
  if (text.startsWith("-")) return flags(text, now, data);
  const found = now.command === undefined ? below(now.path, data) : fromArgument(now, live);
  if (found.length === 0 && text === "" && now.command !== undefined) return flags("", now, data);
  return matching(found, text);
}

function situation(words: readonly string[], data: CompletionData): ParseState {
  const now: ParseState = {
    path: [],
    command: undefined,
    given: new Map(),
    args: 0,
    pending: undefined,
    ended: false,
    lost: false,
  };
  for (const word of words[0] === "help" ? words.slice(1) : words) step(word, now, data);
  return now;
}

function step(word: string, now: ParseState, data: CompletionData): void {
  if (now.ended) return;
  if (now.pending !== undefined) {
    now.given.set(now.pending.name, word);
    now.pending = undefined;
  } else if (word === "--") now.ended = true;
  else if (/^-[^\d]/.test(word)) stepFlag(word, now, data);
  else if (now.command !== undefined) now.args++;
  else stepCommand(word, now, data);
}

function stepFlag(word: string, now: ParseState, data: CompletionData): void {
  const equals = word.indexOf("=");
  const facts = flagNamed(equals === -1 ? word : word.slice(0, equals), now, data);
  if (facts === undefined) return;
  // -d@file holds its value already.
  const glued = !word.startsWith("--") && word.length > 2;
  if (facts.values !== undefined && equals === -1 && !glued) now.pending = facts;
  else now.given.set(facts.name, equals === -1 ? "" : word.slice(equals + 1));
}

function stepCommand(word: string, now: ParseState, data: CompletionData): void {
  now.path.push(word);
  const id = now.path.join(" ");
  now.command = Object.hasOwn(data.commands, id) ? data.commands[id] : undefined;
  now.lost = now.command === undefined && below(now.path, data).length === 0;
}

/** The flag that `--dryRun`, `--dry-run`, `--no-enableTips` or `-d` means here. */
function flagNamed(spelled: string, now: ParseState, data: CompletionData): FlagFacts | undefined {
  const all = flagsOf(now, data);
  const [, letter = ""] = spelled;
  if (letter !== "-") return all.find(({ char, aliases = [] }) => char === letter || aliases.includes(letter));
  const name = camel(spelled.slice(2));
  const negated = /^no-(.)/.test(spelled.slice(2)) ? camel(spelled.slice(5)) : undefined;
  return all.find(
    (flag) =>
      [name, spelled.slice(2)].includes(flag.name) ||
      flag.aliases?.includes(name) ||
      (flag.allowNo && flag.name === negated),
  );
}

function flagsOf({ command }: ParseState, data: CompletionData): readonly FlagFacts[] {
  if (command === undefined) return data.globals;
  return command.globals ? [...command.flags, ...data.globals] : command.flags;
}

/** Flags that may still be given, required ones first. */
function flags(text: string, now: ParseState, data: CompletionData): Candidate[] {
  const open = flagsOf(now, data).filter(({ name, multiple }) => multiple || !now.given.has(name));
  const sorted = [...open.filter(({ required }) => required), ...open.filter(({ required }) => !required)];
  const help = { name: "help", text: "Show help." };
  const version = { name: "version", text: "Print the version." };
  const others = now.command === undefined && now.path.length === 0 ? [help, version] : [help];
  const typed = text.replace(/^--?/, "");
  const negating = typed.startsWith("no");
  return [...sorted, ...others].flatMap((flag) => {
    const names = [flag.name, ...("allowNo" in flag && negating ? [`no-${flag.name}`] : [])];
    return names.flatMap((name) => {
      // Whoever types --dry- gets --dry-run; camel case is offered otherwise.
      const spelled = [name, kebab(name)].find((one) => `--${one}`.startsWith(text));
      return spelled === undefined ? [] : [{ text: `--${spelled}`, description: flag.text }];
    });
  });
}

/** The words that may follow in the command's name. */
function below(path: readonly string[], data: CompletionData): Candidate[] {
  const start = path.map((word) => `${word} `).join("");
  const found = new Map<string, string>();
  for (const [id, { text }] of Object.entries(data.commands)) {
    if (!id.startsWith(start)) continue;
    const [word = ""] = id.slice(start.length).split(" ");
    const name = start + word;
    found.set(word, id === name ? text : (data.topics[name] ?? ""));
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([text, description]) => ({ text, description }));
}

function fromArgument({ command, args, given }: ParseState, live: () => DynamicValues): readonly Candidate[] {
  return named(command?.args[args] ?? [], "", given, live);
}

function valuesOf(
  flag: FlagFacts,
  typed: string,
  { given }: ParseState,
  live: () => DynamicValues,
): readonly Candidate[] {
  const found = named(flag.values ?? [], typed, given, live);
  if (!flag.list) return found;
  const start = typed.slice(0, typed.lastIndexOf(",") + 1);
  const taken = start.toUpperCase().split(",");
  return withPrefix(
    start,
    found.filter(({ text }) => !taken.includes(text.toUpperCase())),
  );
}

function named(
  values: Values,
  typed: string,
  given: ReadonlyMap<string, string>,
  live: () => DynamicValues,
): readonly Candidate[] {
  if (values === "files") return live().files(typed);
  if (values === "@files") return typed.startsWith("@") ? withPrefix("@", live().files(typed.slice(1))) : [];
  if (values === "profiles") return live().profiles();
  if (values === "keys") return live().keys({ profile: given.get("profile"), env: given.get("env") });
  return values.map((text) => ({ text, description: "" }));
}

function withPrefix(prefix: string, found: readonly Candidate[]): Candidate[] {
  return found.filter(isNotAtHome).map(({ text, description }) => ({ text: prefix + text, description }));
}

/** Values count in any letter case, as they do on the command line. */
function matching(found: readonly Candidate[], typed: string): readonly Candidate[] {
  const start = typed.toLowerCase();
  return found.filter(({ text }) => text.toLowerCase().startsWith(start));
}

function camel(name: string): string {
  return name.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
