/** Banks of the emulator. All are made up but the first, whose id the documents show. Limits are pounds a payment. */
export interface Bank {
  id: string;
  name: string;
  fullName: string;
  enabled: boolean;
  popular: boolean;
  business: boolean;
  limit: number;
}

function bank(id: string, name: string, limit: number, facts: Partial<Bank> = {}): Bank {
  return { id, name, fullName: `${name} Sandbox`, enabled: true, popular: false, business: false, limit, ...facts };
}

export const institutions: readonly Bank[] = [
  bank("modelo-sandbox", "Modelo", 25_000),
  bank("harbour-sandbox", "Harbour Bank", 25_000, { popular: true }),
  bank("northgate-sandbox", "Northgate", 20_000, { popular: true }),
  bank("larkspur-sandbox", "Larkspur", 10_000, { popular: true }),
  bank("penny-farthing-sandbox", "Penny Farthing", 10_000, { popular: true }),
  bank("tidewater-sandbox", "Tidewater", 25_000),
  bank("quill-sandbox", "Quill & Co", 15_000),
  bank("fenwick-building-society-sandbox", "Fenwick Building Society", 10_000),
  bank("harbour-business-sandbox", "Harbour Bank Business", 50_000, { business: true }),
  bank("northgate-business-sandbox", "Northgate Business", 100_000, { business: true }),
  bank("old-mill-sandbox", "Old Mill Bank", 10_000, { enabled: false }),
];

const names = new Map(institutions.map((entry) => [entry.id, entry.name]));

/** The name a bank goes by; an id that is not ours is shown as it is. */
export function bankName(id: string): string {
  return names.get(id) ?? id;
}
