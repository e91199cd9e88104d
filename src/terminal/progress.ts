import { clearStatus, showStatus, stderrIsTerminal } from "./terminal";

/** Milliseconds a piece of work may take before it is worth a word. */
const showAfterMs = 1000;

/**
 * One line on stderr that follows a long walk, poll or retry; only on a terminal and only after a second, and it is
 * gone when the work is done or anything else is printed.
 */
export class Progress {
  readonly #start = Date.now();
  #later: NodeJS.Timeout | undefined;

  /** Shows what is going on, now or when the second is over; cheap to call often. */
  update(text: string): void {
    clearTimeout(this.#later);
    if (!stderrIsTerminal()) return;
    const wait = this.#start + showAfterMs - Date.now();
    if (wait <= 0) showStatus(text);
    else this.#later = setTimeout(() => showStatus(text), wait).unref();
  }

  done(): void {
    clearTimeout(this.#later);
    clearStatus();
  }
}
