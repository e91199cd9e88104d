import { createServer as createHttpServer, type Server } from "node:http";
import { getRequestListener, type HttpBindings } from "@hono/node-server";
import type { Context, Hono } from "hono";
import { handlers } from "../handlers/table";
import { responseOf } from "../http/ending";
import { type Bindings, incomingOf } from "../http/exchange";
import { hostAllowed } from "../http/host";
import { api } from "./api-law";
import { type ApiContext, type Route, serveApi } from "./api-route";

/** Tells the adaptor that there is nothing left to send. */
const alreadySent = new Response(null, { headers: { "x-hono-already-sent": "true" } });

/** Adds the routes of the API, made from the OpenAPI file. */
export function addApiRoutes(app: Hono<Bindings>, context: ApiContext): void {
  const serve = async (c: Context<Bindings>, route: Route | undefined): Promise<Response> => {
    const { ending, requestId } = await serveApi(context, incomingOf(c), route);
    // Only a cut needs the socket; in this process a response of type "error" says the same.
    if (ending.kind !== "cut" || c.env.incoming === undefined) return responseOf(ending, requestId);
    c.env.incoming.socket.resetAndDestroy();
    return alreadySent;
  };
  for (const operation of api.operations) {
    const handle = handlers[operation.id];
    if (handle === undefined) continue;
    app.on(operation.method, operation.path.replaceAll(/\{(\w+)\}/g, ":$1"), (c) =>
      serve(c, { operation, handle, path: c.req.param() as Record<string, string> }),
    );
  }
  app.notFound((c) => serve(c, undefined));
}

/** A Node server in front of the routes, with the check of the Host header before anything else. */
export function createServer(app: Hono<Bindings>, allowedHosts: readonly string[]): Server {
  const listener = getRequestListener(
    (request, env) => {
      const bindings = env as HttpBindings;
      if (hostAllowed(bindings.incoming.headers.host, allowedHosts)) return app.fetch(request, bindings);
      const message = "The emulator accepts only localhost, IP addresses and the names given with --allowHost";
      return json(421, { status: 421, name: "FOREIGN_HOST", message });
    },
    {
      overrideGlobalObjects: false,
      // A path that is none, with a backslash in it for example.
      errorHandler: () => json(400, { status: 400, name: "BAD_REQUEST", message: "The request could not be read" }),
    },
  );
  const server = createHttpServer(listener);
  server.keepAliveTimeout = 60_000;
  return server;
}

function json(status: number, body: Record<string, unknown>): Response {
  return Response.json(body, { status, headers: { connection: "close" } });
}
