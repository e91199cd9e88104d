import { type Emulator, startEmulator } from "@atoapayments/atoa-cli/emulator";
import { afterAll, beforeAll, expect, test } from "vitest";
import { api } from "../../../src/emulator/api/api-law";
import fc from "../../random";
import { times } from "../../scale.mjs";
import { callerOf } from "./caller";

/** Whatever is sent: the answer is one that the file knows for the operation, and never a failure of the emulator. */

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator({ transactions: 30 });
});
afterAll(() => emulator.close());

const ids = [
  "cust_123",
  "card_456",
  "pr_abc",
  "pr_abc123",
  "rf_xyz",
  "wh_123",
  "auth_999",
  "acct_111",
  "po_555",
  "nothing",
];
const id = fc.oneof(fc.constantFrom(...ids), fc.uuid(), fc.string({ minLength: 1, maxLength: 8 }));
const words = fc.constantFrom(
  ...[
    "AUTO_CAPTURE",
    "MANUAL_CAPTURE",
    "PAYMENTS_STATUS",
    "REFUND_STATUS",
    "POS_PAYMENT_STATUS",
    "CARD",
    "PAY_BY_BANK",
    "COMPLETED",
    "FAILED",
  ],
  ...[
    "Other",
    "Duplicate",
    "GBP",
    "ada@example.com",
    "https://shop.example.com/x",
    "http://127.0.0.1:9/x",
    "2026-01-10",
    "7700900123",
    "RECEIPT",
  ],
);
const value = fc.oneof(
  { arbitrary: words, weight: 4 },
  { arbitrary: id, weight: 3 },
  { arbitrary: fc.oneof(fc.integer({ min: 1, max: 3000 }), fc.double(), fc.boolean(), fc.constant(null)), weight: 3 },
  { arbitrary: fc.array(words, { maxLength: 2 }), weight: 1 },
  { arbitrary: fc.jsonValue({ maxDepth: 2 }), weight: 1 },
);

/** The field names that the file gives to a body, found by walking its schemas by name. */
const fields = [
  "amount orderId customerId currency paymentType storeId paymentMethod savePaymentMethod atoaCustomerId callbackParams expiresIn notes",
  "redirectUrl splitBill template fullName email type phoneNumber postcode vatNumber paymentMethodId captureType paymentRequestId",
  "refundNotes url event events description authentication eventType status customFields accountAuthId accountId accountIds search fromDate toDate",
  "atoaCustomerIds storeIds cancelledReasonCode cancelledReasonDescription __proto__ constructor",
].flatMap((line) => line.split(" "));

const body = fc.oneof(
  { arbitrary: fc.dictionary(fc.constantFrom(...fields), value, { maxKeys: 8 }), weight: 8 },
  { arbitrary: fc.jsonValue(), weight: 1 },
);
const query = fc.dictionary(
  fc.constantFrom(
    "page",
    "size",
    "limit",
    "itemsPerPage",
    "from",
    "before",
    "env",
    "search",
    "status",
    "orderBy",
    "fromDate",
  ),
  fc.oneof(
    fc.constantFrom("0", "1", "20", "-1", "x", "2026-01-01", "sandbox", "production", "amount"),
    fc.string({ maxLength: 6 }),
  ),
  { maxKeys: 5 },
);

test.each(api.operations.map((operation) => [operation.id, operation] as const))(
  "%s",
  async (_, operation) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(id, { minLength: 3, maxLength: 3 }),
        query,
        body,
        fc.boolean(),
        async (names, search, content, production) => {
          let next = 0;
          const path = operation.path.replaceAll(/\{\w+\}/g, () => encodeURIComponent(names[next++] ?? ""));
          if (/\/\.{1,2}(?:\/|$)/.test(path.replaceAll("%2E", "."))) return;
          const call = callerOf(emulator, production ? "production" : "sandbox");
          const target = `${path}?${new URLSearchParams(search)}`;
          const reply = await call(
            operation.method,
            target,
            operation.method === "GET" ? undefined : JSON.stringify(content),
          );
          expect(reply.status, JSON.stringify(reply.body)).toBeLessThan(500);
          expect(api.answerProblem(operation, reply.status, reply.body)).toBeUndefined();
        },
      ),
      { numRuns: times(60, 12) },
    );
  },
  60_000,
);
