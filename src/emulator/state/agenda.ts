import type { Clock } from "./clock";

/** Node's timers count in 32 bits. */
const longestTimer = 2 ** 31 - 1;

interface Entry<T> {
  at: number;
  subject: T;
}

/**
 * What falls due when: payments that expire, refunds that complete, deliveries to repeat. A binary heap by time.
 * Due work is done before the next request is answered, or by one timer that never keeps the process alive.
 */
export class Agenda<T> {
  readonly #heap: Entry<T>[] = [];
  readonly #clock: Clock;
  readonly #run: (subject: T, at: number) => void;
  readonly #wanted: (subject: T, at: number) => boolean;
  #roomy = 10_000;
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

  add(at: number, subject: T): void {
    if (this.#heap.length >= this.#roomy) this.#sweep();
    const heap = this.#heap;
    let index = heap.length;
    const entry = { at, subject };
    heap.push(entry);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || above.at <= at) break;
      heap[index] = above;
      index = parent;
    }
    heap[index] = entry;
    if (at < this.#timerAt) this.#schedule();
  }

  /** Does everything that is due by now, in the order of time. */
  catchUp(): void {
    const now = this.#clock.now();
    if ((this.#heap[0]?.at ?? Number.POSITIVE_INFINITY) > now) return;
    for (let top = this.#heap[0]; top !== undefined && top.at <= now; top = this.#heap[0]) {
      this.#pop();
      this.#run(top.subject, top.at);
    }
  }

  /** To be called when the clock was moved by hand: its timer would ring too late. */
  clockMoved(): void {
    this.catchUp();
    this.#schedule();
  }

  clear(): void {
    this.#heap.length = 0;
    this.#schedule();
  }

  close(): void {
    this.#closed = true;
    this.clear();
  }

  /** Drops what is no longer wanted, now and then, so that memory follows the records and not the requests. */
  #sweep(): void {
    const kept = this.#heap.filter(({ at, subject }) => this.#wanted(subject, at)).sort((a, b) => a.at - b.at);
    this.#heap.length = 0;
    for (const entry of kept) this.#heap.push(entry);
    this.#roomy = Math.max(10_000, 2 * kept.length);
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      const right = heap[child + 1];
      let below = heap[child];
      if (below === undefined) break;
      if (right !== undefined && right.at < below.at) {
        below = right;
        child += 1;
      }
      if (below.at >= last.at) break;
      heap[index] = below;
      index = child;
    }
    heap[index] = last;
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const next = this.#heap[0];
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
