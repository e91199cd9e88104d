import { setTimeout as sleep } from "node:timers/promises";
import { readPaymentStatus } from "../api/answers";
import { finalPaymentStatuses } from "../api/values";
import { AtoaError } from "../errors";
import { interrupted } from "../terminal/prompt";
import { interruption } from "../terminal/terminal";

/** Milliseconds. The gaps grow by half, as the API's documentation advises. */
const firstGap = 5_000;
const longestGap = 30_000;
const patience = 180_000;

/**
 * Asks for a payment until its status is final, and returns the last answer.
 * A rate limit or a blip of the network in between does not end it; what cannot change (401, 404, …) does, and so does a
 * failure of the very first question.
 * @param report is told the status after each answer
 * @throws AtoaError kind failure with the last status after three minutes
 */
export async function pollStatus(ask: () => Promise<unknown>, report: (text: string) => void): Promise<unknown> {
  const end = Date.now() + patience;
  let last: string | undefined;
  for (let gap = firstGap; ; gap = Math.min(gap * 1.5, longestGap)) {
    try {
      const answer = await within(end - Date.now(), ask());
      if (answer === late) throw stillOpen(last);
      last = readPaymentStatus(answer) ?? "unknown";
      if (finalPaymentStatuses.some((status) => status === last)) return answer;
    } catch (error) {
      // Before the first answer nothing says that it would ever work: a wrong address, a bad certificate.
      if (last === undefined || !passes(error)) throw error;
    }
    if (Date.now() + gap > end) throw stillOpen(last);
    report(`${last}; asking again in ${Math.round(gap / 1000)} s`);
    await waited(gap);
  }
}

/** Not undefined: an empty answer is one too. */
const late = Symbol("late");

/** What the work gives, or `late` when it takes longer than `ms` milliseconds. */
async function within<T>(ms: number, work: Promise<T>): Promise<T | typeof late> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<typeof late>((resolve) => {
    timer = setTimeout(() => resolve(late), Math.max(0, ms));
  });
  try {
    return await Promise.race([work, limit]);
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

function passes(error: unknown): boolean {
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
