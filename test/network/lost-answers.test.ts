import { randomUUID } from "node:crypto";
import { type Emulator, startEmulator } from "@atoapayments/atoa-cli/emulator";
import { beforeAll, describe, expect, it } from "vitest";
import { AtoaClient } from "../../src/api/client";
import { operations } from "../../src/api/operations";
import { resolveRequest } from "../../src/api/request";
import type { ProgressEvent } from "../../src/api/transport";
import { AtoaError } from "../../src/errors";
import { times } from "../scale.mjs";
import { seed } from "../seed";
import { type Cut, startRelay } from "./cutting-relay";
import { observed, pairedHome, sentence } from "./observed";

/**
 * A payment is made and the answer is lost, at any byte of the way there or back: never two payments, and what the
 * command says agrees with what the server did.
 */

/** mulberry32: a run can be repeated from its seed. */
function chance(start: number): () => number {
  let state = start >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What each attempt meets: up to three cuts, each at a random byte. A request is some 600 bytes, an answer some 500. */
function randomPlan(random: () => number): (Cut | "pass")[] {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  return Array.from({ length: Math.floor(random() * 4) }, () => {
    if (random() < 0.1) return "pass";
    const side = pick(["request", "answer", "answer"] as const);
    const how = pick(side === "answer" ? (["reset", "end", "hang", "gateway"] as const) : (["reset", "end"] as const));
    return { side, bytes: 1 + Math.floor(random() * 700), how };
  });
}

/** What a command said in the end. */
type Verdict = { type: "made"; id: string } | { type: "doubtful" } | { type: "not made"; why: string };

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator({ transactions: 0 });
});

/** The payments that the emulator has made, by order id. */
function paymentsMade(): Map<string, string[]> {
  const made = new Map<string, string[]>();
  for (const { id, orderId } of emulator.payments({ limit: 100_000 })) {
    made.set(orderId, [...(made.get(orderId) ?? []), id]);
  }
  return made;
}

/** Runs `many` jobs, `wide` at a time. */
async function inParallel(many: number, wide: number, job: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < many; index = next++) await job(index);
  };
  await Promise.all(Array.from({ length: wide }, worker));
}

/** Makes a payment through `origin` in this process, as a command does, with so many milliseconds an attempt. */
async function pay(
  origin: string,
  orderId: string,
  key: string,
  timeoutMs = 500,
): Promise<{ verdict: Verdict; retries: number; timedOut: boolean }> {
  const events: ProgressEvent[] = [];
  const client = new AtoaClient({
    origin,
    token: emulator.tokens.sandbox,
    timeoutMs,
    maxRetries: 2,
    proxy: undefined,
    onProgress: (event) => events.push(event),
  });
  const input = { amount: 2.5, orderId };
  const ended = (verdict: Verdict, lastReason = "") => {
    const reasons = events.flatMap((event) => (event.type === "retry" ? [event.reason] : []));
    const timedOut = [...reasons, lastReason].some((reason) => / within [\d.]+ s/.test(reason));
    return { verdict, retries: reasons.length, timedOut };
  };
  try {
    const request = await resolveRequest(operations.payments.create, input, { origin, idempotencyKey: key });
    const { value } = await client.send(request);
    const { paymentRequestId } = value as { paymentRequestId: string };
    return ended({ type: "made", id: paymentRequestId });
  } catch (error) {
    if (!(error instanceof AtoaError)) throw error;
    if (!error.summary.includes("may still have been processed"))
      return ended({ type: "not made", why: error.summary }, error.summary);
    expect(error.hint).toBe(
      `run the same command again with --idempotencyKey ${key}, so that it takes effect only once`,
    );
    return ended({ type: "doubtful" }, error.summary);
  }
}

