import * as z from "zod/mini";
import { environments, paymentMethodKinds, qrTemplates } from "../values";
import * as fields from "./fields";

const consumerDetails = z.looseObject(
  {
    phoneCountryCode: z.optional(fields.anyText("44")),
    phoneNumber: z.optional(fields.anyText("7700900123")),
    email: z.optional(fields.email),
    firstName: z.optional(fields.anyText("Ada")),
    lastName: z.optional(fields.anyText("Byron")),
  },
  'must be a JSON object\ngive an object such as {"email":"ada@example.com"}',
);

export const create = fields
  .input({
    amount: fields.pounds(1),
    orderId: fields.someText("order-001"),
    customerId: z.optional(fields.someText("cust-17")),
    currency: z.optional(fields.anyText("GBP")),
    paymentType: z.optional(fields.someText("TRANSACTION")),
    autoRedirect: z.optional(fields.flag),
    institutionId: z.optional(fields.anyText("modelo-sandbox")),
    storeId: z.optional(fields.anyText("a94c1b7d-2e63-4f18-b0a5-6d7e8f901233")),
    paymentMethod: z.optional(fields.list(fields.oneOf(paymentMethodKinds))),
    savePaymentMethod: z.optional(fields.flag),
    atoaCustomerId: z.optional(fields.uuid),
    consumerDetails: z.optional(consumerDetails),
    callbackParams: z.optional(fields.anyObject('{"basket":"42"}')),
    /** Milliseconds. */
    expiresIn: z.optional(fields.wholeNumber(1, 600_000)),
    strictExpiry: z.optional(fields.flag),
    notes: z.optional(fields.anyText("thanks")),
    enableTips: z.optional(fields.flag),
    allowRetry: z.optional(fields.flag),
    redirectUrl: z.optional(fields.url),
    splitBill: z.optional(fields.flag),
    template: z.optional(fields.oneOf(qrTemplates)),
  })
  .check(
    fields.between(
      "atoaCustomerId",
      { must: "is needed with savePaymentMethod", next: "give the id of the customer who will own the card" },
      (payment) => payment.savePaymentMethod !== true || payment.atoaCustomerId !== undefined,
    ),
  );

export const status = fields.input({ id: fields.pathId, env: z.optional(fields.oneOf(environments)) });

export const cancel = fields.input({ id: fields.pathId });

export const transactions = fields.input({
  page: fields.page,
  size: fields.pageSize,
  search: z.optional(fields.anyText("order-001")),
  fromDate: z.optional(fields.date),
  toDate: z.optional(fields.date),
  /** Any text: the documentation does not give the full list. */
  status: z.optional(fields.list(fields.anyText("COMPLETED"))),
  atoaCustomerIds: z.optional(fields.list(fields.uuid)),
  paymentMethod: z.optional(fields.list(fields.oneOf(paymentMethodKinds))),
  storeIds: z.optional(fields.list(fields.anyText("a94c1b7d-2e63-4f18-b0a5-6d7e8f901233"))),
});
