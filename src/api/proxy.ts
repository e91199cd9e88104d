/** Which proxy a request goes through, by the usual environment variables. */
import { usageError } from "../errors";
import { isLoopback } from "./origin";

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
    throw refused(variable, "is not the URL of an http or https proxy");
  }
  if (url.username === "" && url.password === "") return { origin: url.origin, variable };
  try {
    const credentials = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
    const authorization = `Basic ${Buffer.from(credentials).toString("base64")}`;
    return { origin: url.origin, authorization, variable };
  } catch {
    throw refused(variable, "has a user name or password that is not percent-encoded");
  }
}

function refused(variable: string, message: string) {
  return usageError(
    `${variable} ${message}`,
    "set it to a URL such as http://proxy.example.com:3128, or unset it",
    variable,
  );
}
