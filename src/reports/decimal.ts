/** Sums, differences and products of decimal numbers without the noise of binary fractions: 0.1 + 0.2 is 0.3. */

export type Operator = "Plus" | "Minus" | "Multiply" | "Star" | "Divide" | "Modulo" | "Div";

interface Decimal {
  readonly digits: bigint;
  /** How many of the digits stand behind the point. */
  readonly places: number;
}

/** The sum of the numbers, exact unless one of them is so large or small that it is written with an exponent. */
export function total(numbers: readonly number[]): number {
  const decimals = numbers.map(read);
  if (!decimals.every((one) => one !== undefined)) return numbers.reduce((a, b) => a + b, 0);
  const places = Math.max(0, ...new Set(decimals.map((one) => one.places)));
  return written(
    decimals.reduce((sum, one) => sum + scaled(one, places), 0n),
    places,
  );
}

export function calculate(operator: Operator, left: number, right: number): number {
  switch (operator) {
    case "Plus":
      return total([left, right]);
    case "Minus":
      return total([left, -right]);
    case "Multiply":
    case "Star":
      return product(left, right);
    case "Divide":
      return left / right;
    case "Modulo":
      return left % right;
    case "Div":
      return Math.floor(left / right);
  }
}

function product(left: number, right: number): number {
  const [a, b] = [read(left), read(right)];
  return a && b ? written(a.digits * b.digits, a.places + b.places) : left * right;
}

function read(value: number): Decimal | undefined {
  const [, whole = "", decimals = ""] = /^(-?\d+)(?:\.(\d+))?$/.exec(String(value)) ?? [];
  return whole === "" ? undefined : { digits: BigInt(whole + decimals), places: decimals.length };
}

function scaled({ digits, places }: Decimal, wanted: number): bigint {
  return digits * 10n ** BigInt(wanted - places);
}

function written(digits: bigint, places: number): number {
  return Number(`${digits}e-${places}`);
}
