import { isIP } from "node:net";

/**
 * Whether a Host header may be served. A page on the open web can point its own name at this machine (DNS rebinding), but never an
 * IP address or localhost; so those are served and other names are not, unless they are allowed by name.
 */
export function hostAllowed(host: string | undefined, allowed: readonly string[]): boolean {
  const name = nameOf(host);
  if (name === undefined) return false;
  return name === "localhost" || name.endsWith(".localhost") || isIP(name) !== 0 || allowed.includes(name);
}

/** The user agent of webhook deliveries: by it the control API knows, and turns away, what the emulator itself sends for somebody. */
export const deliveryAgent = "atoa-emulator";

/**
 * Whether an Origin header is that of the emulator's own pages; a missing one is no browser. The scheme is left out: in front of the
 * emulator may stand a proxy that speaks TLS, and no two servers share a host and port.
 */
export function sameOrigin(origin: string | undefined, host: string | undefined): boolean {
  return origin === undefined || /^https?:\/\/(.+)$/.exec(origin)?.[1] === (host ?? "");
}

export function isLoopback(address: string | undefined): boolean {
  if (address === undefined) return false;
  const plain = address.startsWith("::ffff:") ? address.slice(7) : address;
  return plain === "::1" || (isIP(plain) === 4 && plain.startsWith("127."));
}

/** Whether a URL points at this very machine. */
export function isLoopbackHost(hostname: string): boolean {
  const name = hostname.replace(/^\[(.*)\]$/, "$1").toLowerCase();
  return name === "localhost" || name.endsWith(".localhost") || isLoopback(name);
}

function nameOf(host: string | undefined): string | undefined {
  const match = /^(?:\[([0-9a-f:.]+)\]|([^:[\]/\s]+))(?::\d{1,5})?$/i.exec(host ?? "");
  return (match?.[1] ?? match?.[2])?.toLowerCase();
}
