import * as z from "zod/mini";
import * as fields from "./fields";

export const create = fields.input({
  paymentRequestId: fields.someText("0f2b6f0a-6a1d-4a44-9d0e-5b1c7d0a9e11"),
  amount: fields.pounds(1),
  currency: z.optional(fields.anyText("GBP")),
  refundNotes: z.optional(fields.anyText("duplicate")),
});

/** The id is that of the payment request. */
export const list = fields.input({ paymentRequestId: fields.pathId });

/** The id is that of the refund. */
export const cancel = fields.input({ refundId: fields.pathId });
