import * as z from "zod/mini";
import * as fields from "./fields";

/** None of the filters is documented, so any text passes. */
export const list = fields.input({
  page: fields.page,
  limit: fields.pageSize,
  fromDate: z.optional(fields.anyText("2026-01-01")),
  toDate: z.optional(fields.anyText("2026-01-31")),
  orderBy: z.optional(fields.anyText("createdAt")),
  status: z.optional(fields.anyText("COMPLETED")),
  search: z.optional(fields.anyText("APY")),
});

export const transactions = fields.input({ id: fields.pathId, page: fields.page, limit: fields.pageSize });
