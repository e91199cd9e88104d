import * as z from "zod/mini";
import * as fields from "./fields";

export const initiate = fields.input({
  redirectUrl: fields.url,
  /** The reference says text, the guide sends an object: both are taken. */
  callbackParams: z.optional(
    z.union([z.string(), z.record(z.string(), z.unknown())], "must be text or a JSON object\ngive text such as ref=42"),
  ),
});

export const accounts = fields.input({ accountAuthId: fields.pathId });

/** Also the input of balance. */
export const account = fields.input({ id: fields.pathId });

const day = (example: string) => fields.someText(example);

export const transactions = fields.input({
  id: fields.pathId,
  from: day("2026-01-01"),
  /** Exclusive. */
  before: day("2026-02-01"),
  page: fields.page,
  itemsPerPage: fields.pageSize,
});

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
    fields.between(
      "accountAuthId",
      { must: "cannot be combined with accountId or accountIds", next: "give only one of the three" },
      (selected) => selectors.filter((name) => selected[name] !== undefined).length <= 1,
    ),
  );