describe("a lost answer", () => {
  it("at random bytes, by the client: never two payments, and the verdict is true", async () => {
    process.stdout.write(`lost answers: ATOA_TEST_SEED=${seed}\n`);
    const random = chance(seed);
    const plans = Array.from({ length: times(500, 30) }, () => randomPlan(random));
    const verdicts = new Map<string, Verdict>();
    const keys = new Map<string, string>();
    let doubtful = 0;
    let retries = 0;
    let exact = 0;
    await inParallel(plans.length, times(25, 8), async (index) => {
      const relay = await startRelay(emulator.port);
      const plan = plans[index] ?? [];
      relay.plan.push(...plan);
      const [orderId, key] = [`lost-${index}`, randomUUID()];
      keys.set(orderId, key);
      const { verdict, retries: more, timedOut } = await pay(relay.origin, orderId, key);
      verdicts.set(orderId, verdict);
      retries += more;
      // As many as were announced. Only an attempt whose half second was over may have ended before it was sent.
      const [least, most] = [timedOut ? 0 : more + 1, more + 1];
      for (const count of [relay.requests(), relay.connections()]) {
        expect(count).toBeLessThanOrEqual(most);
        expect(count).toBeGreaterThanOrEqual(least);
      }
      exact += timedOut ? 0 : 1;
    });

    let made = paymentsMade();
    for (const [orderId, verdict] of verdicts) {
      const ids = made.get(orderId) ?? [];
      const story = JSON.stringify({ seed, orderId, verdict, ids });
      expect(ids.length, story).toBeLessThanOrEqual(1);
      if (verdict.type === "made") expect(ids, story).toEqual([verdict.id]);
      if (verdict.type === "not made") expect(ids, story).toEqual([]);
    }

    // What the message advises: the same command with the same key. It finds the payment, or makes it now.
    await inParallel(plans.length, times(25, 8), async (index) => {
      const orderId = `lost-${index}`;
      if (verdicts.get(orderId)?.type === "made") return;
      doubtful++;
      const again = await pay(emulator.origin, orderId, keys.get(orderId) ?? "", 30_000);
      expect(again.verdict.type).toBe("made");
      verdicts.set(orderId, again.verdict);
    });
    made = paymentsMade();
    for (const [orderId, verdict] of verdicts) {
      expect(made.get(orderId)).toEqual([verdict.type === "made" ? verdict.id : "nothing"]);
    }
    process.stdout.write(`lost answers: ${retries} retries, ${doubtful} of ${plans.length} ended in doubt\n`);
    expect(retries).toBeGreaterThan(plans.length / 5);
    expect(doubtful).toBeGreaterThan(0);
    expect(exact).toBeGreaterThan(plans.length / 5);
  });

  it("at random bytes, by the program: the same, and --verbose shows every retry", async () => {
    const random = chance(seed + 1);
    const plans = Array.from({ length: times(64, 2) }, () => randomPlan(random));
    await inParallel(plans.length, 3, async (index) => {
      const relay = await startRelay(emulator.port);
      relay.plan.push(...(plans[index] ?? []));
      const [orderId, key] = [`program-${index}`, randomUUID()];
      const env = {
        ATOA_HOME: pairedHome(relay.origin, emulator.tokens.sandbox),
        ATOA_BASE_URL: relay.origin,
        ATOA_MAX_RETRIES: "2",
        ATOA_TIMEOUT: "2",
      };
      const argv = [
        "payments",
        "create",
        "--amount",
        "2.50",
        "--orderId",
        orderId,
        "--idempotencyKey",
        key,
        "--verbose",
      ];
      const first = await observed(argv, { env });
      const story = JSON.stringify({ seed, orderId, plan: plans[index], stderr: first.stderr });
      const ids = paymentsMade().get(orderId) ?? [];
      expect(ids.length, story).toBeLessThanOrEqual(1);
      const retried = first.stderr.match(/^\* .*; attempt [23] in \d+ ms$/gm) ?? [];
      expect(retried.length, story).toBe(relay.requests() - 1);
      if (first.code === 0) expect(ids, story).toEqual([JSON.parse(first.stdout).paymentRequestId]);
      else {
        expect([1, 6], story).toContain(first.code);
        expect(first.stdout, story).toBe("");
        expect(sentence(first.stderr), story).toMatch(
          new RegExp(`may still have been processed — run the same command again with --idempotencyKey ${key}, so`),
        );
        // The relay has nothing left to cut.
        const again = await observed(argv, { env });
        expect(again.code, story).toBe(0);
        expect(paymentsMade().get(orderId), story).toEqual([JSON.parse(again.stdout).paymentRequestId]);
      }
    });
  });
});
