import { choices } from "../choices";
import type { LoggedRequest } from "../handle";

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
    while (this.#entries.length > choices.requestsRemembered || this.#bytes > choices.requestBytesRemembered) {
      this.#bytes -= this.#entries.shift()?.bytes ?? 0;
    }
    return numbered;
  }

  all(): LoggedRequest[] {
    return this.#entries.map(({ entry }) => entry);
  }

  /** Forgets the requests of some keys, as the key ids say. */
  forget(keys: ReadonlySet<string>): void {
    this.#entries = this.#entries.filter(({ entry }) => entry.sdkAccessId === null || !keys.has(entry.sdkAccessId));
    this.#bytes = this.#entries.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  clear(): void {
    this.#entries = [];
    this.#count = 0;
    this.#bytes = 0;
  }
}
