import { randomUUID } from "node:crypto";
import { badRequest, EmulatorError, unauthorized } from "../emulator-error";
import type { FaultList } from "../faults/fault-list";
import { playFault } from "../faults/faulty-exchange";
import type { LoggedRequest } from "../handle";
import type { Handler } from "../handlers/call";
import type { Ending } from "../http/ending";
import { type Answer, type Incoming, pathOf, queryOf, refusalAnswer } from "../http/exchange";
import type { Emulation } from "../state/emulation";
import { IdempotencyMemory } from "../state/idempotency";
import type { ApiKey } from "../state/records";
import { api } from "./api-law";
import type { OperationCounts } from "./operation-counts";
import type { RequestLog } from "./request-log";
import type { ApiOperation } from "./specification";

/** What an exchange with the API needs of the emulator. */
export interface ApiContext {
  emulation: Emulation;
  log: RequestLog;
  counts: OperationCounts;
  faults: FaultList;
  onRequest: ((request: LoggedRequest) => void) | undefined;
  /** Notes a change, for the data file. */
  changed: () => void;
  /** Turns away what the OpenAPI file does not name, instead of overlooking it. */
  strict: boolean;
}

/** An operation and its handler. */
export interface Route {
  operation: ApiOperation;
  handle: Handler;
  path: Readonly<Record<string, string>>;
}

/** Reads that are POSTs: a repeat is answered afresh, and their pages are not kept. */
const reads = new Set(["listTransactions"]);

/** An exchange that was decided: how it ends, and the id it goes by. */
export interface Served {
  ending: Ending;
  requestId: string;
}

/** Takes one exchange with the API from the first byte to the last. @param route undefined for one that the API does not have */
export async function serveApi(context: ApiContext, incoming: Incoming, route: Route | undefined): Promise<Served> {
  const begun = performance.now();
  const requestId = randomUUID();
  const { method, target } = incoming;
  let text = "";
  let early: Answer | undefined;
  try {
    const body = incoming.body();
    text = typeof body === "string" ? body : await body;
  } catch (error) {
    early = refusalAnswer(asRefusal(error));
  }
  const logged = logRequest(context, incoming, requestId, text);
  const decide = (): Answer => {
    const decided = early ?? answerOf(context, incoming, route, text);
    if (decided.status === 200 && method !== "GET" && !reads.has(route?.operation.id ?? "")) context.changed();
    return decided;
  };
  const key = context.emulation.keys.withId(logged.sdkAccessId ?? "");
  const fault = context.faults.take(method, pathOf(target), key?.merchantId);
  const ending: Ending =
    fault === undefined ? { kind: "answer", answer: decide() } : await playFault(fault, incoming, decide);
  if (ending.kind === "answer" || ending.kind === "drip") {
    logged.status = ending.answer.status;
    logged.replayed = ending.answer.headers?.["idempotency-replayed"] === "true";
  }
  logged.ms = Math.round(performance.now() - begun);
  if (route !== undefined) context.counts.add(route.operation.id, logged.status);
  context.onRequest?.(logged);
  return { ending, requestId };
}

function logRequest(
  { emulation, log }: ApiContext,
  incoming: Incoming,
  requestId: string,
  text: string,
): LoggedRequest {
  const { method, target } = incoming;
  const { authorization, ...headers } = incoming.headers;
  const key = emulation.keys.withToken(bearerToken(authorization) ?? "");
  return log.add(
    {
      at: new Date(emulation.clock.now()).toISOString(),
      requestId,
      method,
      path: pathOf(target),
      query: queryOf(target),
      headers: headers as Record<string, string>,
      ...(text === "" ? {} : { body: text }),
      sdkAccessId: key?.sdkAccessId ?? null,
      environment: key?.environment ?? null,
      idempotencyKey: headers["idempotency-key"] ?? null,
      status: null,
      replayed: false,
      ms: null,
    },
    target.length + text.length,
  );
}

