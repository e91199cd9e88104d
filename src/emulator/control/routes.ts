import { type Context, Hono } from "hono";
import { selfCheck } from "../api/api-route";
import type { ApiOperation } from "../api/specification";
import { badRequest, EmulatorError, notFound } from "../emulator-error";
import type {
  Controls,
  LoggedRequest,
  PayerChoice,
  PaymentStatus,
  PreparedPayment,
  PreparedRefund,
  Snapshot,
  TokenRequest,
  WebhookEvent,
  Where,
} from "../handle";
import { type Bindings, bodyOf, type Incoming, incomingOf, queryOf, statusOf } from "../http/exchange";
import type { Environment } from "../state/records";
import { control } from "./control-law";
import { type Gate, letIn } from "./gate";

/** A call that its OpenAPI file allows. */
interface ControlCall {
  id: string;
  query: Record<string, unknown>;
  /** The body parsed; an empty object when there was none. */
  body: unknown;
  /** The body as it came. */
  text: string;
}

/** A snapshot may be as large as a state. */
const largestSnapshot = 256 * 1024 * 1024;

/** The control API below /__emulator: `spec/emulator-openapi.yaml` is its law and its reference. */
export function controlRoutes(controls: Controls, gate: Gate, facts: () => Record<string, unknown>): Hono<Bindings> {
  const app = new Hono<Bindings>({ strict: false });
  const handlers = handlersOf(controls, facts);
  app.use(async (c, next) => {
    letIn(gate, incomingOf(c));
    await next();
  });
  app.onError((error, c) => {
    const { status, body } = refused(error);
    const headers: Record<string, string> = status === 401 ? { "www-authenticate": 'Basic realm="atoa emulator"' } : {};
    return c.json(body, status, headers);
  });
  for (const operation of control.operations) {
    const handle = handlers[operation.id];
    if (handle === undefined) continue;
    app.on(operation.method, operation.path.replaceAll(/\{(\w+)\}/g, ":$1"), async (c: Context<Bindings>) => {
      const call = await checked(operation, incomingOf(c), c.req.param("id") ?? "");
      const answer = (await handle(call)) as object;
      if (gate.strict === true) selfCheck(control.answerProblem(operation, 200, answer));
      return c.json(answer);
    });
  }
  app.all("*", (c) => c.json(bodyOf(notFound(`${c.req.method} ${c.req.path}`)), 404));
  return app;
}

