import { usageError } from "../errors";

/** Where deliveries are forwarded to: all, or those of one event. */
export interface Target {
  readonly event: string | undefined;
  readonly url: URL;
}

const isPort = /^\d{1,5}$/;

/**
 * `[EVENT=]<url|port>`: `3000`, `localhost:3000/hooks`, `REFUND_STATUS=http://[::1]:3000/refunds`.
 * @throws AtoaError kind usage
 */
export function parseTarget(text: string, flag: string, events: readonly string[]): Target {
  const named = /^([A-Za-z_]+)=(.*)$/.exec(text);
  const event = events.find((known) => known === named?.[1]?.toUpperCase());
  if (named !== null && event === undefined) {
    throw usageError(`--${flag}: unknown event ${named[1]}`, `use one of ${events.join(", ")}`, flag);
  }
  return { event, url: parseUrl(named === null ? text : (named[2] ?? ""), flag) };
}

/**
 * A URL, or a port of this machine.
 * @throws AtoaError kind usage for anything but http and https, and for a user name or password in it
 */
export function parseUrl(text: string, flag: string): URL {
  const url = urlOf(text.trim());
  if (url === undefined) {
    throw usageError(
      `--${flag} must be a URL or a port`,
      `for example: --${flag} 3000 or --${flag} http://localhost:3000/hooks`,
      flag,
    );
  }
  if (url.username !== "" || url.password !== "") {
    throw usageError(
      `--${flag} must not contain a user name or password`,
      "other users can see it in the process list",
      flag,
    );
  }
  return url;
}

function urlOf(text: string): URL | undefined {
  if (isPort.test(text))
    return Number(text) > 0 && Number(text) <= 65_535 ? new URL(`http://localhost:${text}/`) : undefined;
  if (/^[a-z][a-z\d+.-]*:\/\//i.test(text) && !/^https?:\/\//i.test(text)) return undefined;
  try {
    const url = new URL(/^https?:\/\//i.test(text) ? text : `http://${text}`);
    const plain = text.includes(".") || text.includes(":") || url.hostname === "localhost";
    return (url.protocol === "http:" || url.protocol === "https:") && plain && url.port !== "0" ? url : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a URL leads to this very machine. */
function isThisMachine(url: URL): boolean {
  return url.hostname === "localhost" || url.hostname === "[::1]" || /^127(\.\d{1,3}){3}$/.test(url.hostname);
}

/**
 * Refuses URLs on other machines.
 * @throws AtoaError kind usage
 */
export function mustBeThisMachine(url: URL, flag: string, anywhere: boolean): void {
  if (anywhere || isThisMachine(url)) return;
  throw usageError(`--${flag} ${url.host} is not on this machine`, "add --anywhere if that server is yours", flag);
}