function bearerToken(authorization: string | undefined): string | undefined {
  return /^Bearer +(\S+) *$/i.exec(authorization ?? "")?.[1];
}

/** @throws EmulatorError unauthorized for no token, and for one that nobody has */
function keyOf(emulation: Emulation, authorization: string | undefined): ApiKey {
  const token = bearerToken(authorization);
  if (token === undefined) throw unauthorized("Token missing");
  const key = emulation.keys.withToken(token);
  if (key === undefined) throw unauthorized();
  return key;
}

/** Refusals become their bodies; anything else is a fault of the emulator and says so without secrets. */
function asRefusal(error: unknown): EmulatorError {
  if (error instanceof EmulatorError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new EmulatorError("broken", `The emulator failed: ${message}`, "EMULATOR_FAILURE");
}

/** Decides the answer to one request, all at once: nothing else happens in between. */
function answerOf(context: ApiContext, incoming: Incoming, route: Route | undefined, text: string): Answer {
  const { emulation } = context;
  const { method, target, headers } = incoming;
  try {
    emulation.agenda.catchUp();
    if (route === undefined)
      throw new EmulatorError("not-found", `No such route: ${method} ${pathOf(target)}`, "ROUTE_NOT_FOUND");
    const { authorization } = headers;
    const key =
      authorization === undefined && route.operation.tokenOptional ? undefined : keyOf(emulation, authorization);
    const perform = (): string => JSON.stringify(performed(context, incoming, route, key, text));
    const idempotencyKey = headers["idempotency-key"];
    if (key === undefined || idempotencyKey === undefined || method === "GET" || reads.has(route.operation.id)) {
      return { status: 200, body: perform() };
    }
    const owner = key.sdkAccessId;
    const now = emulation.clock.now();
    const fingerprint = IdempotencyMemory.fingerprint(method, target, text);
    const first = emulation.idempotency.recall(owner, idempotencyKey, fingerprint, now);
    if (first !== undefined)
      return { status: first.status, body: first.body, headers: { "idempotency-replayed": "true" } };
    const body = perform();
    emulation.idempotency.remember(owner, idempotencyKey, { fingerprint, at: now, status: 200, body });
    return { status: 200, body };
  } catch (error) {
    const { status, body, headers: more } = refusalAnswer(asRefusal(error));
    return { status, body: emulation.keys.scrub(body), headers: more };
  }
}

function performed(
  { emulation, strict }: ApiContext,
  incoming: Incoming,
  { operation, handle, path }: Route,
  key: ApiKey | undefined,
  text: string,
): unknown {
  const query: Record<string, unknown> = queryOf(incoming.target);
  const queryWrong = api.queryProblem(operation, query, strict);
  if (queryWrong !== undefined) throw badRequest(queryWrong);
  if (strict && text !== "" && !/^application\/json\b/i.test(incoming.headers["content-type"] ?? ""))
    throw badRequest("content-type must be application/json");
  const answer = handle({
    emulation,
    business: key === undefined ? emulation.business("sandbox") : emulation.businessOf(key),
    key,
    path,
    query,
    body: checkedBody(operation, text, strict),
    origin: `http://${incoming.headers.host ?? "localhost"}`,
  });
  if (strict) selfCheck(api.answerProblem(operation, 200, answer));
  return answer;
}

/** @throws EmulatorError broken for an answer that its own file forbids */
export function selfCheck(problem: string | undefined): void {
  if (problem !== undefined) throw new EmulatorError("broken", `Wrong response: ${problem}`, "EMULATOR_FAILURE");
}

function checkedBody(operation: ApiOperation, text: string, strict: boolean): unknown {
  if (!operation.takesBody) return undefined;
  if (text === "") {
    if (operation.bodyRequired) throw badRequest("A JSON body is required");
    return undefined;
  }
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw badRequest("The body is not valid JSON");
  }
  const problem = api.bodyProblem(operation, body, strict);
  if (problem !== undefined) throw badRequest(problem);
  return body;
}
