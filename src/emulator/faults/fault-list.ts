import { choices } from "../choices";
import { badRequest } from "../emulator-error";
import type { Fault } from "../handle";

interface Armed {
  id: number;
  fault: Fault;
  matches: RegExp;
  seen: number;
  hits: number;
}

/** The faults that are switched on, in the order in which they came. */
export class FaultList {
  #armed: Armed[] = [];
  #lastId = 0;

  /** @returns the fault's number. @throws EmulatorError bad-request when there are too many */
  add(fault: Fault): number {
    if (this.#armed.length >= choices.faultsArmed) throw badRequest("There are too many faults already");
    this.#lastId += 1;
    this.#armed.push({ id: this.#lastId, fault, matches: pathMatcher(fault.path), seen: 0, hits: 0 });
    return this.#lastId;
  }

  /** The fault that hits this request, and counts it; undefined for none. */
  take(method: string, path: string, merchantId: string | undefined): Fault | undefined {
    for (const armed of this.#armed) {
      const { fault } = armed;
      if ((fault.method !== "*" && fault.method !== method) || !armed.matches.test(path)) continue;
      if (fault.merchantId !== undefined && fault.merchantId !== merchantId) continue;
      if (armed.hits >= (fault.times ?? Number.POSITIVE_INFINITY)) continue;
      armed.seen += 1;
      if (armed.seen <= (fault.skip ?? 0)) continue;
      armed.hits += 1;
      return fault;
    }
    return undefined;
  }

  all(): (Fault & { id: number; hits: number })[] {
    return this.#armed.map(({ id, fault, hits }) => ({ id, ...fault, hits }));
  }

  /** @returns whether there was one with that id */
  remove(id: number): boolean {
    const before = this.#armed.length;
    this.#armed = this.#armed.filter((armed) => armed.id !== id);
    return this.#armed.length < before;
  }

  /** @param merchantId only those that hit this business and no other */
  clear(merchantId?: string): void {
    this.#armed = merchantId === undefined ? [] : this.#armed.filter(({ fault }) => fault.merchantId !== merchantId);
  }
}

function pathMatcher(path: string): RegExp {
  const pattern = path
    .split("/")
    .map((segment) => {
      if (segment === "**") return ".*";
      if (segment === "*" || /^\{.*\}$/.test(segment)) return "[^/]+";
      return segment.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
    })
    .join("/");
  return new RegExp(`^${pattern}$`);
}
