import { institutions } from "../state/institutions";
import type { Call } from "./call";

/** A page by its looks, always all of them. Booleans are text, as in the documented sample. */
export function listStores({ business }: Call): unknown {
  const data = [...business.stores.values()].map((store) => ({
    ...store,
    primary: String(store.primary),
    enabled: String(store.enabled),
    images: null,
  }));
  return { page: 0, size: Math.max(20, data.length), data, totalCount: data.length };
}

export function listInstitutions({ origin }: Call): unknown {
  return institutions.map((bank, index) => ({
    id: bank.id,
    name: bank.name,
    fullName: bank.fullName,
    media: [
      { source: `${origin}/banks/${bank.id}.svg`, type: "icon" },
      { source: `${origin}/banks/${bank.id}.svg`, type: "logo" },
    ],
    features: ["CREATE_DOMESTIC_SINGLE_PAYMENT"],
    enabled: bank.enabled,
    orderBy: index + 1,
    popularBank: bank.popular,
    businessBank: bank.business,
    bankType: bank.business ? "BUSINESS" : "PERSONAL",
    transactionAmountLimit: bank.limit,
  }));
}
