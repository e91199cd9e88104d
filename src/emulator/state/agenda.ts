import type { Clock } from "./clock";

/** Node's timers count in 32 bits. */
const longestTimer = 2 ** 31 - 1;

interface Entry<T> {
  at: number;
  subject: T;
}

/**
 * What falls due when: payments that expire, refunds that complete, deliveries to repeat. A list in the order of time.
 * Due work is done before the next request is answered, or by one timer that never keeps the process alive.
 */
export class Agenda<T> {
  #entries: Entry<T>[] = [];
  readonly #clock: Clock;
  readonly #run: (subject: T, at: number) => void;
  readonly #wanted: (subject: T, at: number) => boolean;
  #sweepAt = 10_000;
  #timer: NodeJS.Timeout | undefined;
  #timerAt = Number.POSITIVE_INFINITY;
  #closed = false;

  /**
   * @param run does what fell due; `at` is the instant at which it did, which may be past
   * @param wanted whether an entry still means anything: most requests are paid before they expire
   */
  constructor(clock: Clock, run: (subject: T, at: number) => void, wanted: (subject: T, at: number) => boolean) {
    this.#clock = clock;
    this.#run = run;
    this.#wanted = wanted;
  }

  /** Entries of one instant are done in the order in which they came. */
  add(at: number, subject: T): void {
    if (this.#entries.length >= this.#sweepAt) this.#sweep();
    let [low, high] = [0, this.#entries.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#entries[middle]?.at ?? 0) <= at) low = middle + 1;
      else high = middle;
    }
    this.#entries.splice(low, 0, { at, subject });
    if (at < this.#timerAt) this.#schedule();
  }

  /** Does everything that is due by now, in the order of time. */
  catchUp(): void {
    const now = this.#clock.now();
    for (let next = this.#entries[0]; next !== undefined && next.at <= now; next = this.#entries[0]) {
      this.#entries.shift();
      this.#run(next.subject, next.at);
    }
  }

  /** To be called when the clock was moved by hand: its timer would ring too late. */
  clockMoved(): void {
    this.catchUp();
    this.#schedule();
  }

  /** Takes off what nobody waits for any more. */
  drop(unwanted: (subject: T) => boolean): void {
    this.#entries = this.#entries.filter(({ subject }) => !unwanted(subject));
    this.#schedule();
  }

  clear(): void {
    this.drop(() => true);
  }

  close(): void {
    this.#closed = true;
    this.clear();
  }

  /** Drops what is no longer wanted, now and then, so that memory follows the records and not the requests. */
  #sweep(): void {
    this.#entries = this.#entries.filter(({ at, subject }) => this.#wanted(subject, at));
    this.#sweepAt = Math.max(10_000, 2 * this.#entries.length);
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const next = this.#entries[0];
    this.#timerAt = next?.at ?? Number.POSITIVE_INFINITY;
    if (next === undefined || this.#closed || this.#clock.frozen) return;
    const wait = Math.min(Math.max(next.at - this.#clock.now(), 0), longestTimer);
    this.#timer = setTimeout(() => {
      this.catchUp();
      this.#schedule();
    }, wait);
    this.#timer.unref();
  }
}
