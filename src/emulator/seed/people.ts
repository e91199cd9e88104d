/** Words for made-up people and places. Phone numbers and mail addresses are from ranges kept for examples. */

export const firstNames = [
  "Ada",
  "Amir",
  "Beth",
  "Callum",
  "Chidi",
  "Daisy",
  "Ewan",
  "Farah",
  "Grace",
  "Harriet",
  "Idris",
  "Jane",
  "Kofi",
  "Leila",
  "Marta",
  "Niall",
  "Olwen",
  "Priya",
  "Rhys",
  "Sunita",
  "Tom",
  "Una",
  "Wojtek",
  "Yusuf",
  "Zoe",
] as const;

export const lastNames = [
  "Abara",
  "Booth",
  "Clarke",
  "Doyle",
  "Eze",
  "Fairfax",
  "Greenwood",
  "Haque",
  "Iqbal",
  "Jarvis",
  "Kowalski",
  "Lister",
  "Mbeki",
  "Nolan",
  "Oakley",
  "Patel",
  "Quinn",
  "Rowntree",
  "Sharma",
  "Thwaite",
  "Underhill",
  "Varley",
  "Whitaker",
  "Yates",
] as const;

export const streets = [
  "Mill Lane",
  "Station Road",
  "Market Street",
  "Chapel Walk",
  "Kirkgate",
  "The Shambles",
  "Castle Terrace",
] as const;

export const towns = [
  ["Leeds", "LS1 4AP"],
  ["York", "YO1 8AS"],
  ["Sheffield", "S1 2HE"],
  ["Bradford", "BD1 1HY"],
  ["Harrogate", "HG1 1UB"],
] as const;

export const purchases = [
  "Weekly veg box",
  "Sourdough and coffee",
  "Birthday cake",
  "Cheese board",
  "Flowers",
  "Gift voucher",
  "Wine case",
  "Catering deposit",
  "Picnic hamper",
  "Olive oil refill",
] as const;

/** Whom the shop's bank account pays, and for what. */
export const suppliers = [
  ["Dales Dairy Ltd", "Groceries"],
  ["Aire Valley Wholesale", "Groceries"],
  ["Yorkshire Power", "Utilities"],
  ["Ridings Water", "Utilities"],
  ["Kirkgate Properties", "Rent"],
  ["Parcel Pigeon", "Transport"],
  ["Inkwell Print", "Office"],
] as const;
