import { sayInPlace, stderrIsTerminal } from "./terminal";

/** Milliseconds a piece of work may take before it is worth a word. */
const patience = 1000;

/**
 * One line on stderr that follows a long walk, poll or retry; only on a terminal and only after a second, and it is
 * gone when the work is done.
 */
export class Progress {
  readonly #start = Date.now();
  #shown = false;

  /** Shows what is going on; cheap to call often. */
  update(text: string): void {
    if (!stderrIsTerminal() || Date.now() - this.#start < patience) return;
    this.#shown = true;
    sayInPlace(`\r\u001b[2K${text}`);
  }

  done(): void {
    if (this.#shown) sayInPlace("\r\u001b[2K");
    this.#shown = false;
  }
}
