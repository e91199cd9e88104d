import { defaultOrigin } from "../environments";
import { usageError } from "../errors";

/** What the environment decides about the network: the server, time limit and retries, the proxy. */

interface Limits {
  /** Milliseconds that one attempt may take, from the name lookup to the last byte of the response. */
  timeoutMs: number;
  /** Attempts after the first. 0 turns retries off. */
  maxRetries: number;
}

/** Everything about the network that the environment decides. */
export interface NetworkSettings extends Limits {
  proxy: ProxyServer | undefined;
}

/** Limits and proxy for requests to `origin`. Throws a usage error when a variable is set to nonsense. */
export function readNetworkSettings(origin: string, environment: NodeJS.ProcessEnv): NetworkSettings {
  return { ...readLimits(environment), proxy: findProxy(origin, environment) };
}

const defaultLimits: Limits = { timeoutMs: 30_000, maxRetries: 2 };

/** Reads ATOA_TIMEOUT (seconds) and ATOA_MAX_RETRIES. Throws a usage error when one is set to nonsense. @internal */
export function readLimits(environment: NodeJS.ProcessEnv): Limits {
  const seconds = environment.ATOA_TIMEOUT;
  const retries = environment.ATOA_MAX_RETRIES;
  return {
    timeoutMs: isSet(seconds) ? parseSeconds(seconds) * 1000 : defaultLimits.timeoutMs,
    maxRetries: isSet(retries) ? parseRetries(retries) : defaultLimits.maxRetries,
  };
}

function isSet(value: string | undefined): value is string {
  return value !== undefined && value !== "";
}

function parseSeconds(text: string): number {
  const seconds = /^\d{1,4}(\.\d{1,3})?$/.test(text) ? Number(text) : 0;
  if (seconds > 0 && seconds <= 3600) return seconds;
  throw usageError(
    "ATOA_TIMEOUT must be a number of seconds, above 0 and at most 3600",
    "set it to a number such as 30, or unset it",
    "ATOA_TIMEOUT",
  );
}

function parseRetries(text: string): number {
  if (/^(\d|10)$/.test(text)) return Number(text);
  throw usageError(
    "ATOA_MAX_RETRIES must be a whole number from 0 to 10",
    "set it to a number such as 2, or unset it",
    "ATOA_MAX_RETRIES",
  );
}

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
    throw refusedOrigin("ATOA_BASE_URL must be an http or https URL");
  }
  if (url.username !== "" || url.password !== "")
    throw refusedOrigin("ATOA_BASE_URL must not contain a user name or password");
  if (url.pathname !== "/" || url.search !== "" || url.hash !== "") {
    throw refusedOrigin("ATOA_BASE_URL must end after the host and port");
  }
  if (url.protocol === "http:" && !isLoopback(url.hostname)) {
    throw refusedOrigin("ATOA_BASE_URL must use https; plain http is only allowed for this machine");
  }
  return url.origin;
}

function refusedOrigin(message: string) {
  return usageError(message, `set it to an origin such as ${defaultOrigin}, or unset it`, "ATOA_BASE_URL");
}

export interface ProxyServer {
  /** Scheme, host and port; never the credentials. */
  origin: string;
  /** Value of the Proxy-Authorization header, when the variable holds credentials. Secret. */
  authorization?: string;
  /** Name of the variable that it comes from. */
  variable: string;
}

/**
 * The proxy for requests to `origin`, or undefined for a direct connection. Lower case wins over upper case, and an
 * empty variable counts as not set, so it hides nothing. An https request without HTTPS_PROXY uses HTTP_PROXY.
 * Loopback hosts are never proxied. Throws a usage error (which shows no credentials) when the variable is no proxy URL.
 * @internal
 */
export function findProxy(origin: string, environment: NodeJS.ProcessEnv): ProxyServer | undefined {
  const url = new URL(origin);
  if (isLoopback(url.hostname) || isExcluded(url, read(environment, "NO_PROXY")?.value ?? "")) return undefined;
  const https = url.protocol === "https:" ? read(environment, "HTTPS_PROXY") : undefined;
  const setting = https ?? read(environment, "HTTP_PROXY");
  return setting === undefined ? undefined : parseProxy(setting.value, setting.variable);
}

function read(environment: NodeJS.ProcessEnv, name: string): { value: string; variable: string } | undefined {
  for (const variable of [name.toLowerCase(), name]) {
    const value = environment[variable]?.trim() ?? "";
    if (value !== "") return { value, variable };
  }
  return undefined;
}

/** NO_PROXY: names separated by commas or spaces, each with its subdomains, with or without a port; * means all. */
function isExcluded(url: URL, list: string): boolean {
  const port = url.port === "" ? { "https:": "443", "http:": "80" }[url.protocol] : url.port;
  const host = url.hostname.toLowerCase();
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((entry) => entry !== "")
    .some((entry) => {
      if (entry === "*") return true;
      const [, name = "", wantedPort] = /^(\[.*\]|[^:]*|.*:.*:.*?)(?::(\d+))?$/.exec(entry) ?? [];
      if (wantedPort !== undefined && wantedPort !== port) return false;
      const wanted = name.replace(/^\*?\./, "");
      return wanted !== "" && (host === wanted || host === `[${wanted}]` || host.endsWith(`.${wanted}`));
    });
}

function parseProxy(value: string, variable: string): ProxyServer {
  const withScheme = value.includes("://") ? value : `http://${value}`;
  const url = URL.canParse(withScheme) ? new URL(withScheme) : undefined;
  if (url === undefined || !["http:", "https:"].includes(url.protocol) || url.hostname === "") {
    throw refusedProxy(variable, "must be an http or https URL");
  }
  if (url.username === "" && url.password === "") return { origin: url.origin, variable };
  try {
    const credentials = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
    const authorization = `Basic ${Buffer.from(credentials).toString("base64")}`;
    return { origin: url.origin, authorization, variable };
  } catch {
    throw refusedProxy(variable, "contains a user name or password that is not percent-encoded");
  }
}

function refusedProxy(variable: string, message: string) {
  return usageError(
    `${variable} ${message}`,
    "set it to a URL such as http://proxy.example.com:3128, or unset it",
    variable,
  );
}
