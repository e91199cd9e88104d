/**
 * When to try again, as pure functions.
 *
 * The rule: a transport failure, 429, 502, 503 and 504 are tried again, with the same Idempotency-Key, so that a write
 * is done at most once. A DELETE carries no key, so it is tried again only when no connection was made. A failure that
 * would repeat itself (a bad certificate, a proxy that wants a password) is not tried again.
 */
import type { Method } from "./operations";

export type Outcome =
  | { type: "answered"; status: number; retryAfterMs?: number | undefined }
  | {
      type: "failed";
      /** True from the moment at which the first byte of the request may have left. */
      connected: boolean;
      /** True when another attempt would fail just the same. */
      permanent: boolean;
    };

const retryableStatuses = new Set([429, 502, 503, 504]);

/** The longest wait that a server may ask for, in milliseconds. A longer one ends the command at once. */
export const maxRetryAfterMs = 30_000;

/** True for a status that is likely to be different a little later. */
export function isRetryable(status: number): boolean {
  return retryableStatuses.has(status);
}

/** Whether to try again after `attempt` attempts (1 or more), of which at most `maxRetries` may be repetitions. */
export function shouldRetry(method: Method, outcome: Outcome, attempt: number, maxRetries = 2): boolean {
  if (attempt > maxRetries) return false;
  if (outcome.type === "failed") return !outcome.permanent && (method !== "DELETE" || !outcome.connected);
  if (method === "DELETE" || !isRetryable(outcome.status)) return false;
  return (outcome.retryAfterMs ?? 0) <= maxRetryAfterMs;
}

/**
 * Milliseconds to wait after `attempt` attempts: what the server asked for, else half a second, doubled each time,
 * of which a random half is left out so that many clients do not come back together.
 */
export function retryDelayMs(outcome: Outcome, attempt: number, random: () => number = Math.random): number {
  if (outcome.type === "answered" && outcome.retryAfterMs !== undefined) return outcome.retryAfterMs;
  const step = 500 * 2 ** (attempt - 1);
  return Math.round(step * (0.5 + random() / 2));
}

/** Milliseconds named by a Retry-After header: seconds or an HTTP date. Undefined when it is neither. */
export function parseRetryAfter(header: string | undefined, now: number): number | undefined {
  const text = header?.trim() ?? "";
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  // Date.parse takes much that is no HTTP date, such as "-5"; all three HTTP forms begin with the day of the week.
  if (!/^(mon|tue|wed|thu|fri|sat|sun)/i.test(text)) return undefined;
  const date = Date.parse(/gmt|utc/i.test(text) ? text : `${text} GMT`);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
