import * as z from "zod/mini";
import type { Calendar } from "../../dates";
import { environments } from "../../environments";
import { paymentMethodKinds, paymentStatuses, qrTemplates } from "../values";
import * as days from "./days";
import * as fields from "./fields";

const consumerDetails = fields.jsonObject(
  z.looseObject({
    phoneCountryCode: z.optional(fields.anyText("44")),
    phoneNumber: z.optional(fields.anyText("7700900123")),
    email: z.optional(fields.email),
    firstName: z.optional(fields.anyText("Ada")),
    lastName: z.optional(fields.anyText("Byron")),
  }),
  '{"email":"ada@example.com"}',
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
    paymentMethod: fields.list(fields.oneOf(paymentMethodKinds)),
    savePaymentMethod: z.optional(fields.flag),
    atoaCustomerId: z.optional(fields.uuid),
    consumerDetails: z.optional(consumerDetails),
    callbackParams: z.optional(fields.anyObject('{"basket":"42"}')),
    expiresIn: z.optional(fields.milliseconds),
    strictExpiry: z.optional(fields.flag),
    notes: z.optional(fields.anyText("thanks")),
    enableTips: z.optional(fields.flag),
    allowRetry: z.optional(fields.flag),
    redirectUrl: z.optional(fields.url),
    splitBill: z.optional(fields.flag),
    template: z.optional(fields.oneOf(qrTemplates)),
  })
  .check(
    fields.between("atoaCustomerId", (payment) =>
      payment.savePaymentMethod === true && payment.atoaCustomerId === undefined
        ? (_, spelled) => ({
            must: `is needed with ${spelled("savePaymentMethod")}`,
            hint: "give the id of the customer who will own the card",
          })
        : undefined,
    ),
  );

export const status = fields.input({ id: fields.pathId, env: z.optional(fields.oneOf(environments)) });

export const cancel = fields.input({ id: fields.pathId });

export const transactions = (calendar: Calendar) =>
  fields
    .input({
      page: fields.page,
      size: fields.pageSize,
      search: z.optional(fields.anyText("order-001")),
      fromDate: z.optional(days.day(calendar, "start")),
      toDate: z.optional(days.day(calendar, "end")),
      /** The documentation does not give the full list. */
      status: fields.list(fields.likeOneOf(paymentStatuses)),
      atoaCustomerIds: fields.list(fields.uuid),
      paymentMethod: fields.list(fields.oneOf(paymentMethodKinds)),
      storeIds: fields.list(fields.anyText("a94c1b7d-2e63-4f18-b0a5-6d7e8f901233")),
    })
    .check(days.range("fromDate", "toDate", "end"));
