import * as z from "zod/mini";
import { cancelReasonCodes, captureTypes } from "../values";
import * as fields from "./fields";

export const charge = fields.input({
  customerId: fields.uuid,
  paymentMethodId: fields.text(
    { must: "must be 1 to 64 characters", next: "copy the id from the customer's saved cards" },
    (value) => value.length > 0 && fields.length(value) <= 64,
  ),
  captureType: fields.oneOf(captureTypes),
  amount: fields.pounds(1),
  orderId: fields.text(
    { must: "must be 1 to 50 characters, not blank", next: "give your own reference, such as order-007" },
    (value) => /\S/.test(value) && fields.length(value) <= 50,
  ),
  notes: z.optional(
    fields.text({ must: "must be at most 30 characters", next: "shorten it" }, (value) => fields.length(value) <= 30),
  ),
  storeId: z.optional(fields.uuid),
});

export const capture = fields.input({ id: fields.pathId });

export const cancel = fields
  .input({
    id: fields.pathId,
    cancelledReasonCode: z.optional(fields.oneOf(cancelReasonCodes)),
    cancelledReasonDescription: z.optional(
      fields.text({ must: "must be at most 60 characters", next: "shorten it" }, (value) => fields.length(value) <= 60),
    ),
  })
  .check(
    fields.between(
      "cancelledReasonDescription",
      { must: "is needed when cancelledReasonCode is Other", next: "say in a few words why the payment is cancelled" },
      (reason) => reason.cancelledReasonCode !== "Other" || reason.cancelledReasonDescription !== undefined,
    ),
  );
