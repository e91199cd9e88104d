import { stripVTControlCharacters } from "node:util";
import { AtoaError, usageError } from "../errors";
import { withoutTokenLike } from "../redaction";
import { anyOf, nearest } from "./nearest";

/**
 * Turns what oclif throws into the program's own error. Usage errors of every kind exit 3; oclif would exit 2, which
 * means "not authorised" here. Decided by class name: the classes are not exported, but their names are API.
 */
export function fromOclif(error: unknown, commandId: string): unknown {
  if (!(error instanceof Error) || error instanceof AtoaError) return error;
  const help = `see \`atoa ${commandId.replaceAll(":", " ")} --help\``;
  switch (error.constructor.name) {
    case "NonExistentFlagsError":
      return unknownFlags(error as Error & ParseFacts & { flags: string[] }, help);
    case "RequiredArgsError":
      return missingArguments(error as Error & ParseFacts & { args: { name: string }[] }, help);
    case "UnexpectedArgsError":
      return unexpectedArguments(error as Error & { args: string[] }, help, commandId);
    case "FailedFlagValidationError":
      return usageError(flagReasons(stripVTControlCharacters(error.message)), help);
    case "FlagInvalidOptionError":
      return usageError(notAnOption(error.message), help);
    case "ArgInvalidOptionError":
      return usageError(noSuchArgument(stripVTControlCharacters(error.message)), help);
    case "CLIError":
    case "CLIParseError":
      return usageError(inOurWords(firstLine(error.message)), help);
    default:
      return error;
  }
}

interface ParseFacts {
  parse: { input?: { flags?: Record<string, unknown> } };
}

function unknownFlags(error: ParseFacts & { flags: string[] }, help: string): AtoaError {
  const known = Object.keys(error.parse.input?.flags ?? {});
  const typed = (error.flags[0] ?? "").replace(/^-+/, "").split("=", 1)[0] ?? "";
  const close = nearest(typed, known).map((name) => `--${name}`);
  const plural = error.flags.length === 1 ? "" : "s";
  return usageError(`Unknown flag${plural} ${error.flags.map(short).join(", ")}`, anyOf(close, help));
}

function missingArguments(error: { args: { name: string }[] }, help: string): AtoaError {
  const names = error.args.map(({ name }) => `<${name}>`).join(" ");
  return usageError(`Missing argument${error.args.length === 1 ? "" : "s"} ${names}`, help);
}

function unexpectedArguments(error: { args: string[] }, help: string, commandId: string): AtoaError {
  const plural = error.args.length === 1 ? "" : "s";
  const next =
    commandId === "login" ? 'a token never stands on the command line: echo "$TOKEN" | atoa login --stdin' : help;
  return usageError(`Unexpected argument${plural} ${error.args.map((text) => short(`"${text}"`)).join(", ")}`, next);
}

/** "The following errors occurred:\n  Missing required flag a\n  …" → "Missing required flags --a, --b"; else the first reason. */
function flagReasons(message: string): string {
  const names = [...message.matchAll(/^ *Missing required flag (\w+)$/gm)].map(([, name]) => `--${name}`);
  if (names.length > 0) return `Missing required flag${names.length === 1 ? "" : "s"} ${names.join(", ")}`;
  return short((message.split("\n")[1] ?? message).trim().replace(/^(--\w+)=true /, "$1 "));
}

/** "Expected --env=x to be one of: a, b" → "--env must be one of a, b; got \"x\"". */
function notAnOption(message: string): string {
  const [, flag, typed = "", options] = /^Expected (--\w+)=(.*) to be one of: ([^\n]*)/s.exec(message) ?? [];
  return `${flag} must be one of ${options}; got ${JSON.stringify(short(typed))}`;
}

/** "Expected x to be one of: a, b": for an argument after `--`, which argv.ts leaves alone. */
function noSuchArgument(message: string): string {
  const [, typed = "", options] = /^Expected (.*) to be one of: ([^\n]*)/s.exec(message) ?? [];
  return `The argument must be one of ${options}; got ${JSON.stringify(short(typed))}`;
}

function firstLine(message: string): string {
  return short(message.split("\n")[0] ?? "");
}

/** oclif tells these few apart by nothing but their text. */
function inOurWords(message: string): string {
  return message
    .replace(/^Flag (--\S+) expects a value$/, "$1 needs a value")
    .replace(/^Flag (--\S+) expects one of these values: (.*)$/, "$1 needs a value, one of $2")
    .replace(/^Flag (--\S+) can only be specified once$/, "$1 is given more than once");
}

/** argv may hold a hundred kilobytes; an error shows enough to recognise it. */
function short(text: string): string {
  const shown = withoutTokenLike(text);
  return shown.length > 200 ? `${shown.slice(0, 200)}…` : shown;
}
