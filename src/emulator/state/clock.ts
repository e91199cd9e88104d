/** The emulator's own time. It runs with the machine's, unless frozen, and can be moved forward by a test. */
export interface ClockOptions {
  /** Where it starts; now, when left out. ISO 8601 text or milliseconds since 1970. */
  startAt?: string | number | undefined;
  /** Stands still but for `advance`. */
  frozen?: boolean | undefined;
}

export class Clock {
  readonly frozen: boolean;
  #offset: number;

  constructor(options: ClockOptions = {}) {
    const start = options.startAt === undefined ? Date.now() : new Date(options.startAt).getTime();
    if (!Number.isFinite(start)) throw new RangeError("startAt is not a date");
    this.frozen = options.frozen === true;
    this.#offset = this.frozen ? start : start - Date.now();
  }

  /** Milliseconds since 1970. */
  now(): number {
    return this.frozen ? this.#offset : Date.now() + this.#offset;
  }

  /** For the data file: how far it is ahead of the machine, or where it stands. */
  toJSON(): { frozen: boolean; offset: number } {
    return { frozen: this.frozen, offset: this.#offset };
  }

  /** Time must not run back over a restart. */
  restore(saved: { frozen: boolean; offset: number }): void {
    if (saved.frozen === this.frozen) this.#offset = Math.max(saved.offset, this.#offset);
  }

  /** Moves time forward; there is no way back. */
  advance(ms: number): void {
    if (!Number.isFinite(ms) || ms < 0) throw new RangeError("a clock moves forward only");
    this.#offset += ms;
  }
}

export function iso(ms: number): string {
  return new Date(ms).toISOString();
}
