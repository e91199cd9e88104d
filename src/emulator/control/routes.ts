import { type Context, Hono } from "hono";
import { AtoaError } from "../../errors";
import type { Fault } from "../faults/fault";
import { bodyOf as bodyOfRefusal, readBody, statusOf } from "../http/exchange";
import { isLoopback, sameOrigin } from "../http/host";
import type { Bindings } from "../http/server";
import { badRequest, notFound, Refusal } from "../refusal";
import type { TokenRequest } from "../state/emulation";
import type { Environment, RefundStatus } from "../state/records";
import type { ConsentAction, Controls, PayerAction, PayerChoice, Where } from "./controls";
import type { PreparedPayment } from "./prepare";

const consentActions: readonly string[] = ["link", "expire", "revoke"];
const payerActions: readonly string[] = ["start", "approve", "decline", "cancel"];

/**
 * The control surface, below /__emulator: by it a test plays payer and clock, reads the log, switches faults on and mints tokens.
 * No token is needed; callers from other machines and pages of other origins are turned away.
 *
 * GET    /                              what there is
 * POST   /payments/{id}/{action}        action: start, approve, decline, cancel; body: method, institutionId, payerName, settle, tip, reason
 * POST   /payments/{id}/prepare         {status, captureType?, method?}
 * POST   /refunds/{id}/prepare          {status, tell?}
 * POST   /consents/{id}/{action}        action: link, expire, revoke
 * POST   /signing-secret                {secret?: text or null, environment?, merchantId?}
 * GET    /deliveries                    webhook deliveries; POST /deliveries/settle waits for those that are due
 * GET    /clock                         {now}
 * POST   /clock/advance                 {ms} or {seconds} or {minutes} or {hours} or {days}
 * GET    /requests                      the log; ?method= ?path= ?environment= filter it
 * DELETE /requests
 * POST   /tokens                        {environment, token?, sdkAccessId?, merchantId?, businessName?}
 * GET    /faults, POST /faults          a fault as text or object, or a list of them
 * DELETE /faults, DELETE /faults/{id}
 * POST   /reset                         {keepTokens?}
 */
