import { type Emulator, startEmulator } from "@atoapayments/atoa-cli/emulator";
import { afterAll, beforeAll, expect, test } from "vitest";
import fc from "../../random";
import { times } from "../../scale.mjs";
import { type Caller, callerOf, newPayment, textOf } from "./caller";

/** Whatever is done in whatever order: only the documented moves happen, and no more is given back than was paid. */

const moves: Record<string, readonly string[]> = {
  PAYMENT_NOT_INITIATED: ["AWAITING_AUTHORIZATION", "PENDING", "COMPLETED", "FAILED", "EXPIRED", "CANCELLED"],
  AWAITING_AUTHORIZATION: ["PENDING", "COMPLETED", "FAILED", "CANCELLED", "EXPIRED", "PAYMENT_NOT_INITIATED"],
  PENDING: ["COMPLETED", "FAILED", "AUTHORIZED", "CANCELLED"],
  AUTHORIZED: ["COMPLETED", "CANCELLED"],
  FAILED: ["AWAITING_AUTHORIZATION", "PENDING", "COMPLETED", "FAILED"],
  COMPLETED: [],
  CANCELLED: [],
  EXPIRED: [],
};

let emulator: Emulator;
let call: Caller;
beforeAll(async () => {
  emulator = await startEmulator({ transactions: 0, clock: { startAt: "2026-02-10T09:00:00Z", frozen: true } });
  call = callerOf(emulator);
});
afterAll(() => emulator.close());

const step = fc.oneof(
  fc.constantFrom("start", "approve", "slowly", "decline", "abandon", "cancel", "capture", "release", "undo"),
  fc.integer({ min: 100, max: 3000 }).map((amount) => ({ refund: amount / 100 })),
  fc.constantFrom(1_000, 60_000, 180_000, 3_600_000, 8 * 86_400_000).map((ms) => ({ wait: ms })),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

async function take(id: string, refunds: string[], action: Step): Promise<void> {
  const attempt = (act: () => unknown): void => {
    try {
      act();
    } catch (error) {
      expect(error).toMatchObject({ kind: "bad-request" });
    }
  };
  const card = `/api/payments/card/payment-request/${id}`;
  if (typeof action === "object") {
    if ("wait" in action) return emulator.advance(action.wait);
    const reply = await call("POST", "/api/refund", { paymentRequestId: id, amount: action.refund });
    expect([200, 400]).toContain(reply.status);
    if (reply.status === 200) refunds.push(textOf(reply, "refundId"));
    return;
  }
  switch (action) {
    case "slowly":
      return attempt(() => emulator.approve(id, { settle: "later" }));
    case "abandon":
      return attempt(() => emulator.cancel(id));
    case "cancel":
      return void (await call("POST", `/api/payment-request/cancel/${id}`));
    case "capture":
    case "release":
      return void (await call("POST", `${card}/${action === "capture" ? "capture" : "cancel"}`));
    case "undo":
      return void (await call("DELETE", `/api/refund/${refunds.at(-1) ?? "nothing"}/cancel`));
    default:
      return attempt(() => emulator[action as "start"](id));
  }
}

test.each(["a hosted payment", "AUTO_CAPTURE", "MANUAL_CAPTURE", "CAPTURE_BEFORE_EXPIRY"])(
  "%s",
  async (kind) => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        const charge = {
          customerId: "cust_123",
          paymentMethodId: "card_456",
          captureType: kind,
          amount: 25,
          orderId: "o",
        };
        const id = kind.startsWith("a ")
          ? await newPayment(call)
          : textOf(await call("POST", "/api/payments/card/process-payment", charge), "paymentRequestId");
        const refunds: string[] = [];
        const look = async () =>
          (await call("GET", `/api/payments/v1/payment-status/${id}`)).body as { status: string };
        let before = (await look()).status;
        for (const action of steps) {
          await take(id, refunds, action);
          const { status } = await look();
          if (status !== before) expect(moves[before], JSON.stringify([action, before, status])).toContain(status);
          before = status;
        }
        const listed = (await call("GET", `/api/refund/${id}`)).body as { status: string; refundAmount: string }[];
        const live = listed.filter(({ status }) => status !== "CANCELLED" && status !== "FAILED");
        expect(
          live.reduce((sum, { refundAmount }) => sum + Math.round(Number(refundAmount) * 100), 0),
        ).toBeLessThanOrEqual(2500);
        if (before !== "COMPLETED") expect(listed).toEqual([]);
      }),
      { numRuns: times(60, 15) },
    );
  },
  60_000,
);
