import { AtoaError, codeOf } from "../errors";
import { maskTokenLike, redact } from "../redaction";
import { sanitise, truncate } from "../text";
import { logJson, marked, speaksJson, writeStderr } from "./terminal";

/** Prints any failure in the one form of the program and returns its exit code. Shows a stack only under ATOA_DEBUG=1. */
export function reportError(error: unknown): number {
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
