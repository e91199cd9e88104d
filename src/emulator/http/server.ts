import type { Server } from "node:http";
import { createAdaptorServer, type HttpBindings } from "@hono/node-server";
import type { Hono } from "hono";
import { handlers } from "../handlers/table";
import { type ApiContext, serveApi } from "./api-route";
import { hostAllowed } from "./host";
import { apiOperations } from "./specification";

/** The environment of every route: Node's own request and response. */
export interface Bindings {
  Bindings: HttpBindings;
}

/** Tells the adaptor that a route wrote its answer itself: answers of the API are plain text with a known length. */
const alreadySent = new Response(null, { headers: { "x-hono-already-sent": "true" } });

/** Adds the routes of the API, made from the OpenAPI file. */
export function addApiRoutes(app: Hono<Bindings>, context: ApiContext): void {
  for (const operation of apiOperations) {
    const handle = handlers[operation.id];
    if (handle === undefined) continue;
    app.on(operation.method, operation.path.replaceAll(/\{(\w+)\}/g, ":$1"), async (c) => {
      await serveApi(context, c.env, { operation, handle, path: c.req.param() });
      return alreadySent;
    });
  }
  app.notFound(async (c) => {
    await serveApi(context, c.env, undefined);
    return alreadySent;
  });
}

/** A Node server in front of the routes, with the check of the Host header before anything else. */
export function createServer(app: Hono<Bindings>, allowedHosts: readonly string[]): Server {
  const server = createAdaptorServer({
    overrideGlobalObjects: false,
    fetch: (request, env) => {
      const { incoming, outgoing } = env as HttpBindings;
      if (hostAllowed(incoming.headers.host, allowedHosts)) return app.fetch(request, env as HttpBindings);
      const body = JSON.stringify({
        status: 421,
        name: "FOREIGN_HOST",
        message: "the emulator answers to localhost and IP addresses only",
      });
      outgoing.writeHead(421, { "content-type": "application/json", connection: "close" });
      outgoing.end(body);
      return alreadySent;
    },
  }) as Server;
  server.keepAliveTimeout = 60_000;
  return server;
}
