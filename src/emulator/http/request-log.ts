import { choices } from "../choices";
import type { Environment } from "../state/records";

/** One request as it came in, without its token. */
export interface LoggedRequest {
  /** Counts from 1 since the start or the last clearing. */
  number: number;
  /** ISO 8601, by the emulator's clock. */
  at: string;
  requestId: string;
  method: string;
  /** Without the query. */
  path: string;
  query: Record<string, string>;
  /** Lower-case names; `authorization` is left out. */
  headers: Record<string, string>;
  /** Parsed when it is JSON, otherwise text; missing when there was none. */
  body?: unknown;
  /** Whose token it carried: `sdkAccessId` of the key, null for none or an unknown one. */
  sdkAccessId: string | null;
  environment: Environment | null;
  /** Status of the answer; null while there is none, and when the connection was cut instead. */
  status: number | null;
}

/** The last requests, bounded in number and in bytes. */
export class RequestLog {
  #entries: { entry: LoggedRequest; bytes: number }[] = [];
  #count = 0;
  #bytes = 0;

  add(entry: Omit<LoggedRequest, "number">, bytes: number): LoggedRequest {
    this.#count += 1;
    const numbered = { number: this.#count, ...entry };
    this.#entries.push({ entry: numbered, bytes });
    this.#bytes += bytes;
    // Trimmed in steps: taking one off the front each time would move the whole array each time.
    if (this.#entries.length >= 2 * choices.requestsRemembered || this.#bytes > 2 * choices.requestBytesRemembered) {
      this.#trim();
    }
    return numbered;
  }

  all(): LoggedRequest[] {
    this.#trim();
    return this.#entries.map(({ entry }) => entry);
  }

  clear(): void {
    this.#entries = [];
    this.#count = 0;
    this.#bytes = 0;
  }

  #trim(): void {
    let keep = Math.max(0, this.#entries.length - choices.requestsRemembered);
    for (const [index, { bytes }] of this.#entries.entries()) {
      const tooMany = index < keep;
      if (!tooMany && this.#bytes <= choices.requestBytesRemembered) break;
      this.#bytes -= bytes;
      keep = Math.max(keep, index + 1);
    }
    this.#entries = this.#entries.slice(keep);
  }
}
