import { badRequest } from "../emulator-error";
import type { EmulatorOptions } from "../handle";

export type ClockOptions = NonNullable<EmulatorOptions["clock"]>;

/** Beyond it dates have five digits, which nothing that reads them expects. */
const latest = Date.UTC(9999, 11, 31);

/** The emulator's own time. It runs with the machine's, unless frozen, and can be moved forward by a test. */
export class Clock {
  readonly frozen: boolean;
  #offset: number;

  constructor(options: ClockOptions = {}) {
    const start = options.startAt === undefined ? Date.now() : new Date(options.startAt).getTime();
    if (!Number.isFinite(start) || start < 0 || start > latest)
      throw badRequest("startAt must be a date from 1970 to 9999");
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

  /** Time must not run back over a restart, and not beyond its end. */
  restore(saved: { frozen: boolean; offset: number }): void {
    if (saved.frozen !== this.frozen) return;
    const end = this.frozen ? latest : latest - Date.now();
    this.#offset = Math.min(Math.max(saved.offset, this.#offset), end);
  }

  /** Moves time forward; there is no way back. @throws EmulatorError bad-request for another direction, and beyond the year 9999 */
  advance(ms: number): void {
    if (!Number.isFinite(ms) || ms < 0) throw badRequest("The clock only moves forward");
    if (this.now() + ms > latest) throw badRequest("The clock cannot go beyond the year 9999");
    this.#offset += ms;
  }
}

const day = 86_400_000;

/** Midnight (UTC) of the day of an instant. */
export function startOfDay(at: number): number {
  return Math.floor(at / day) * day;
}

export function iso(ms: number): string {
  return new Date(ms).toISOString();
}
