import type { LoggedRequest } from "@atoapayments/atoa-cli/emulator";
import { describe, expect, it } from "vitest";
import { type ErrorKind, errorCodes, exitCodes } from "../../src/errors";
import { some } from "../scale.mjs";
import { answers } from "./cases/answers";
import type { Case, Sent } from "./cases/case";
import { files } from "./cases/files";
import { refusals } from "./cases/refusals";
import { requests } from "./cases/requests";
import { type Lane, lanePool } from "./lanes";
import type { Outcome } from "./program";
import { shellWords } from "./shell-words";

/**
 * The contract as a table: each case is one run of the program (in CI a process of its own), against its own emulator.
 * What holds for every run (one error line, no stack, no token, nothing sent by a dry run) is checked for every case.
 */
const pool = lanePool(files);
const all: readonly Case[] = [...requests, ...refusals, ...answers];

it("no case is there twice", () => {
  const names = all.map(titleOf);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});

/** The one message of the public README that begins in lowercase. */
const bound = /^this token belongs to (?:sandbox|production) but you picked /;

it("a message begins with a capital letter, or with a name as it is spelled: --flag, ATOA_…, orderId, a quoted value", () => {
  // A fault's error has the server's words, which are passed on as they come.
  const messages = all.flatMap(({ error, faults }) => (error === undefined || faults !== undefined ? [] : [error]));
  expect(messages.length).toBeGreaterThan(300);
  const wrong = messages.filter((message) => /^[a-z]+(?=[ ,;:])/.test(message) && !bound.test(message));
  expect(wrong).toEqual([]);
});

describe.concurrent("a good line sends exactly one request", () => {
  it.for(titled(requests))("%s", ([, one]) => pool.use((lane) => play(one, lane)));
});
describe.concurrent("a bad line is refused", () => {
  it.for(titled(refusals))("%s", ([, one]) => pool.use((lane) => play(one, lane)));
});
describe.concurrent("an answer of the server", () => {
  it.for(titled(answers))("%s", ([, one]) => pool.use((lane) => play(one, lane)));
});
describe.concurrent("a dry run prints the request that would be sent", () => {
  const dry = requests.filter(({ sends }) => sends?.length === 1);
  it.for(titled(some(dry, 3)))("--dryRun %s", ([, one]) => pool.use((lane) => playDry(one, lane)));
});
describe.concurrent("an error as data has one shape", () => {
  const failing = all.filter(({ code = 0 }) => code !== 0);
  it.for(titled(some(failing, 3)))("--errors json %s", ([, one]) => pool.use((lane) => playAsData(one, lane)));
});

function titled(cases: readonly Case[]): (readonly [string, Case])[] {
  return cases.map((one) => [titleOf(one), one]);
}

function titleOf({ line, stdin, env, faults, given }: Case): string {
  const around = Object.entries({ stdin, env, faults, given }).filter(([, value]) => value !== undefined);
  const more = around.map(([name, value]) => `${name} ${JSON.stringify(value).slice(0, 120)}`);
  return [line, ...more].join(" · ");
}

async function play(one: Case, lane: Lane): Promise<void> {
  prepare(one, lane);
  const outcome = await lane.run(shellWords(one.line), { stdin: one.stdin, env: one.env ?? {} });
  expect(outcome.code, outcome.stderr).toBe(one.code ?? 0);
  holdsAlways(outcome, lane);
  if (one.error !== undefined) expect(outcome.stderr.split("\n")[0]).toBe(`error: ${one.error}`);
  if (one.stderr !== undefined) expect(outcome.stderr).toContain(one.stderr);
  checkStdout(one, outcome);
  const made = lane.emulator.requests();
  expect(made.map(asSent)).toEqual((one.sends ?? []).map(expected));
  for (const request of made) checkHeaders(request);
  // Attempts of one call share their key, so that the server does it once.
  expect(new Set(made.map(({ headers }) => headers["idempotency-key"])).size).toBeLessThanOrEqual(1);
}

const envelope = [
  ...["kind", "code", "message", "hint", "exitCode", "status", "serverCode", "requestId", "field"],
  ...["outcomeUnknown", "idempotencyKey", "resume"],
];

async function playAsData(one: Case, lane: Lane): Promise<void> {
  prepare(one, lane);
  const env = { ...one.env, ATOA_ERRORS: "json" };
  const { code, stderr } = await lane.run(shellWords(one.line), { stdin: one.stdin, env });
  const lines = stderr
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  const { error } = lines.pop();
  expect(lines.map((line) => Object.keys(line).join()).filter((kind) => !/^(warning|trace)$/.test(kind))).toEqual([]);
  expect(Object.keys(error)).toEqual(envelope);
  expect([code, error.exitCode, exitCodes[error.kind as ErrorKind]]).toEqual([one.code, one.code, one.code]);
  expect(Object.keys(errorCodes)).toContain(error.code);
  expect(error.code).not.toBe("INTERNAL");
  if (one.error !== undefined) expect([error.message, error.hint].filter(Boolean).join(" — ")).toBe(one.error);
  if (error.resume !== null) await resumes(error.resume, error.idempotencyKey, lane);
}

