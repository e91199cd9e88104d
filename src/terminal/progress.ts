import { endPassing, sayInPassing, stderrIsTerminal } from "./terminal";

/** Milliseconds a piece of work may take before it is worth a word. */
const patience = 1000;

/**
 * One line on stderr that follows a long walk, poll or retry; only on a terminal and only after a second, and it is
 * gone when the work is done or anything else is printed.
 */
export class Progress {
  readonly #start = Date.now();

  /** Shows what is going on; cheap to call often. */
  update(text: string): void {
    if (stderrIsTerminal() && Date.now() - this.#start >= patience) sayInPassing(text);
  }

  done(): void {
    endPassing();
  }
}
