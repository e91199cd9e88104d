/** Time limit, number of retries and proxy, as the environment sets them. */
import { usageError } from "../errors";
import { findProxy, type ProxyServer } from "./proxy";

export interface Limits {
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

/** Reads ATOA_TIMEOUT (seconds) and ATOA_MAX_RETRIES. Throws a usage error when one is set to nonsense. */
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
    "ATOA_TIMEOUT must be seconds, above 0 and at most 3600",
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
