/** What people type for an amount of at least one pound, and what must come of it. The one table of it for all tests. */

/** Text → the number that is sent. */
export const goodAmounts: readonly (readonly [typed: string, sent: number])[] = [
  ["1", 1],
  ["1.0", 1],
  ["1.00", 1],
  ["10.05", 10.05],
  ["10.50", 10.5],
  ["25.5", 25.5],
  ["0000001.01", 1.01],
  ["1000000", 1_000_000],
  ["999999999.99", 999_999_999.99],
];

/** What to do about it, where that is not to give "an amount such as 10.05". */
export function amountHint(sentence: string): string {
  if (sentence.includes("negative")) return "give an amount of at least 1.00";
  if (sentence.includes("currency")) return "give pounds as a plain number, such as 10.05";
  if (sentence.includes("commas")) return "a point separates the pence, such as 1234.50";
  return "give an amount such as 10.05";
}

/** Text → the rule that it breaks, as it stands behind the name of the flag. */
export const badAmounts: readonly (readonly [typed: string, sentence: string])[] = [
  ["0", 'must be at least 1.00; got "0"'],
  ["0.00", 'must be at least 1.00; got "0.00"'],
  ["0.99", 'must be at least 1.00; got "0.99"'],
  ["-1", 'must not be negative; got "-1"'],
  ["-0.50", 'must not be negative; got "-0.50"'],
  ["1000000000", 'must be at most 999999999.99; got "1000000000"'],
  ["999999999999", 'must be at most 999999999.99; got "999999999999"'],
  ["9999999999999.999", 'must be at most 999999999.99; got "9999999999999.999"'],
  ["0000000001", 'must have at most nine digits before the point; got "0000000001"'],
  ["10.005", 'must have at most two decimals; got "10.005"'],
  ["1.000", 'must have at most two decimals; got "1.000"'],
  ["£5", 'must be an amount without a currency sign; got "£5"'],
  ["5€", 'must be an amount without a currency sign; got "5€"'],
  ["$1,000.00", 'must be an amount without a currency sign; got "$1,000.00"'],
  ["1,000", 'must be an amount without commas; got "1,000"'],
  ["1,000.00", 'must be an amount without commas; got "1,000.00"'],
  ["25,00", 'must be an amount without commas; got "25,00"'],
  ["", "must not be empty"],
  ["  ", 'must not be empty; got "  "'],
  ["+5", 'must be a number of pounds; got "+5"'],
  ["1e3", 'must be a number of pounds; got "1e3"'],
  ["10.", 'must be a number of pounds; got "10."'],
  [".5", 'must be a number of pounds; got ".5"'],
  ["0x10", 'must be a number of pounds; got "0x10"'],
  ["25GBP", 'must be a number of pounds; got "25GBP"'],
  ["abc", 'must be a number of pounds; got "abc"'],
  ["Infinity", 'must be a number of pounds; got "Infinity"'],
  [" 5", 'must be a number of pounds; got " 5"'],
  ["5 ", 'must be a number of pounds; got "5 "'],
  ["٥", 'must be a number of pounds; got "٥"'],
  ["１", 'must be a number of pounds; got "１"'],
];
