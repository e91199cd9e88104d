import { createHash } from "node:crypto";

/** Numbers that look random and follow from a text: the same seed, the same business. */
export class Chance {
  #state: number;

  constructor(seed: string) {
    this.#state = createHash("sha256").update(seed).digest().readUInt32LE(0);
  }

  /** At least 0, below 1. */
  next(): number {
    // The mulberry32 generator: 32 bits of state are plenty for a shop's history.
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  }

  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  pick<const List extends readonly [unknown, ...unknown[]]>(items: List): List[number] {
    return items[this.between(0, items.length - 1)];
  }

  digits(count: number): string {
    let text = "";
    for (let left = count; left > 0; left--) text += this.between(0, 9);
    return text;
  }

  /** Version 4 by its looks. */
  uuid(): string {
    return asUuid(this.#word() + this.#word() + this.#word() + this.#word());
  }

  #word(): string {
    return Math.floor(this.next() * 4294967296)
      .toString(16)
      .padStart(8, "0");
  }
}

/** A UUID that follows from a seed and a name. */
export function seededUuid(seed: string, name: string): string {
  return asUuid(createHash("sha256").update(`${seed} ${name}`).digest("hex"));
}

function asUuid(hex: string): string {
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 3) | 8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
