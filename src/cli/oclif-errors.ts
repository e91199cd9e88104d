import { stripVTControlCharacters } from "node:util";
import { AtoaError, usageError } from "../errors";
import { truncate } from "../text";

/**
 * Turns what oclif throws into the program's own error. Usage errors of every kind exit 3; oclif would exit 2, which
 * means "not authorised" here. Decided by class name: the classes are not exported, but their names are API. What is
 * wrong with a single flag, argv.ts has said before.
 */
export function translateOclifError(error: unknown, commandId: string): unknown {
  if (!(error instanceof Error) || error instanceof AtoaError) return error;
  const help = `see \`atoa ${commandId.replaceAll(":", " ")} --help\``;
  switch (error.constructor.name) {
    case "RequiredArgsError":
      return missing("argument", namesOf((error as OclifError).args), help);
    case "UnexpectedArgsError":
      return unexpectedArguments((error as OclifError).args ?? [], help, commandId);
    case "FailedFlagValidationError":
      return flagsOf(error, help);
    case "CLIError":
    case "CLIParseError":
      return usageError(brief(error.message.split("\n")[0] ?? ""), help);
    default:
      return error;
  }
}

interface OclifError extends Error {
  readonly args?: readonly (string | { readonly name: string })[];
  readonly parse?: {
    readonly input?: { readonly flags?: Readonly<Record<string, { readonly required?: boolean }>> };
    readonly output?: { readonly flags?: Readonly<Record<string, unknown>> };
  };
}

function namesOf(args: OclifError["args"] = []): string[] {
  return args.map((arg) => `<${typeof arg === "string" ? arg : arg.name}>`);
}

function missing(what: string, names: readonly string[], help: string): AtoaError {
  return usageError(
    `Missing ${what}${names.length === 1 ? "" : "s"} ${names.join(names[0]?.startsWith("-") ? ", " : " ")}`,
    help,
  ).with({ code: "MISSING_INPUT", field: names[0] });
}

function unexpectedArguments(args: readonly unknown[], help: string, commandId: string): AtoaError {
  const plural = args.length === 1 ? "" : "s";
  const next =
    commandId === "login" ? 'tokens are not accepted on the command line: echo "$TOKEN" | atoa login --stdin' : help;
  return usageError(`Unexpected argument${plural} ${args.map((text) => brief(`"${text}"`)).join(", ")}`, next);
}

/** Required flags that are missing; else what oclif says first of flags that exclude each other. */
function flagsOf(error: OclifError, help: string): AtoaError {
  const { input, output } = error.parse ?? {};
  const required = Object.entries(input?.flags ?? {}).filter(([, flag]) => flag.required);
  const absent = required.filter(([name]) => !Object.hasOwn(output?.flags ?? {}, name)).map(([name]) => `--${name}`);
  if (absent.length > 0) return missing("required flag", absent, help);
  const [, reason = ""] = stripVTControlCharacters(error.message).split("\n");
  return usageError(brief(reason.trim().replace(/^(--\w+)=true /, "$1 ")), help);
}

/** argv may hold a hundred kilobytes; an error shows enough to recognise it. */
function brief(text: string): string {
  return truncate(text, 200);
}
