import { Hono } from "hono";
import { type Controls, createControls } from "./control/controls";
import { controlRoutes, refused } from "./control/routes";
import { type Fault, faultFrom } from "./faults/fault";
import { FaultList } from "./faults/fault-list";
import { listen, stopListening } from "./http/listen";
import { type LoggedRequest, RequestLog } from "./http/request-log";
import { addApiRoutes, type Bindings, createServer } from "./http/server";
import { openState, type StateOptions } from "./open-state";
import { consentRoutes } from "./pages/consent-routes";
import { paymentRoutes } from "./pages/payment-routes";
import type { ClockOptions } from "./state/clock";
import type { Environment } from "./state/records";

export type { ConsentAction, Controls, PayerAction, PayerChoice, Where } from "./control/controls";
export { type Fault, faultFrom, faultKinds, parseFault, parseFaults } from "./faults/fault";
export type { LoggedRequest } from "./http/request-log";
export type { TokenRequest } from "./state/emulation";
export type { ApiKey, Environment } from "./state/records";
export type { Delivery } from "./webhooks/deliveries";

export interface EmulatorOptions extends StateOptions {
  /** 0 or nothing takes a free one. */
  port?: number | undefined;
  /** 127.0.0.1 when left out. A wider one lets other machines reach the API, but never the control surface. */
  host?: string | undefined;
  /** Where to keep the state; in memory only when left out. */
  dataFile?: string | undefined;
  /** The same text gives the same business, ids and tokens. */
  seed?: string | undefined;
  /** Seeded past transactions of each business. */
  transactions?: number | undefined;
  clock?: ClockOptions | undefined;
  /** Faults that are on from the start, as text or objects. */
  faults?: readonly (string | Fault)[] | undefined;
  /** Host names that may be used beside localhost and IP addresses, for example a container's. */
  allowedHosts?: readonly string[] | undefined;
  /** Whether webhooks may be sent to other machines; only this one, when left out. */
  webhooksAnywhere?: boolean | undefined;
  /** Called once for each exchange with the API, before its answer goes out; bodies are text as received. */
  onRequest?: ((request: LoggedRequest) => void) | undefined;
}

export interface Emulator extends Controls {
  /** `http://127.0.0.1:4010`: the value for ATOA_BASE_URL. */
  readonly origin: string;
  readonly host: string;
  readonly port: number;
  /** Bearer tokens that the seed gives, one for each environment. */
  readonly tokens: Readonly<Record<Environment, string>>;
  readonly merchantId: string;
  readonly businessName: string;
  /** Stops it: connections are cut, nothing keeps the process alive, the data file is complete. */
  close(): Promise<void>;
}

/**
 * Starts the emulator; it is ready when the promise resolves.
 * @throws AtoaError kind failure when the port is taken or may not be used, or the data file cannot be used; kind usage for a fault
 *   that makes no sense
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const host = options.host ?? "127.0.0.1";
  const faults = new FaultList();
  for (const fault of options.faults ?? []) faults.add(faultFrom(fault));
  const state = await openState(options);
  const { emulation, deliveries, changed } = state;
  const log = new RequestLog();
  const controls = createControls({ emulation, log, faults, deliveries, changed });
  const tokens = { sandbox: emulation.tokenFor("sandbox"), production: emulation.tokenFor("production") };

  const app = new Hono<Bindings>();
  app.onError((error, c) => {
    const { status, body } = refused(error);
    return c.json(JSON.parse(emulation.keys.scrub(JSON.stringify(body))), status as 500);
  });
  app.route(
    "/__emulator",
    controlRoutes(controls, () => ({ origin: place.origin, merchantId: emulation.merchantId }), changed),
  );
  app.route("/", paymentRoutes(emulation, changed));
  app.route("/", consentRoutes(emulation, changed));
  addApiRoutes(app, { emulation, log, faults, onRequest: options.onRequest, saved: changed });
  const server = createServer(app, options.allowedHosts ?? []);
  const place = await listen(server, host, options.port ?? 0).catch(async (error: unknown) => {
    await state.close();
    throw error;
  });
  return {
    ...controls,
    ...place,
    host,
    tokens,
    merchantId: emulation.merchantId,
    businessName: emulation.nameOf(emulation.merchantId),
    close: async () => {
      await stopListening(server);
      await state.close();
    },
  };
}
