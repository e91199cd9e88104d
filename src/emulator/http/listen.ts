import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { EmulatorError } from "../emulator-error";

/**
 * Starts to listen; port 0 takes a free one.
 * @returns the port, and the origin at which this machine reaches it
 * @throws EmulatorError unavailable when the port is taken or may not be used
 */
export async function listen(server: Server, host: string, port: number): Promise<{ port: number; origin: string }> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(cannotListen(error, host, port)));
    server.listen(port, host, resolve);
  });
  const address = server.address() as AddressInfo;
  return { port: address.port, origin: `http://${reachable(host)}:${address.port}` };
}

/** Stops at once: connections that wait for an answer are cut. */
export async function stopListening(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

/** A wildcard is no address to call. */
function reachable(host: string): string {
  if (host === "0.0.0.0" || host === "::") return "127.0.0.1";
  return host.includes(":") ? `[${host}]` : host;
}

function cannotListen(error: NodeJS.ErrnoException, host: string, port: number): EmulatorError {
  const [code, message] =
    error.code === "EADDRINUSE"
      ? ["PORT_IN_USE", `Port ${port} on ${host} is already in use`]
      : ["CANNOT_LISTEN", `Could not listen on ${host}:${port} (${error.code ?? error.message})`];
  return new EmulatorError("unavailable", message, code, { hint: "choose another; 0 takes a free one", cause: error });
}
