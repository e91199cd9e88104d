import { Flags } from "@oclif/core";
import { customerTypes } from "../api/values";
import { column, date, exact } from "../terminal/columns";

/** What the commands about customers have in common. */

export const customerFlags = {
  email: Flags.string({ summary: "E-mail address." }),
  type: Flags.option({ options: customerTypes })({ summary: "Kind of customer; the server's default is INDIVIDUAL." }),
  phoneCountryCode: Flags.string({ summary: "Country code without +, for example 44." }),
  phoneNumber: Flags.string({ summary: "Phone number without the country code, digits only." }),
  address: Flags.string({ summary: "Street and number." }),
  city: Flags.string({ summary: "Town." }),
  postcode: Flags.string({ summary: "Postcode, for example LS1 4AP." }),
  vatNumber: Flags.string({ summary: "VAT number of a business: nine digits, with or without GB." }),
};

export const customerColumns = [
  exact("Id", "id"),
  column("Name", "fullName"),
  column("Email", "email"),
  date("Created", "createdAt"),
  exact("Phone", "phoneNumber"),
  column("Type", "type"),
  column("City", "city"),
];
