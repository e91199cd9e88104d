import type { Business } from "../state/business";
import type { Customer } from "../state/records";
import type { Chance } from "./chance";
import { firstNames, lastNames, streets, towns } from "./people";

const customerCount = 24;
const day = 86_400_000;

/** Customers, two in three with a saved card. The first is the README's cust_123 with its card_456. */
export function seedCustomers(business: Business, chance: Chance, until: number): void {
  for (let index = 0; index < customerCount; index += 1) {
    const customer = index === 0 ? jane(chance, until) : somebody(chance, index, until);
    business.customers.set(customer.id, customer);
    const cards = index === 0 ? 2 : chance.between(0, 2);
    for (let count = 0; count < cards; count += 1) seedCard(business, chance, customer, index === 0 && count === 0);
    if (index === 0) business.aliases.set("cust_123", customer.id);
  }
}

function jane(chance: Chance, until: number): Customer {
  return {
    ...somebody(chance, 0, until),
    fullName: "Jane Doe",
    email: "jane.doe@example.com",
    phoneNumber: "7700900123",
    type: "BUSINESS",
    vatNumber: "GB987654321",
  };
}

function somebody(chance: Chance, index: number, until: number): Customer {
  const first = chance.pick(firstNames);
  const last = chance.pick(lastNames);
  const [city, postcode] = chance.pick(towns);
  return {
    id: chance.uuid(),
    fullName: `${first} ${last}`,
    email: chance.next() < 0.9 ? `${first}.${last}${index}@example.com`.toLowerCase() : null,
    type: "INDIVIDUAL",
    phoneCountryCode: "44",
    phoneNumber: `77009${chance.digits(5)}`,
    address: `${chance.between(1, 98)} ${chance.pick(streets)}`,
    city,
    postcode,
    vatNumber: null,
    createdAt: until - chance.between(95, 400) * day,
  };
}

function seedCard(business: Business, chance: Chance, customer: Customer, first: boolean): void {
  const credit = !first && chance.next() < 0.4;
  const id = `card_${chance.uuid().replaceAll("-", "").slice(0, 12)}`;
  business.cards.set(id, {
    id,
    customerId: customer.id,
    name: customer.fullName,
    type: credit ? "credit" : "debit",
    lastFourDigits: first ? "4242" : chance.digits(4),
    category: customer.type === "BUSINESS" ? "commercial" : "consumer",
    cardType: credit ? "CREDIT" : "DEBIT",
    brand: chance.pick(["VISA", "VISA", "MASTERCARD"]),
    country: "GB",
    recurrenceType: "unscheduled",
    expiryDate: `${String(chance.between(1, 12)).padStart(2, "0")}/${chance.between(2028, 2031)}`,
  });
  if (first) business.aliases.set("card_456", id);
}
