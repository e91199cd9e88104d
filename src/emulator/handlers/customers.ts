import { choices } from "../choices";
import type { Business } from "../state/business";
import { iso } from "../state/clock";
import type { Customer, SavedCard } from "../state/records";
import { type Call, pageOf } from "./call";

type Fields = Partial<Omit<Customer, "id" | "createdAt">>;

const fieldNames = [
  "fullName",
  "email",
  "type",
  "phoneCountryCode",
  "phoneNumber",
  "address",
  "city",
  "postcode",
  "vatNumber",
] as const;

export function createCustomer({ business, body }: Call): unknown {
  const customer: Customer = {
    id: business.newId(),
    fullName: "",
    email: null,
    type: "INDIVIDUAL",
    phoneCountryCode: null,
    phoneNumber: null,
    address: null,
    city: null,
    postcode: null,
    vatNumber: null,
    createdAt: business.now(),
    ...known(body as Fields),
  };
  business.customers.set(customer.id, customer);
  return customerBody(customer);
}

export function listCustomers({ business, query }: Call): unknown {
  const page = Number(query.page);
  const size = Math.min(Number(query.size), choices.largestPage);
  const search = String(query.search ?? "")
    .trim()
    .toLowerCase();
  const texts = ({ fullName, email, phoneNumber }: Customer): string =>
    `${fullName}\n${email ?? ""}\n${phoneNumber ?? ""}`.toLowerCase();
  const customers = [...business.customers.values()].filter((customer) => texts(customer).includes(search));
  return { data: pageOf(customers, page, size).map(customerBody), totalCount: customers.length, page, size };
}

export function getCustomer(call: Call): unknown {
  return customerBody(customerOf(call));
}

/** Partial, although the verb is PUT: fields left out stay (documented). */
export function updateCustomer(call: Call): unknown {
  const customer = Object.assign(customerOf(call), known(call.body as Fields));
  return customerBody(customer);
}

/** The saved cards go with their customer. */
export function deleteCustomer(call: Call): unknown {
  const { business } = call;
  const customer = customerOf(call);
  for (const card of cardsOf(business, customer)) business.cards.delete(card.id);
  business.customers.delete(customer.id);
  return { success: true, message: "Customer deleted" };
}

export function listPaymentMethods(call: Call): unknown {
  return cardsOf(call.business, customerOf(call)).map(cardBody);
}

export function getPaymentMethod(call: Call): unknown {
  return cardBody(cardOf(call));
}

export function deletePaymentMethod(call: Call): unknown {
  call.business.cards.delete(cardOf(call).id);
  return { success: true, message: "Card deleted" };
}

function customerOf({ emulation, business, path }: Call): Customer {
  return emulation.inEnvironment(business, path.id ?? "", (records, real) => records.customer(real));
}

function cardOf(call: Call): SavedCard {
  return call.business.card(customerOf(call).id, call.path.cardId ?? "");
}

function cardsOf(business: Business, customer: Customer): SavedCard[] {
  return [...business.cards.values()].filter((card) => card.customerId === customer.id);
}

/** Only the documented fields are kept. */
function known(fields: Fields): Fields {
  return Object.fromEntries(
    fieldNames.filter((name) => fields[name] !== undefined).map((name) => [name, fields[name]]),
  );
}

function customerBody({ createdAt, ...fields }: Customer): Record<string, unknown> {
  return { ...fields, createdAt: iso(createdAt) };
}

function cardBody({ customerId: _owner, ...card }: SavedCard): Record<string, unknown> {
  return card;
}