async function checked(operation: ApiOperation, incoming: Incoming, id: string): Promise<ControlCall> {
  const query: Record<string, unknown> = queryOf(incoming.target);
  const text = await incoming.body(operation.id === "restoreSnapshot" ? largestSnapshot : undefined);
  const problem = control.queryProblem(operation, query, true);
  if (problem !== undefined) throw badRequest(problem);
  if (!operation.takesBody) {
    if (text.trim() !== "") throw badRequest("This call takes no body");
    return { id, query, body: {}, text };
  }
  if (text.trim() === "") {
    if (operation.bodyRequired) throw badRequest("A body is required");
    return { id, query, body: {}, text };
  }
  // Faults may also come as lines of text.
  if (operation.id === "addFaults" && !/^\s*[[{"]/.test(text)) return { id, query, body: text, text };
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw badRequest("The body is not valid JSON");
  }
  const wrong = control.bodyProblem(operation, body);
  if (wrong !== undefined) throw badRequest(wrong);
  return { id, query, body, text };
}

/** One for each operation of the file; a test proves that none is missing. @internal */
export function handlersOf(
  controls: Controls,
  facts: () => Record<string, unknown>,
): Readonly<Record<string, (call: ControlCall) => unknown>> {
  const time = (): { now: string } => ({ now: new Date(controls.now()).toISOString() });
  return {
    describe: () => ({ ...facts(), ...time() }),
    listPayments: ({ query }) =>
      controls.payments(query as Where & { orderId?: string; status?: PaymentStatus; limit?: number }),
    getPayment: ({ id }) => controls.payment(id),
    startPayment: ({ id, body }) => controls.start(id, body as PayerChoice),
    approvePayment: ({ id, body }) => controls.approve(id, body as PayerChoice),
    declinePayment: ({ id, body }) => controls.decline(id, body as PayerChoice),
    cancelPayment: ({ id, body }) => controls.cancel(id, body as Where),
    preparePayment: ({ id, body }) => controls.preparePayment(id, body as PreparedPayment),
    prepareRefund: ({ id, body }) => controls.prepareRefund(id, body as PreparedRefund),
    linkConsent: ({ id, body }) => controls.consent("link", id, body as Where),
    expireConsent: ({ id, body }) => controls.consent("expire", id, body as Where),
    revokeConsent: ({ id, body }) => controls.consent("revoke", id, body as Where),
    setSigningSecret: ({ body }) => {
      const { secret, ...where } = body as Where & { secret?: string | null };
      return { secret: controls.setSigningSecret(secret, where) };
    },
    addWebhook: ({ body }) => {
      const { url, ...rest } = body as Where & { url: string; events?: WebhookEvent[] };
      return controls.addWebhook(url, rest);
    },
    listDeliveries: () => controls.deliveries(),
    settleDeliveries: async () => {
      await controls.deliveriesSettled();
      return controls.deliveries();
    },
    resendDelivery: ({ id }) => controls.resend(id),
    readClock: time,
    advanceClock: ({ body }) => {
      const { by, ...units } = body as { by?: string } & Record<string, number>;
      if (by !== undefined) controls.advance(by);
      else
        controls.advance(Object.entries(units).reduce((sum, [unit, value]) => sum + (factors[unit] ?? 0) * value, 0));
      return time();
    },
    listRequests: ({ query }) => {
      const { method, path, environment } = query as { method?: string; path?: string; environment?: Environment };
      return withoutPasswords(controls.requests())
        .filter((request) => method === undefined || request.method === method.toUpperCase())
        .filter((request) => path === undefined || request.path === path)
        .filter((request) => environment === undefined || request.environment === environment);
    },
    clearRequests: () => {
      controls.clearRequests();
      return { cleared: true };
    },
    listOperations: () => controls.operations(),
    clearOperations: () => {
      controls.clearOperations();
      return { cleared: true };
    },
    // The document is the law itself, with paths that lie below this address.
    readOpenApi: () => ({ ...control.openApi, servers: [{ url: "/__emulator" }] }),
    mintToken: ({ body }) => controls.mintToken(body as TokenRequest),
    listFaults: () => controls.faults(),
    addFaults: ({ body, text }) => ({ ids: controls.addFaults(typeof body === "string" ? body : text) }),
    clearFaults: () => {
      controls.clearFaults();
      return { cleared: true };
    },
    removeFault: ({ id }) => {
      if (!controls.removeFault(Number(id))) throw notFound("Fault", "FAULT_NOT_FOUND");
      return { removed: true };
    },
    takeSnapshot: () => controls.snapshot(),
    restoreSnapshot: ({ body }) => {
      controls.restore(body as Snapshot);
      return { restored: true };
    },
    reset: ({ body }) => {
      controls.reset(body as { keepTokens?: boolean; merchantId?: string });
      return { reset: true };
    },
  };
}

const factors: Readonly<Record<string, number>> = {
  ms: 1,
  seconds: 1000,
  minutes: 60_000,
  hours: 3_600_000,
  days: 86_400_000,
};

/** What leaves the process has no passwords of webhooks in it. */
function withoutPasswords(requests: readonly LoggedRequest[]): LoggedRequest[] {
  const hide = (name: string, value: unknown): unknown =>
    (name === "password" || name === "clientSecret") && typeof value === "string" ? "<redacted>" : value;
  return JSON.parse(JSON.stringify(requests, hide)) as LoggedRequest[];
}

/** What an error is over HTTP: its status and a body. */
export function refused(error: unknown): {
  status: 400 | 500 | ReturnType<typeof statusOf>;
  body: Record<string, unknown>;
} {
  if (error instanceof EmulatorError) return { status: statusOf(error), body: bodyOf(error) };
  return { status: 500, body: { status: 500, message: error instanceof Error ? error.message : String(error) } };
}
