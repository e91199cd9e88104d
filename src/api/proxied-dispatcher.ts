/** Loaded only when a proxy is set. */
import connect from "undici/lib/api/api-connect.js";
import Dispatcher from "undici/lib/dispatcher/dispatcher.js";
import ProxyAgent from "undici/lib/dispatcher/proxy-agent.js";
import type { ProxyServer } from "./proxy";

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
  });
}
