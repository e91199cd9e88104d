import * as z from "zod/mini";
import { cancelReasonCodes, captureTypes } from "../values";
import * as fields from "./fields";

export const charge = fields.input({
  customerId: fields.uuid,
  paymentMethodId: fields.sized(1, 64, "copy the id from the customer's saved cards"),
  captureType: fields.oneOf(captureTypes),
  amount: fields.pounds(1),
  orderId: fields.text(
    { must: "must be 1 to 50 characters, not blank", hint: "give your own reference, such as order-007" },
    (value) => /\S/.test(value) && fields.length(value) <= 50,
  ),
  notes: z.optional(fields.sized(0, 30, "shorten it")),
  storeId: z.optional(fields.uuid),
});

export const capture = fields.input({ id: fields.pathId });

export const cancel = fields
  .input({
    id: fields.pathId,
    cancelledReasonCode: z.optional(fields.oneOf(cancelReasonCodes)),
    cancelledReasonDescription: z.optional(fields.sized(0, 60, "shorten it")),
  })
  .check(
    fields.between("cancelledReasonDescription", (reason) =>
      reason.cancelledReasonCode === "Other" && reason.cancelledReasonDescription === undefined
        ? (_, spelled) => ({
            must: `is needed when ${spelled("cancelledReasonCode")} is Other`,
            hint: "give a short reason",
          })
        : undefined,
    ),
  );
