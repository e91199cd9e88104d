import * as z from "zod/mini";
import { customerTypes } from "../values";
import * as fields from "./fields";

const fullName = fields.text(
  { must: "must be 2 to 30 characters, not blank", hint: 'give a name such as "Ada Byron"' },
  (value) => fields.length(value) >= 2 && fields.length(value) <= 30 && /\S/.test(value),
);

const details = {
  email: z.optional(fields.email),
  type: z.optional(fields.oneOf(customerTypes)),
  phoneCountryCode: z.optional(
    fields.text({ must: "must be 1 to 5 digits", hint: "give a code such as 44, without the plus" }, (value) =>
      /^[0-9]{1,5}$/.test(value),
    ),
  ),
  phoneNumber: z.optional(
    fields.text(
      { must: "must be 1 to 15 digits", hint: "give the number without the country code, such as 7700900123" },
      (value) => /^[0-9]{1,15}$/.test(value),
    ),
  ),
  address: z.optional(fields.sized(0, 100, "shorten it")),
  city: z.optional(fields.sized(0, 30, "shorten it")),
  postcode: z.optional(
    fields.text(
      { must: "must be 4 to 8 letters, digits and spaces", hint: 'give a postcode such as "LS1 4AP"' },
      (value) => /^[A-Za-z0-9 ]{4,8}$/.test(value),
    ),
  ),
  vatNumber: z.optional(
    fields.text({ must: "must be 9 digits, optionally after GB", hint: "give a number such as GB123456789" }, (value) =>
      /^(GB)?[0-9]{9}$/.test(value),
    ),
  ),
};

export const create = fields
  .input({ fullName, ...details })
  .check(
    fields.between("email", (customer) =>
      customer.email === undefined && customer.phoneNumber === undefined
        ? (_, spelled) => ({ must: `or ${spelled("phoneNumber")} is needed`, hint: "give at least one of the two" })
        : undefined,
    ),
  );

export const list = fields.input({
  page: fields.page,
  size: fields.pageSize,
  search: z.optional(fields.anyText("jane")),
});

/** Also the input of delete. */
export const get = fields.input({ id: fields.pathId });

export const update = fields
  .input({ id: fields.pathId, fullName: z.optional(fullName), ...details })
  .check(
    fields.between("fullName", (customer) =>
      Object.entries(customer).every(([name, value]) => name === "id" || value === undefined)
        ? { must: "or another field is needed", hint: "give at least one field to change" }
        : undefined,
    ),
  );
