import { type Case, sends } from "../case";

/** Good lines: customers and their saved cards. */

export const customers: readonly Case[] = [
  sends("customers create --fullName 'Jane Doe' --email jane@example.com --type individual", "POST /api/customers", {
    fullName: "Jane Doe",
    email: "jane@example.com",
    type: "INDIVIDUAL",
  }),
  sends(
    "customers create --full-name 'Mill Lane Ltd' --type BUSINESS --phoneCountryCode 44 --phoneNumber 7700900123 --address '3 Mill Lane' --city Leeds --postcode 'LS1 4AP' --vatNumber GB123456789",
    "POST /api/customers",
    {
      fullName: "Mill Lane Ltd",
      type: "BUSINESS",
      phoneCountryCode: "44",
      phoneNumber: "7700900123",
      address: "3 Mill Lane",
      city: "Leeds",
      postcode: "LS1 4AP",
      vatNumber: "GB123456789",
    },
  ),
  sends("customers list --limit 5", "GET /api/customers?page=0&size=5"),
  sends("customers list", "GET /api/customers?page=0&size=20"),
  sends(
    "customers list --search 'jane & co' --page 1 --size 50",
    "GET /api/customers?page=1&size=50&search=jane %26 co",
  ),
  sends("customers get cust_123", "GET /api/customers/cust_123"),
  sends("customers update cust_123 --vatNumber GB123456789", "PUT /api/customers/cust_123", {
    vatNumber: "GB123456789",
  }),
  sends("customers update cust_123 --fullName 'Jane Dow' --city York", "PUT /api/customers/cust_123", {
    fullName: "Jane Dow",
    city: "York",
  }),
  sends("customers delete cust_123 --yes", "DELETE /api/customers/cust_123"),
  sends("payment-methods list --customer cust_123", "GET /api/customers/cust_123/cards"),
  sends("payment-methods get card_456 --customer cust_123", "GET /api/customers/cust_123/cards/card_456"),
  sends("payment-methods delete card_456 --customer cust_123 --yes", "DELETE /api/customers/cust_123/cards/card_456"),
];