export function controlRoutes(
  controls: Controls,
  facts: () => Record<string, unknown>,
  changed: () => Promise<void> | undefined,
): Hono<Bindings> {
  const app = new Hono<Bindings>();
  app.use(async (c, next) => {
    const { incoming } = c.env;
    if (!isLoopback(incoming.socket.remoteAddress))
      throw new Refusal("forbidden", "the control surface is for this machine only", "NOT_LOCAL");
    if (!sameOrigin(incoming.headers.origin, incoming.headers.host))
      throw new Refusal("forbidden", "pages of other origins stay out", "FOREIGN_ORIGIN");
    await next();
    if (c.req.method !== "GET") await changed();
  });
  app.onError((error, c) => {
    const { status, body } = refused(error);
    return c.json(body, status as 400);
  });

  app.get("/", (c) => c.json({ ...facts(), now: new Date(controls.now()).toISOString() }));
  app.post("/payments/:id/prepare", async (c) => {
    const wish = await bodyOf<PreparedPayment & { environment?: Environment; merchantId?: string }>(c);
    return c.json(controls.preparePayment(c.req.param("id"), wish));
  });
  app.post("/payments/:id/:action", async (c) => {
    const action = c.req.param("action");
    if (!payerActions.includes(action)) throw notFound(`Action ${action}`);
    return c.json(controls.pay(action as PayerAction, c.req.param("id"), await bodyOf<PayerChoice>(c)));
  });
  app.post("/refunds/:id/prepare", async (c) => {
    const { status, ...where } = await bodyOf<{ status: RefundStatus; tell?: boolean }>(c);
    return c.json(controls.prepareRefund(c.req.param("id"), status, where));
  });
  app.post("/consents/:id/:action", async (c) => {
    const action = c.req.param("action");
    if (!consentActions.includes(action)) throw notFound(`Action ${action}`);
    return c.json(controls.consent(action as ConsentAction, c.req.param("id"), await bodyOf<Where>(c)));
  });
  app.post("/signing-secret", async (c) => {
    const { secret, ...where } = await bodyOf<Where & { secret?: string | null }>(c);
    if (typeof secret === "string" && !/^whsec_[A-Za-z0-9+/=]+$/.test(secret))
      throw badRequest("secret must be whsec_ and base64");
    return c.json({ secret: controls.setSigningSecret(secret, where) });
  });
  app.get("/deliveries", (c) => c.json(controls.deliveries()));
  app.post("/deliveries/settle", async (c) => {
    await controls.deliveriesSettled();
    return c.json(controls.deliveries());
  });
  app.get("/clock", (c) => c.json({ now: new Date(controls.now()).toISOString() }));
  app.post("/clock/advance", async (c) => {
    controls.advance(milliseconds(await bodyOf<Record<string, unknown>>(c)));
    return c.json({ now: new Date(controls.now()).toISOString() });
  });
  app.get("/requests", (c) => {
    const wanted = c.req.query();
    return c.json(
      controls
        .requests()
        .filter(
          (request) =>
            (wanted.method === undefined || request.method === wanted.method.toUpperCase()) &&
            (wanted.path === undefined || request.path === wanted.path) &&
            (wanted.environment === undefined || request.environment === wanted.environment),
        ),
    );
  });
  app.delete("/requests", (c) => {
    controls.clearRequests();
    return c.json({ cleared: true });
  });
  app.post("/tokens", async (c) => {
    const request = await bodyOf<TokenRequest>(c);
    if (request.environment !== "sandbox" && request.environment !== "production") {
      throw badRequest("environment must be sandbox or production");
    }
    return c.json(controls.mintToken(request));
  });
  app.get("/faults", (c) => c.json(controls.faults()));
  app.post("/faults", async (c) => {
    const text = await readBody(c.env.incoming);
    const value = /^\s*[[{"]/.test(text) ? parsed<unknown>(text) : text;
    const list = (Array.isArray(value) ? value : [value]) as (string | Fault)[];
    return c.json({ ids: list.map((fault) => controls.addFault(fault)) });
  });
  app.delete("/faults", (c) => {
    controls.clearFaults();
    return c.json({ cleared: true });
  });
  app.delete("/faults/:id", (c) => {
    if (!controls.removeFault(Number(c.req.param("id")))) throw notFound("Fault");
    return c.json({ removed: true });
  });
  app.post("/reset", async (c) => {
    controls.reset(await bodyOf<{ keepTokens?: boolean }>(c));
    return c.json({ reset: true });
  });
  app.all("*", (c) => c.json(bodyOfRefusal(notFound(`${c.req.method} ${c.req.path}`)), 404));
  return app;
}

/** JSON or nothing. */
async function bodyOf<T>(c: Context<Bindings>): Promise<T> {
  return parsed(await readBody(c.env.incoming));
}

function parsed<T>(text: string): T {
  try {
    return (text.trim() === "" ? {} : JSON.parse(text)) as T;
  } catch {
    throw badRequest("the body is not valid JSON");
  }
}

const units: Record<string, number> = { ms: 1, seconds: 1000, minutes: 60_000, hours: 3_600_000, days: 86_400_000 };

function milliseconds(body: Record<string, unknown>): number {
  let total = 0;
  for (const [unit, value] of Object.entries(body)) {
    const factor = units[unit];
    if (factor === undefined || typeof value !== "number" || !(value >= 0))
      throw badRequest("give ms, seconds, minutes, hours or days as a number");
    total += factor * value;
  }
  return total;
}

export function refused(error: unknown): { status: number; body: Record<string, unknown> } {
  if (error instanceof Refusal) return { status: statusOf(error), body: bodyOfRefusal(error) };
  if (error instanceof AtoaError)
    return { status: 400, body: { status: 400, message: error.message, hint: error.hint } };
  return { status: 500, body: { status: 500, message: error instanceof Error ? error.message : String(error) } };
}
