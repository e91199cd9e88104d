/** The server that requests go to. */
import { defaultOrigin } from "../default-origin";
import { usageError } from "../errors";

export interface Origin {
  /** Scheme, host and port, as URL.origin writes them. */
  origin: string;
  source: "default" | "ATOA_BASE_URL";
}

/** True for a host (as URL.hostname writes it) that never leaves this machine. */
export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d{1,3}){3}$/.test(hostname);
}

/** The origin in use. Throws a usage error when ATOA_BASE_URL is set to anything but an acceptable origin. */
export function resolveOrigin(environment: NodeJS.ProcessEnv): Origin {
  const setting = environment.ATOA_BASE_URL;
  if (setting === undefined || setting === "") return { origin: defaultOrigin, source: "default" };
  return { origin: parseOrigin(setting), source: "ATOA_BASE_URL" };
}

/** Whether a server on record is one that a token may go to: the file it is read from may have been tampered with. */
export function isTrustworthy(origin: string): boolean {
  if (!URL.canParse(origin)) return false;
  const url = new URL(origin);
  return url.origin === origin && (url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url.hostname)));
}

function parseOrigin(setting: string): string {
  const url = URL.canParse(setting) ? new URL(setting) : undefined;
  if (url === undefined || (url.protocol !== "https:" && url.protocol !== "http:")) {
    throw refused("ATOA_BASE_URL is not an http or https URL");
  }
  if (url.username !== "" || url.password !== "")
    throw refused("ATOA_BASE_URL must not contain a user name or password");
  if (url.pathname !== "/" || url.search !== "" || url.hash !== "") {
    throw refused("ATOA_BASE_URL must end after the host and port");
  }
  if (url.protocol === "http:" && !isLoopback(url.hostname)) {
    throw refused("ATOA_BASE_URL must use https: plain http is for this machine only");
  }
  return url.origin;
}

function refused(message: string) {
  return usageError(message, `set it to an origin such as ${defaultOrigin}, or unset it`, "ATOA_BASE_URL");
}
