import * as z from "zod/mini";
import { paymentMethodKinds, testWebhookStatuses, testWebhookTypes, webhookEvents } from "../values";
import * as fields from "./fields";

export const create = fields.input({
  url: fields.url,
  event: fields.oneOf(webhookEvents),
  /** {clientId, clientSecret, authUrl} or {username, password}; seen in client code only, so the server judges it. */
  authentication: z.optional(fields.anyObject('{"username":"…","password":"…"}')),
});

export const list = fields.input({});

export const remove = fields.input({ webhookId: fields.pathId });

const customField = z.looseObject(
  { fieldName: fields.anyText("Loyalty"), value: fields.anyText("42") },
  'must be an object with fieldName and value\ngive a field such as {"fieldName":"Loyalty","value":"42"}',
);

export const trigger = fields
  .input({
    eventType: fields.oneOf(webhookEvents),
    orderId: z.optional(fields.anyText("order-001")),
    amount: z.optional(fields.pounds(0)),
    paymentMethod: z.optional(fields.oneOf(paymentMethodKinds)),
    status: z.optional(fields.oneOf(testWebhookStatuses)),
    type: z.optional(fields.oneOf(testWebhookTypes)),
    customFields: z.optional(
      z.array(customField, 'must be a JSON array\ngive an array such as [{"fieldName":"Loyalty","value":"42"}]'),
    ),
  })
  .check(
    fields.between(
      "type",
      { must: "goes with POS_PAYMENT_STATUS only", next: "leave it out or trigger POS_PAYMENT_STATUS" },
      (event) => event.type === undefined || event.eventType === "POS_PAYMENT_STATUS",
    ),
    fields.between(
      "customFields",
      { must: "goes with POS_PAYMENT_STATUS only", next: "leave it out or trigger POS_PAYMENT_STATUS" },
      (event) => event.customFields === undefined || event.eventType === "POS_PAYMENT_STATUS",
    ),
    fields.between(
      "status",
      { must: "AUTHORIZED goes with paymentMethod CARD only", next: "add paymentMethod CARD or choose another status" },
      (event) => event.status !== "AUTHORIZED" || event.paymentMethod === "CARD",
    ),
  );
