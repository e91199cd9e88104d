import { customerTypes } from "../api/values";
import { column, date, idColumn } from "../terminal/columns";
import { text } from "./flags";

/** What the commands about customers have in common. */

export const customerFlags = {
  email: text({ summary: "Email address." }),
  type: text({ summary: "Kind of customer; the server's default is INDIVIDUAL.", values: customerTypes }),
  phoneCountryCode: text({ summary: "Country code without +, for example 44." }),
  phoneNumber: text({ summary: "Phone number without the country code, digits only." }),
  address: text({ summary: "Street and number." }),
  city: text({ summary: "Town." }),
  postcode: text({ summary: "Postcode, for example LS1 4AP." }),
  vatNumber: text({ summary: "VAT number of a business: nine digits, with or without GB." }),
};

export const customerColumns = [
  idColumn("Id", "id"),
  column("Name", "fullName"),
  column("Email", "email"),
  date("Created", "createdAt"),
  idColumn("Phone", "phoneNumber"),
  column("Type", "type"),
  column("City", "city"),
];
