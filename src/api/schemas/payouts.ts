import * as z from "zod/mini";
import type { Calendar } from "../../dates";
import { payoutStatuses } from "../values";
import * as days from "./days";
import * as fields from "./fields";

/** None of the filters is documented, so any text passes but what is no date. */
export const list = (calendar: Calendar) =>
  fields
    .input({
      page: fields.page,
      limit: fields.pageSize,
      fromDate: z.optional(days.day(calendar, "start")),
      toDate: z.optional(days.day(calendar, "end")),
      orderBy: z.optional(fields.anyText("createdAt")),
      status: z.optional(fields.likeOneOf(payoutStatuses)),
      search: z.optional(fields.anyText("APY")),
    })
    .check(days.range("fromDate", "toDate", "end"));

export const transactions = fields.input({ id: fields.pathId, page: fields.page, limit: fields.pageSize });
