import * as z from "zod/mini";
import { paymentMethodKinds, testWebhookStatuses, testWebhookTypes, webhookEvents } from "../values";
import * as fields from "./fields";

export const create = fields.input({
  url: fields.url,
  event: fields.oneOf(webhookEvents),
  /** {clientId, clientSecret, authUrl} or {username, password}; seen in client code only, so the server judges it. */
  authentication: z.optional(fields.anyObject('{"username":"…","password":"…"}')),
});

export const remove = fields.input({ webhookId: fields.pathId });

const customField = fields.jsonObject(
  z.looseObject({ fieldName: fields.anyText("Loyalty"), value: fields.anyText("42") }),
  '{"fieldName":"Loyalty","value":"42"}',
);

const forPosOnly: fields.Fault = {
  must: "is only for POS_PAYMENT_STATUS",
  hint: "leave it out or trigger POS_PAYMENT_STATUS",
};

export const trigger = fields
  .input({
    eventType: fields.oneOf(webhookEvents),
    orderId: z.optional(fields.anyText("order-001")),
    amount: z.optional(fields.pounds(0)),
    paymentMethod: z.optional(fields.oneOf(paymentMethodKinds)),
    status: z.optional(fields.oneOf(testWebhookStatuses)),
    type: z.optional(fields.oneOf(testWebhookTypes)),
    customFields: z.optional(fields.jsonArray(customField, '[{"fieldName":"Loyalty","value":"42"}]')),
  })
  .check(
    fields.between("type", (event) =>
      event.type !== undefined && event.eventType !== "POS_PAYMENT_STATUS" ? forPosOnly : undefined,
    ),
    fields.between("customFields", (event) =>
      event.customFields !== undefined && event.eventType !== "POS_PAYMENT_STATUS" ? forPosOnly : undefined,
    ),
    fields.between("status", (event) =>
      event.status === "AUTHORIZED" && event.paymentMethod !== "CARD"
        ? (_, spelled) => ({
            must: `AUTHORIZED requires ${spelled("paymentMethod")} CARD`,
            hint: `add ${spelled("paymentMethod")} CARD or choose another status`,
          })
        : undefined,
    ),
  );
