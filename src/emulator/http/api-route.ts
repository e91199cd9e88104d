import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { FaultList } from "../faults/fault-list";
import { playFault } from "../faults/faulty-exchange";
import type { Handler } from "../handlers/call";
import { badRequest, Refusal, unauthorized } from "../refusal";
import type { Emulation } from "../state/emulation";
import { IdempotencyMemory } from "../state/idempotency";
import type { ApiKey } from "../state/records";
import { type Answer, pathOf, queryOf, readBody, refusalAnswer, send } from "./exchange";
import type { LoggedRequest, RequestLog } from "./request-log";
import { type ApiOperation, bodyProblem, queryProblem } from "./specification";

/** What an exchange with the API needs of the emulator. */
export interface ApiContext {
  emulation: Emulation;
  log: RequestLog;
  faults: FaultList;
  onRequest: ((request: LoggedRequest) => void) | undefined;
  /** Resolves when everything that has changed is safe in the data file; undefined without one. */
  saved: () => Promise<void> | undefined;
}

export interface Exchange {
  incoming: IncomingMessage;
  outgoing: ServerResponse;
}

/** An operation and its handler; undefined for a route that the API does not have. */
export interface Route {
  operation: ApiOperation;
  handle: Handler;
  path: Readonly<Record<string, string>>;
}

/** Reads that are POSTs: a repeat is answered afresh, and their pages are not kept. */
const reads = new Set(["listTransactions"]);

/** Takes one exchange with the API from the first byte to the last. */
export async function serveApi(context: ApiContext, exchange: Exchange, route: Route | undefined): Promise<void> {
  const { incoming, outgoing } = exchange;
  const requestId = randomUUID();
  const method = incoming.method ?? "GET";
  const target = incoming.url ?? "/";
  const path = pathOf(target);
  let text = "";
  let early: Answer | undefined;
  try {
    const body = readBody(incoming);
    text = typeof body === "string" ? body : await body;
  } catch (error) {
    early = refusalAnswer(asRefusal(error));
  }
  const logged = logRequest(context, exchange, { requestId, method, path, target, text });
  const decide = async (): Promise<Answer> => {
    const decided = early ?? answerOf(context, exchange, route, { method, target, text });
    try {
      if (decided.status === 200 && method !== "GET" && !reads.has(route?.operation.id ?? "")) await context.saved();
      return decided;
    } catch (error) {
      return refusalAnswer(asRefusal(error));
    }
  };
  const fault = context.faults.take(method, path);
  const answer = fault === undefined ? await decide() : await playFault(fault, exchange, decide);
  if (answer !== undefined) logged.status = answer.status;
  context.onRequest?.(logged);
  if (answer !== undefined) send(outgoing, requestId, answer);
}

function logRequest(
  { emulation, log }: ApiContext,
  { incoming }: Exchange,
  request: { requestId: string; method: string; path: string; target: string; text: string },
): LoggedRequest {
  const { requestId, method, path, target, text } = request;
  const { authorization, ...headers } = incoming.headers;
  const key = emulation.keys.withToken(bearerToken(authorization) ?? "");
  return log.add(
    {
      at: new Date(emulation.clock.now()).toISOString(),
      requestId,
      method,
      path,
      query: queryOf(target),
      headers: headers as Record<string, string>,
      ...(text === "" ? {} : { body: text }),
      sdkAccessId: key?.sdkAccessId ?? null,
      environment: key?.environment ?? null,
      status: null,
    },
    target.length + text.length,
  );
}

function bearerToken(authorization: string | undefined): string | undefined {
  return /^Bearer +(\S+) *$/i.exec(authorization ?? "")?.[1];
}

/** @throws Refusal unauthorized for no token, and for one that nobody has */
function keyOf(emulation: Emulation, authorization: string | undefined): ApiKey {
  const token = bearerToken(authorization);
  if (token === undefined) throw unauthorized("token missing");
  const key = emulation.keys.withToken(token);
  if (key === undefined) throw unauthorized();
  return key;
}

/** Refusals become their bodies; anything else is a fault of the emulator and says so without secrets. */
function asRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new Refusal("broken", `the emulator failed: ${message}`, "EMULATOR_FAILURE");
}

/** Decides the answer to one request, all at once: nothing else happens in between. */
function answerOf(
  context: ApiContext,
  exchange: Exchange,
  route: Route | undefined,
  request: { method: string; target: string; text: string },
): Answer {
  const { emulation } = context;
  try {
    emulation.agenda.catchUp();
    if (route === undefined)
      throw new Refusal("not-found", `there is no ${request.method} ${pathOf(request.target)}`, "ROUTE_NOT_FOUND");
    const { authorization } = exchange.incoming.headers;
    const key =
      authorization === undefined && route.operation.tokenOptional ? undefined : keyOf(emulation, authorization);
    const idempotencyKey = exchange.incoming.headers["idempotency-key"];
    if (
      key === undefined ||
      typeof idempotencyKey !== "string" ||
      request.method === "GET" ||
      reads.has(route.operation.id)
    ) {
      return { status: 200, body: JSON.stringify(perform(emulation, exchange, route, key, request)) };
    }
    const owner = key.sdkAccessId;
    const now = emulation.clock.now();
    const fingerprint = IdempotencyMemory.fingerprint(request.method, request.target, request.text);
    const first = emulation.idempotency.recall(owner, idempotencyKey, fingerprint, now);
    if (first !== undefined)
      return { status: first.status, body: first.body, headers: { "idempotency-replayed": "true" } };
    const body = JSON.stringify(perform(emulation, exchange, route, key, request));
    emulation.idempotency.remember(owner, idempotencyKey, { fingerprint, at: now, status: 200, body });
    return { status: 200, body };
  } catch (error) {
    const { status, body, headers } = refusalAnswer(asRefusal(error));
    return { status, body: emulation.keys.scrub(body), headers };
  }
}

function perform(
  emulation: Emulation,
  exchange: Exchange,
  { operation, handle, path }: Route,
  key: ApiKey | undefined,
  { target, text }: { target: string; text: string },
): unknown {
  const query: Record<string, unknown> = queryOf(target);
  const queryWrong = queryProblem(operation, query);
  if (queryWrong !== undefined) throw badRequest(queryWrong);
  return handle({
    emulation,
    business: key === undefined ? emulation.business("sandbox") : emulation.businessOf(key),
    key,
    path,
    query,
    body: checkedBody(operation, text),
    origin: `http://${exchange.incoming.headers.host ?? "localhost"}`,
  });
}

function checkedBody(operation: ApiOperation, text: string): unknown {
  if (!operation.takesBody) return undefined;
  if (text === "") {
    if (operation.bodyRequired) throw badRequest("a JSON body is required");
    return undefined;
  }
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw badRequest("the body is not valid JSON");
  }
  const problem = bodyProblem(operation, body);
  if (problem !== undefined) throw badRequest(problem);
  return body;
}
