import type { Business } from "../state/business";
import { Chance } from "./chance";

/** Fills a business with a believable past: the same for the same seed. */
export function seedBusiness(business: Business, seed: string, transactions: number): void {
  const chance = new Chance(`${seed} ${business.merchantId} ${business.environment}`);
  void transactions;
  const id = chance.uuid();
  business.stores.set(id, {
    id,
    locationName: "Market Street",
    addressLine1: "12 Market Street",
    addressLine2: null,
    addressPostalCode: "LS1 6DT",
    cityOrTown: "Leeds",
    primary: true,
    enabled: true,
  });
}
