import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Config, type Interfaces, Plugin, settings } from "@oclif/core";
import { type Commands, type Plan, readArgv } from "./argv";
import { AtoaError, codeOf, exitCodes, interrupted } from "./errors";
import { maskTokenLike, redact } from "./redaction";
import {
  awaitsInterruption,
  flush,
  logJson,
  marked,
  PipeClosed,
  readErrorsFormat,
  signalCode,
  speakJson,
  speaksJson,
  wantsColour,
  writeData,
  writeStderr,
} from "./terminal/terminal";
import { sanitise, truncate } from "./text";

/**
 * The path of one command: argv → plan → oclif runs the command → it prints a value, or one error is printed here.
 * @param argv what was typed after `atoa`
 * @param root directory of package.json and oclif.manifest.json
 * @returns the exit code, when all output has left the process
 */
export async function main(argv: readonly string[], root: string): Promise<number> {
  // What no promise caught (a stream, a timer of a library) must not end in a stack trace: the last resort, said like any error.
  process.once("uncaughtException", endWith);
  let id = "";
  speakJson(false);
  try {
    const { rest, asJson } = readErrorsFormat(argv);
    speakJson(asJson);
    if (asJson) process.once("SIGINT", endAsJson);
    const config = await loadConfig(root);
    const plan = await readArgv(rest, commandsOf(config));
    if (plan.kind !== "version") id = plan.id;
    await execute(plan, config, root);
    return Number(process.exitCode ?? 0);
  } catch (error) {
    if (error instanceof PipeClosed) return signalCode() ?? 0;
    const code = report(await translated(error, id));
    return code === exitCodes.interrupted ? (signalCode() ?? code) : code;
  } finally {
    process.removeListener("SIGINT", endAsJson);
    await flush();
  }
}

/** Ctrl-C before a command has work to end: without this it would die of the signal, and say nothing. */
function endAsJson(): void {
  if (!awaitsInterruption()) endWith(interrupted());
}

function endWith(error: unknown): void {
  process.exit(report(error));
}

async function execute(plan: Plan, config: Config, root: string): Promise<void> {
  if (plan.kind === "version") return writeData(`${config.userAgent}\n`);
  if (plan.kind === "help") {
    const { helpPage } = await import("./start/help-page");
    return writeData(helpPage(root, plan.id, wantsColour("stdout")));
  }
  await config.runCommand(plan.id, [...plan.argv]);
}

/** What oclif throws, in our words. */
async function translated(error: unknown, id: string): Promise<unknown> {
  if (error instanceof AtoaError) return error;
  const { translateOclifError } = await import("./cli/oclif-errors");
  return translateOclifError(error, id);
}

/** oclif's config without the search for themes. */
class AtoaConfig extends Config {
  override async loadTheme(): Promise<undefined> {}
}

/** Loads oclif's config from files already known, so that it searches for nothing. */
export async function loadConfig(root: string): Promise<Config> {
  settings.enableAutoTranspile = false;
  const pjson = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Interfaces.PJSON;
  const plugin = new Plugin({ root, isRoot: true, name: pjson.name, pjson });
  await plugin.load();
  const config = new AtoaConfig({ root, pjson, plugins: new Map([[plugin.name, plugin]]) });
  await config.load();
  return config;
}

function commandsOf(config: Config): Commands {
  return Object.fromEntries(config.commands.map((command) => [command.id, command as Commands[string]]));
}

/**
 * Prints any failure in the one form of the program and returns its exit code. Shows a stack only under ATOA_DEBUG=1. It is
 * here, and not loaded late, so that an update under way cannot swallow what is known of a write.
 */
function report(error: unknown): number {
  const known = error instanceof AtoaError ? error : unexpected(error);
  if (speaksJson()) {
    logJson({ error: envelope(known) });
    if (process.env.ATOA_DEBUG === "1") for (const stack of stacks(error)) logJson({ trace: { stack } });
    return known.exitCode;
  }
  for (const line of errorLines(known)) writeStderr(`${marked(line)}\n`);
  if (process.env.ATOA_DEBUG === "1") for (const stack of stacks(error)) writeStderr(`${stack}\n`);
  return known.exitCode;
}

/** The stack of an error and of what caused it, outermost first. */
function stacks(error: unknown, depth = 0): string[] {
  if (!(error instanceof Error) || depth > 5) return [];
  const stack = error.stack ?? `${error.name}: ${error.message}`;
  return [depth === 0 ? stack : `caused by: ${stack}`, ...stacks(error.cause, depth + 1)];
}

/** The lines of an error: what, what to do next, then the facts of the response when there was one. */
function errorLines(error: AtoaError): string[] {
  const summary = summaryOf(error);
  if (error.hint === "") return [summary];
  const lines = [`error: ${summary} — ${sentence(error.hint)}`];
  if (error.status !== undefined) lines.push(`  status: ${error.status}`);
  if (error.facts.serverCode !== undefined) lines.push(`  code: ${sentence(error.facts.serverCode)}`);
  if (error.facts.requestId !== undefined) lines.push(`  request-id: ${sentence(error.facts.requestId)}`);
  return lines;
}

/** The same as data: one shape for every failure, missing facts are null. */
function envelope(error: AtoaError): Record<string, unknown> {
  const { kind, hint, status, serverCode, requestId, field, outcomeUnknown, idempotencyKey, resume } = error.facts;
  return {
    kind,
    code: codeOf(error.facts),
    message: summaryOf(error),
    hint: hint === "" ? null : sentence(hint),
    exitCode: error.exitCode,
    status: status ?? null,
    serverCode: serverCode === undefined ? null : sentence(serverCode),
    requestId: requestId === undefined ? null : sentence(requestId),
    field: field === undefined ? null : asTyped(field),
    outcomeUnknown: outcomeUnknown ?? null,
    idempotencyKey: idempotencyKey ?? null,
    resume: resume ?? null,
  };
}

/** --amount and <id> are; a variable is; a bare name is a flag. */
function asTyped(field: string): string {
  return /^[-<]|^[A-Z_]+$/.test(field) ? field : `--${field}`;
}

function summaryOf(error: AtoaError): string {
  return sentence(isAboutInput(error) ? maskTokenLike(redact(error.summary)) : error.summary);
}

/** Errors that may quote what was typed: a token in the wrong place is not repeated. */
function isAboutInput(error: AtoaError): boolean {
  return error.kind === "usage" || error.kind === "notFound";
}

/** Redacted before control characters go, so that a token broken by them is still found. */
function sentence(text: string): string {
  return truncate(sanitise(redact(text)), 1000);
}

function unexpected(error: unknown): AtoaError {
  const message = error instanceof Error ? error.message : String(error);
  return new AtoaError({
    kind: "failure",
    code: "INTERNAL",
    message: `Unexpected error: ${message.split("\n")[0] ?? ""}`,
    hint: "please report it; ATOA_DEBUG=1 shows where it happened",
    cause: error,
  });
}
