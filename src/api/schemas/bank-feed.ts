import * as z from "zod/mini";
import type { Calendar } from "../../dates";
import * as days from "./days";
import * as fields from "./fields";

export const initiate = fields.input({
  redirectUrl: fields.url,
  /** The reference says text, the guide sends an object: both are taken, and text stays text. */
  callbackParams: z.optional(fields.textOrObject("ref=42")),
});

export const accounts = fields.input({ accountAuthId: fields.pathId });

/** Also the input of balance. */
export const account = fields.input({ id: fields.pathId });

export const transactions = (calendar: Calendar) =>
  fields
    .input({
      id: fields.pathId,
      from: days.day(calendar, "start"),
      /** Exclusive. */
      before: days.day(calendar, "before"),
      page: fields.page,
      itemsPerPage: fields.pageSize,
    })
    .check(days.range("from", "before", "before"));

const selectors = ["accountAuthId", "accountId", "accountIds"] as const;

/** At most one selector. None at all makes a request without a body, which withdraws every consent. */
export const revoke = fields
  .input({
    accountAuthId: z.optional(fields.someText("91a2b3c4-d5e6-4f70-8192-a3b4c5d6e777")),
    accountId: z.optional(fields.someText("c0d1e2f3-0415-4263-a748-596a7b8c9888")),
    /** Several ids in one text, separated by commas. */
    accountIds: z.optional(fields.someText("id-1,id-2")),
  })
  .check(
    fields.between("accountAuthId", (selected) =>
      selectors.filter((name) => selected[name] !== undefined).length > 1
        ? { must: "cannot be combined with accountId or accountIds", hint: "give only one of the three" }
        : undefined,
    ),
  );
