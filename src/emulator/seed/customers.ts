import { choices } from "../choices";
import type { Business } from "../state/business";
import type { Chance } from "../state/chance";
import type { Customer, SavedCard } from "../state/records";
import { firstNames, lastNames, streets, towns } from "./people";

const customerCount = 24;
const day = 86_400_000;

/** Customers, two in three with a saved card. The first is the README's cust_123 with its card_456, and with card_0002, which is declined. */
export function seedCustomers(business: Business, chance: Chance, until: number): void {
  for (let index = 0; index < customerCount; index += 1) {
    const customer = index === 0 ? jane(chance, until) : somebody(chance, index, until);
    business.customers.set(customer.id, customer);
    const cards = index === 0 ? 2 : chance.between(0, 2);
    for (let count = 0; count < cards; count += 1) {
      const digits = index === 0 ? (["4242", choices.decliningCardDigits] as const)[count] : undefined;
      const card = seedCard(business, chance, customer, digits);
      if (digits !== undefined) business.aliases.set(count === 0 ? "card_456" : "card_0002", card.id);
    }
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

function seedCard(business: Business, chance: Chance, customer: Customer, digits: string | undefined): SavedCard {
  const first = digits === "4242";
  const credit = !first && chance.next() < 0.4;
  const id = `card_${chance.uuid().replaceAll("-", "").slice(0, 12)}`;
  // Drawn also where it is not used, so that what comes after it stays the same.
  const drawn = first ? "4242" : chance.digits(4);
  const card: SavedCard = {
    id,
    customerId: customer.id,
    name: customer.fullName,
    type: credit ? "credit" : "debit",
    lastFourDigits: digits ?? drawn,
    category: customer.type === "BUSINESS" ? "commercial" : "consumer",
    cardType: credit ? "CREDIT" : "DEBIT",
    brand: chance.pick(["VISA", "VISA", "MASTERCARD"]),
    country: "GB",
    recurrenceType: "unscheduled",
    expiryDate: `${String(chance.between(1, 12)).padStart(2, "0")}/${chance.between(2028, 2031)}`,
  };
  business.cards.set(id, card);
  return card;
}
