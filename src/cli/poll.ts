import { setTimeout as sleep } from "node:timers/promises";
import { readPaymentStatus } from "../api/response-fields";
import type { ApiResponse } from "../api/transport";
import { finalPaymentStatuses } from "../api/values";
import { AtoaError } from "../errors";
import { interrupted } from "../terminal/prompt";
import { interruption } from "../terminal/terminal";

/** Milliseconds between two questions; the gaps grow by half, as the API's documentation advises. */
const firstGap = 5_000;
const longestGap = 10_000;

/** Milliseconds after which a poll gives up. */
const pollLimit = 180_000;

/**
 * Asks for a payment until its status is final, and returns the last response.
 * A rate limit or a blip of the network in between does not end it; what cannot change (401, 404, …) does, and so does a
 * failure of the very first question.
 * @param report is told the status after each response
 * @throws AtoaError kind failure with the last status after three minutes
 */
export async function pollStatus(
  send: () => Promise<ApiResponse>,
  report: (text: string) => void,
): Promise<ApiResponse> {
  // Not the wall clock, which may be set while we wait.
  const end = performance.now() + pollLimit;
  let last: string | undefined;
  for (let gap = firstGap; ; gap = Math.min(gap * 1.5, longestGap)) {
    try {
      const response = await within(end - performance.now(), send());
      if (response === undefined) throw stillOpen(last);
      last = readPaymentStatus(response.value) ?? "unknown";
      if (finalPaymentStatuses.some((status) => status === last)) return response;
    } catch (error) {
      // Before the first response nothing says that it would ever work: a wrong address, a bad certificate.
      if (last === undefined || !isRetryable(error)) throw error;
    }
    if (performance.now() + gap > end) throw stillOpen(last);
    report(`${last}; asking again in ${Math.round(gap / 1000)} s`);
    await waited(gap);
  }
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

function stillOpen(last = "unknown"): AtoaError {
  return new AtoaError({
    kind: "failure",
    message: `The payment is still ${last} after three minutes`,
    hint: "run the command again to go on waiting, or listen to the PAYMENTS_STATUS webhook",
  });
}
