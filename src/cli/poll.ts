import { setTimeout as sleep } from "node:timers/promises";
import { readPaymentStatus } from "../api/response";
import type { ApiResponse } from "../api/transport";
import { finalPaymentStatuses, paymentStatuses } from "../api/values";
import { AtoaError, interrupted, usageError } from "../errors";
import { interruption } from "../terminal/terminal";
import { matchingValue, quoted } from "../text";

/** Milliseconds between two questions; the gaps grow by half, as the API's documentation advises. */
const firstGap = 5_000;
const longestGap = 10_000;

/** Milliseconds after which a poll gives up, unless the user says otherwise. */
const defaultLimit = 180_000;

/** Milliseconds that are kept for the last question. */
const lastQuestion = 1_000;

/** What a user waits for. */
export interface PollOptions {
  /** Statuses that are good; any final one when left out. */
  readonly until?: readonly string[] | undefined;
  /** Milliseconds. */
  readonly limit?: number | undefined;
}

export interface PollEnd {
  /** The last response. */
  readonly response: ApiResponse;
  /** Why it is not what the user waited for. */
  readonly unmet?: AtoaError;
}

/**
 * Asks for a payment until its status is one that the user waits for, or final.
 * A rate limit or a blip of the network in between does not end it; what cannot change (401, 404, …) does, and so does a
 * failure of the very first question.
 * @param report is told the status after each response
 * @throws AtoaError kind network when no response came in time
 */
export async function pollStatus(
  send: () => Promise<ApiResponse>,
  report: (text: string) => void,
  { until, limit = defaultLimit }: PollOptions = {},
): Promise<PollEnd> {
  // Not the wall clock, which may be set while we wait.
  const end = performance.now() + limit;
  let last: ApiResponse | undefined;
  for (let gap = firstGap; ; gap = Math.min(gap * 1.5, longestGap)) {
    try {
      const response = await within(end - performance.now(), send());
      if (response === undefined) break;
      last = response;
      const status = statusOf(response);
      if ((until ?? finalPaymentStatuses).some((wanted) => wanted === status)) return { response };
      if (isFinal(status)) return { response, unmet: decided(status, until ?? []) };
    } catch (error) {
      // Before the first response nothing says that it would ever work: a wrong address, a bad certificate.
      if (last === undefined || !isRetryable(error)) throw error;
    }
    const left = end - lastQuestion - performance.now();
    if (left <= 0) break;
    const wait = Math.min(gap, left);
    report(`${last === undefined ? "unknown" : statusOf(last)}; checking again in ${Math.round(wait / 1000)} s`);
    await waited(wait);
  }
  if (last === undefined) throw unanswered(limit);
  return { response: last, unmet: stillOpen(statusOf(last), limit) };
}

/** @returns statuses of a comma-separated list, in any letter case. @throws a usage error for one that no payment has */
export function readStatuses(text: string): readonly string[] {
  const words = text.split(",").map((word) => word.trim());
  return words.map((word) => {
    const status = matchingValue(paymentStatuses, word);
    if (status !== undefined) return status;
    throw usageError(
      `--until must be one or more of ${paymentStatuses.join(", ")}; got ${quoted(word)}`,
      "for example: --until COMPLETED,FAILED",
      "--until",
    );
  });
}

/** @returns milliseconds of "30s", "5m" or "30". @throws a usage error for anything else, and beyond a day */
export function readTimeout(text: string): number {
  const [, digits = "", unit] = /^(\d{1,6})([sm]?)$/i.exec(text) ?? [];
  const ms = Number(digits) * (unit?.toLowerCase() === "m" ? 60_000 : 1000);
  if (ms > 0 && ms <= 86_400_000) return ms;
  throw usageError(
    `--timeout must be from 1s to 1440m; got ${quoted(text)}`,
    "for example: --timeout 30s, or --timeout 5m",
    "--timeout",
  );
}

/** What the work gives, or undefined when it takes longer than `ms` milliseconds. */
async function within<T>(ms: number, work: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), Math.max(0, ms));
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function waited(ms: number): Promise<void> {
  try {
    await sleep(ms, undefined, { signal: interruption() });
  } catch {
    throw interrupted();
  }
}

function isRetryable(error: unknown): boolean {
  if (!(error instanceof AtoaError)) return false;
  return error.kind === "rateLimited" || error.kind === "network" || (error.status ?? 0) >= 500;
}

function statusOf(response: ApiResponse): string {
  return readPaymentStatus(response.value) ?? "unknown";
}

function isFinal(status: string): boolean {
  return finalPaymentStatuses.some((final) => final === status);
}

function decided(status: string, until: readonly string[]): AtoaError {
  return new AtoaError({
    kind: "failure",
    code: "STATUS_NOT_REACHED",
    message: `The payment is ${status}, which is final, but not ${until.join(" or ")}`,
    hint: "create a new payment if the customer wants to try again",
  });
}

function stillOpen(status: string, limit: number): AtoaError {
  return new AtoaError({
    kind: "failure",
    code: "STATUS_NOT_REACHED",
    message: `The payment is still ${status} after ${duration(limit)}`,
    hint: "run the command again to keep waiting, or listen for the PAYMENTS_STATUS webhook",
  });
}

function unanswered(limit: number): AtoaError {
  return new AtoaError({
    kind: "network",
    message: `No response came within ${duration(limit)}`,
    hint: "check the connection and run the command again",
  });
}

function duration(ms: number): string {
  const [count, unit] = ms % 60_000 === 0 ? [ms / 60_000, "minute"] : [ms / 1000, "second"];
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}