/** The command line of an error, run as it is printed, sends the same write with the same key, and succeeds. */
async function resumes(argv: readonly string[], key: string, { run, emulator }: Lane): Promise<void> {
  const [program, ...words] = argv;
  emulator.clearFaults();
  const { code, stderr } = await run(words, {});
  expect([program, code, stderr]).toEqual(["atoa", 0, ""]);
  const writes = emulator.requests().filter(({ method }) => method !== "GET");
  expect(new Set(writes.map(({ headers }) => headers["idempotency-key"]))).toEqual(new Set([key]));
}

async function playDry(one: Case, lane: Lane): Promise<void> {
  prepare(one, lane);
  const outcome = await lane.run(["--dryRun", ...shellWords(one.line)], { stdin: one.stdin, env: one.env ?? {} });
  expect(outcome.code, outcome.stderr).toBe(0);
  holdsAlways(outcome, lane);
  expect(lane.emulator.requests()).toEqual([]);
  const shown = parsed(outcome.stdout, one.line);
  const [wanted] = one.sends ?? [];
  if (wanted === undefined) throw new Error("a dry run needs a request to compare with");
  const { idempotencyKey, ...rest } = shown;
  const { method, path, query, body } = expected(wanted);
  expect(rest).toEqual({
    method,
    url: lane.emulator.origin + path,
    ...(Object.keys(query).length === 0 ? {} : { query }),
    ...(body === undefined ? {} : { body: withoutSecrets(body) }),
  });
  expect(idempotencyKey === undefined).toBe(method === "GET" || method === "DELETE");
}

function prepare(one: Case, { emulator, changed }: Lane): void {
  if (one.given !== undefined) changed();
  for (const [id, status] of Object.entries(one.given ?? {})) {
    for (const environment of ["sandbox", "production"] as const) emulator.preparePayment(id, { status, environment });
  }
  for (const fault of one.faults ?? []) emulator.fault(fault);
}

/** What no run may ever do. */
function holdsAlways({ code, stdout, stderr, signal }: Outcome, { emulator }: Lane): void {
  expect(signal).toBeNull();
  expect(stderr).not.toMatch(/^ +at .*[:)]/m);
  expect(stdout + stderr).not.toMatch(/undefined|\[object |NaN|\u001b\[/);
  for (const token of Object.values(emulator.tokens)) expect(stdout + stderr).not.toContain(token);
  const errors = stderr.split("\n").filter((line) => line.startsWith("error: "));
  if (code === 0) expect(errors).toEqual([]);
  else expect(errors).toEqual([expect.stringMatching(/^error: \S.* — \S.*[^.]$/)]);
}

function checkStdout(one: Case, { stdout }: Outcome): void {
  if (one.stdout === "") expect(stdout).toBe("");
  else if (typeof one.stdout === "string") expect(stdout).toContain(one.stdout);
  else if (Array.isArray(one.stdout)) expect(JSON.parse(stdout)).toEqual(one.stdout);
  else if (one.stdout !== undefined) expect(JSON.parse(stdout)).toMatchObject(one.stdout);
  if ((one.code ?? 0) !== 0 && one.stdout === undefined) expect(stdout).toBe("");
}

interface Comparable {
  method: string;
  path: string;
  query: Readonly<Record<string, string>>;
  body: unknown;
  environment: string | null;
}

function asSent({ method, path, query, body, environment }: LoggedRequest): Comparable {
  return { method, path, query, body, environment };
}

function expected({ request, body, with: environment = "sandbox" }: Sent): Comparable {
  const [method = "", target = ""] = request.split(/ (.*)/s);
  const [path = "", query = ""] = target.split(/\?(.*)/s);
  return { method, path, query: Object.fromEntries(new URLSearchParams(query)), body, environment };
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

function checkHeaders({ method, headers, body }: LoggedRequest): void {
  expect(headers["x-atoa-cli-request-id"]).toMatch(uuid);
  expect(headers["user-agent"]).toMatch(/^atoa-cli\/\d+\.\d+\.\d+ \(node \d+\.\d+\.\d+; \w+-\w+\)$/);
  expect(headers["x-cli-version"]).toMatch(/^\d+\.\d+\.\d+$/);
  expect(headers.accept).toBe("application/json");
  expect(headers["content-type"]).toBe(body === undefined ? undefined : "application/json");
  if (method === "GET" || method === "DELETE") expect(headers["idempotency-key"]).toBeUndefined();
  else expect(headers["idempotency-key"]).toMatch(/^[!-~]{1,255}$/);
}

function withoutSecrets(body: unknown): unknown {
  if (body === null || typeof body !== "object" || !("authentication" in body)) return body;
  return { ...body, authentication: "<redacted>" };
}

function parsed(stdout: string, line: string): Record<string, unknown> {
  expect(line).not.toMatch(/--output/);
  return JSON.parse(stdout) as Record<string, unknown>;
}
