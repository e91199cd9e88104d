import { choices } from "../choices";
import type { Business } from "../state/business";
import { Chance } from "../state/chance";
import { type Consent, newWebhook } from "../state/records";
import { seedAccounts } from "./bank-feed";
import { seedCustomers } from "./customers";
import { seedPayments } from "./payments";
import { seedPayouts } from "./payouts";

/**
 * Fills a business with a believable past, byte for byte the same for the same seed: three shops, customers with cards, past payments,
 * payouts and a linked bank. The short ids of the README (cust_123, card_456, pr_abc, pr_abc123, rf_xyz, wh_123, auth_999, acct_111,
 * po_555) stand for records of it:
 *   pr_abc     £40.00 by bank, COMPLETED           pr_abc123  £25.00 by saved card, COMPLETED
 *   rf_xyz     £5.00 of pr_abc123, PENDING until it is cancelled or prepared otherwise
 *   card_0002  the card of cust_123 that is declined
 * What the README does next with them (cancel, capture) needs another state: the control API prepares it.
 *
 * @param until when the past ends, in milliseconds; all else follows from the seed
 */
export function seedBusiness(business: Business, seed: string, transactions: number, until: number): void {
  const chance = new Chance(`${seed} ${business.merchantId} ${business.environment}`);
  const from = until - choices.historyLength;
  seedStores(business, chance);
  seedCustomers(business, chance, until);
  seedPayments(business, chance, transactions, from, until);
  seedPayouts(business, chance, from, until);
  const consent: Consent = {
    id: chance.uuid(),
    status: "ACTIVE",
    redirectUrl: "https://shop.example.com/bank",
    callbackParams: null,
    createdAt: from,
    // Renewed in the background: it does not end by itself.
    dueAt: null,
    accountIds: [],
  };
  business.consents.set(consent.id, consent);
  seedAccounts(business, chance, consent, from, until);
  business.aliases.set("auth_999", consent.id);
  business.aliases.set("acct_111", consent.accountIds[0] ?? "");
  seedWebhook(business, chance);
}

function seedStores(business: Business, chance: Chance): void {
  const stores = [
    ["Market Street", "12 Market Street", "LS1 6DT", "Leeds", true],
    ["The Shambles", "8 The Shambles", "YO1 7LZ", "York", true],
    ["Kelham Island", "Unit 3, Alma Street", "S3 8SA", "Sheffield", false],
  ] as const;
  for (const [index, [locationName, addressLine1, addressPostalCode, cityOrTown, enabled]] of stores.entries()) {
    const id = chance.uuid();
    const primary = index === 0;
    business.stores.set(id, {
      id,
      locationName,
      addressLine1,
      addressLine2: null,
      addressPostalCode,
      cityOrTown,
      primary,
      enabled,
    });
  }
}

/** An example that gives way to a registration for the same event. */
function seedWebhook(business: Business, chance: Chance): void {
  const id = chance.uuid();
  const url = "https://shop.example.com/hooks/atoa";
  business.webhooks.set(id, newWebhook({ id, url, events: ["EXPIRED_STATUS"], seeded: true }));
  business.aliases.set("wh_123", id);
}
