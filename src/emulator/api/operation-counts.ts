import type { OperationUse } from "../handle";
import { api } from "./api-law";

/** Which operations of the API were called, and with which statuses. */
export class OperationCounts {
  readonly #statuses = new Map<string, Record<string, number>>();

  /** @param status null when there was no response */
  add(operationId: string, status: number | null): void {
    const statuses = this.#statuses.get(operationId) ?? {};
    const name = String(status ?? "none");
    statuses[name] = (statuses[name] ?? 0) + 1;
    this.#statuses.set(operationId, statuses);
  }

  /** Every operation of the file, those that nobody called included. */
  all(): OperationUse[] {
    return api.operations.map(({ id, method, path }) => {
      const statuses = { ...this.#statuses.get(id) };
      const calls = Object.values(statuses).reduce((sum, count) => sum + count, 0);
      return { operationId: id, method, path, calls, statuses };
    });
  }

  clear(): void {
    this.#statuses.clear();
  }
}
