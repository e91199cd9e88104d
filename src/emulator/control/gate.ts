import { createHash, timingSafeEqual } from "node:crypto";
import { EmulatorError } from "../emulator-error";
import type { Incoming } from "../http/exchange";
import { deliveryAgent, isLoopback, isLoopbackHost, sameOrigin } from "../http/host";

/** Who may play the emulator from outside: this machine, and whoever has the token when there is one. */
export interface Gate {
  readonly controlToken?: string | undefined;
  /** Whether answers are checked by the file of the control API too. */
  readonly strict?: boolean | undefined;
}

/** @throws EmulatorError forbidden or unauthorized for a caller that may not */
export function letIn({ controlToken }: Gate, incoming: Incoming): void {
  const { headers } = incoming;
  // A webhook registered at the emulator's own address would let whoever registered it act as this machine.
  if (headers["user-agent"] === deliveryAgent)
    throw new EmulatorError("forbidden", "Webhooks cannot call the control API", "DELIVERY");
  if (!sameOrigin(headers.origin, headers.host))
    throw new EmulatorError("forbidden", "Requests from other origins are not allowed", "FOREIGN_ORIGIN");
  if (isFromHere(incoming)) return;
  if (controlToken === undefined)
    throw new EmulatorError(
      "forbidden",
      "The control API accepts only this machine (--controlToken lets others in)",
      "NOT_LOCAL",
    );
  if (!same(tokenOf(headers.authorization), controlToken))
    throw new EmulatorError("unauthorized", "The control token is missing or wrong", "CONTROL_TOKEN");
}

/** This process or this machine; what a tunnel or proxy brings has a name of its own, or says so. */
function isFromHere({ remoteAddress, headers }: Incoming): boolean {
  if (remoteAddress === undefined) return true;
  const host = /^(\[[^\]]*\]|[^:]*)/.exec(headers.host ?? "")?.[1] ?? "";
  const passedOn = headers.forwarded !== undefined || headers["x-forwarded-for"] !== undefined;
  return isLoopback(remoteAddress) && isLoopbackHost(host) && !passedOn;
}

/** The token of a bearer, or the password of Basic: that is what a browser can ask a person for. */
function tokenOf(authorization = ""): string {
  const [scheme = "", value = ""] = authorization.split(/ +/);
  if (scheme.toLowerCase() !== "basic") return value;
  return Buffer.from(value, "base64").toString("utf8").split(/:(.*)/s)[1] ?? "";
}

function same(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
