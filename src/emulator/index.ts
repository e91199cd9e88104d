import type { AddressInfo } from "node:net";
import { Hono } from "hono";
import { AtoaError } from "../errors";
import { type Controls, createControls } from "./control/controls";
import { controlRoutes } from "./control/routes";
import { DataFile } from "./data-file";
import { playDue } from "./due";
import { type Fault, faultFrom } from "./faults/fault";
import { FaultList } from "./faults/fault-list";
import { type LoggedRequest, RequestLog } from "./http/request-log";
import { addApiRoutes, type Bindings, createServer } from "./http/server";
import { consentRoutes } from "./pages/consent-routes";
import { paymentRoutes } from "./pages/payment-routes";
import type { ClockOptions } from "./state/clock";
import { Emulation, environments } from "./state/emulation";
import type { Environment } from "./state/records";
import { Deliveries, type Delivery } from "./webhooks/deliveries";

export type { ConsentAction, Controls, PayerAction, PayerChoice, Where } from "./control/controls";
export { type Fault, faultFrom, faultKinds, parseFault } from "./faults/fault";
export type { LoggedRequest } from "./http/request-log";
export type { TokenRequest } from "./state/emulation";
export type { ApiKey, Environment } from "./state/records";
export type { Delivery } from "./webhooks/deliveries";

export interface EmulatorOptions {
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
  /** Called once for each exchange with the API, when it is over; bodies are text as received. */
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
  const saved = options.dataFile === undefined ? undefined : await DataFile.read(options.dataFile);
  const emulation = new Emulation({
    seed: typeof saved?.seed === "string" ? saved.seed : (options.seed ?? "atoa"),
    clock: options.clock,
    transactions: options.transactions ?? 300,
  });
  const deliveries = new Deliveries(emulation, options.webhooksAnywhere === true, () => changedBehind());
  const dataFile =
    options.dataFile === undefined
      ? undefined
      : new DataFile(options.dataFile, () => ({ ...emulation.toJSON(), deliveries: deliveries.all() }));
  // What happens by itself is worked out again after a restart if it is not in the file yet, so nobody waits for it.
  const changedBehind = (): void => void dataFile?.changed().catch(() => {});
  emulation.onDue = (subject, at) => {
    playDue(emulation, deliveries, subject, at);
    changedBehind();
  };
  if (saved !== undefined) {
    emulation.restore(saved);
    deliveries.restore(saved.deliveries as Delivery[]);
  }
  const tokens = { sandbox: emulation.tokenFor("sandbox"), production: emulation.tokenFor("production") };
  const log = new RequestLog();
  const controls = createControls({ emulation, log, faults, deliveries });
  const changed = (): Promise<void> | undefined => dataFile?.changed();

  await changed();

  const app = new Hono<Bindings>();
  const facts = (): Record<string, unknown> => ({ origin, merchantId: emulation.merchantId, environments });
  app.route("/__emulator", controlRoutes(controls, facts, changed));
  app.route("/", paymentRoutes(emulation, changed));
  app.route("/", consentRoutes(emulation, changed));
  addApiRoutes(app, { emulation, log, faults, onRequest: options.onRequest, saved: changed });
  const server = createServer(app, options.allowedHosts ?? []);
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(cannotListen(error, host, options.port ?? 0)));
    server.listen(options.port ?? 0, host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  const origin = `http://${reachable(host)}:${port}`;
  return {
    ...controls,
    origin,
    host,
    port,
    tokens,
    merchantId: emulation.merchantId,
    businessName: emulation.business("sandbox").name,
    close: async () => {
      emulation.agenda.close();
      await deliveries.close();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
      await dataFile?.close();
    },
  };
}

/** How this machine reaches a host that was listened on: a wildcard is no address to call. */
function reachable(host: string): string {
  if (host === "0.0.0.0" || host === "::") return "127.0.0.1";
  return host.includes(":") ? `[${host}]` : host;
}

function cannotListen(error: NodeJS.ErrnoException, host: string, port: number): AtoaError {
  const taken = error.code === "EADDRINUSE";
  return new AtoaError({
    kind: "failure",
    message: taken
      ? `port ${port} of ${host} is in use`
      : `cannot listen on ${host}:${port} (${error.code ?? error.message})`,
    next: taken
      ? "stop what uses it, or choose another with --port (0 takes a free one)"
      : "choose another --port or --host",
    cause: error,
  });
}
