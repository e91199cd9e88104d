import { Hono } from "hono";
import { api } from "./api/api-law";
import { OperationCounts } from "./api/operation-counts";
import { RequestLog } from "./api/request-log";
import { addApiRoutes, createServer } from "./api/server";
import { createControls } from "./control/controls";
import { controlRoutes, refused } from "./control/routes";
import { faultFrom } from "./faults/fault";
import { FaultList } from "./faults/fault-list";
import type { Emulator, EmulatorOptions } from "./handle";
import type { Bindings } from "./http/exchange";
import { listen, stopListening } from "./http/listen";
import { openState } from "./open-state";
import { consentRoutes } from "./pages/consent-routes";
import { overviewRoutes } from "./pages/overview-routes";
import { paymentRoutes } from "./pages/payment-routes";

export { durationOf } from "./control/duration";
export { EmulatorError } from "./emulator-error";
export { faultFrom, faultKinds, parseFault, parseFaults } from "./faults/fault";
export type * from "./handle";

/**
 * Starts the emulator; it is ready when the promise resolves.
 * @throws EmulatorError kind unavailable when the port is taken or may not be used, or a file cannot be used; bad-request for a fault,
 *   clock, webhook or secret that makes no sense
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const host = options.host ?? "127.0.0.1";
  const faults = new FaultList();
  for (const fault of options.faults ?? []) faults.add(faultFrom(fault));
  const state = await openState(options);
  const { emulation, deliveries, changed } = state;
  const log = new RequestLog();
  const counts = new OperationCounts();
  const begin = (): void => {
    const { url, signingSecret } = options.webhook ?? {};
    if (url !== undefined) controls.addWebhook(url);
    if (signingSecret !== undefined) controls.setSigningSecret(signingSecret);
  };
  const controls = createControls({ state, log, counts, faults, begin });
  deliveries.onAttempt = (delivery) => options.onDelivery?.(delivery);
  const tokens = {
    get sandbox() {
      return emulation.tokenFor("sandbox");
    },
    get production() {
      return emulation.tokenFor("production");
    },
  };

  const app = new Hono<Bindings>();
  app.onError((error, c) => {
    const { status, body } = refused(error);
    return c.json(JSON.parse(emulation.keys.scrub(JSON.stringify(body))), status);
  });
  const facts = () => ({ origin: place.origin, merchantId: emulation.merchantId, tokens: { ...tokens } });
  app.get("/__emulator/", (c) => c.redirect("/__emulator", 308));
  app.route("/__emulator", controlRoutes(controls, options, facts));
  // A client that is made from it talks to this emulator, and not to the real API.
  app.get("/openapi.json", (c) => c.json({ ...api.openApi, servers: [{ url: "/" }] }));
  app.route("/", overviewRoutes({ emulation, controls, tokens }, options));
  app.route("/", paymentRoutes(emulation, changed));
  app.route("/", consentRoutes(emulation, changed));
  addApiRoutes(app, {
    emulation,
    log,
    counts,
    faults,
    changed,
    onRequest: options.onRequest,
    strict: options.strict === true,
  });
  const server = createServer(app, options.allowedHosts ?? []);
  let place: Awaited<ReturnType<typeof listen>>;
  try {
    begin();
    place = await listen(server, host, options.port ?? 0);
  } catch (error) {
    await state.close();
    throw error;
  }
  const close = async (): Promise<void> => {
    await stopListening(server);
    await state.close();
  };
  return {
    ...controls,
    ...place,
    host,
    tokens,
    merchantId: emulation.merchantId,
    businessName: emulation.nameOf(emulation.merchantId),
    fetch: (input, init) => fetchInProcess(app, place.origin, input, init),
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** What fetch would give for a request over a socket, without one. */
async function fetchInProcess(
  app: Hono<Bindings>,
  origin: string,
  input: string | URL | Request,
  init: RequestInit | undefined,
): Promise<Response> {
  const request = input instanceof Request ? new Request(input, init) : new Request(new URL(input, origin), init);
  request.headers.set("host", new URL(origin).host);
  const { signal } = request;
  const aborted = new Promise<never>((_, reject) => {
    const stop = (): void => reject(signal.reason);
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
  const response = await Promise.race([aborted, app.fetch(request, {})]);
  if (response.type === "error") throw Object.assign(new TypeError("fetch failed"), { cause: { code: "ECONNRESET" } });
  return response;
}
