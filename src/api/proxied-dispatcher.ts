/** Loaded only when a proxy is set. */
import connect from "undici/lib/api/api-connect.js";
import Dispatcher from "undici/lib/dispatcher/dispatcher.js";
import Pool from "undici/lib/dispatcher/pool.js";
import ProxyAgent from "undici/lib/dispatcher/proxy-agent.js";
import type { ProxyServer } from "./network-settings";

// undici's index adds the methods to its dispatchers; loaded by parts, they come without. A tunnel needs this one.
Object.assign(Dispatcher.prototype, { connect });

/** A dispatcher that reaches the API through a tunnel. The TLS rules are those of the API's own connection. */
export function proxiedDispatcher(proxy: ProxyServer, timeoutMs: number, tls: { minVersion: "TLSv1.3" }): Dispatcher {
  return new ProxyAgent({
    uri: proxy.origin,
    ...(proxy.authorization === undefined ? {} : { token: proxy.authorization }),
    requestTls: { ...tls, timeout: timeoutMs },
    proxyTls: { timeout: timeoutMs },
    headersTimeout: 0,
    bodyTimeout: 0,
    clientFactory: proxyClient,
  });
}

/** Codes of a kept-alive connection that went away: undici connects again for what waits, without a pause or an end. */
const codesThatLoop = new Set(["UND_ERR_SOCKET", "UND_ERR_INFO"]);

/**
 * The connection to the proxy itself. When the proxy ends it before the tunnel stands, undici would dial it again
 * thousands of times a second until the attempt's time is over; under another code the request fails at once.
 */
function proxyClient(origin: URL, options: object): Pool {
  const pool = new Pool(origin, options);
  const ask = (request: Dispatcher.ConnectOptions) => Dispatcher.prototype.connect.call(pool, request);
  const askOnce = (request: Dispatcher.ConnectOptions) =>
    ask(request).catch((error: NodeJS.ErrnoException) => {
      if (!codesThatLoop.has(error.code ?? "")) throw error;
      throw Object.assign(new Error("the proxy ended the connection", { cause: error }), { code: "ECONNRESET" });
    });
  return Object.assign(pool, { connect: askOnce });
}
