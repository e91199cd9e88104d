import { badRequest } from "../emulator-error";
import type { Business } from "../state/business";
import type { Emulation } from "../state/emulation";
import type { ApiKey } from "../state/records";

/** A request that passed authentication and the checks of the OpenAPI file. */
export interface Call {
  readonly emulation: Emulation;
  /** Whose records it may see. */
  readonly business: Business;
  /** Undefined only where the file allows a call without a token. */
  readonly key: ApiKey | undefined;
  readonly path: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: unknown;
  /** Scheme and host as the caller wrote them: addresses in answers start with it. */
  readonly origin: string;
}

/**
 * Answers one operation with its success body. It changes the state at once or throws a EmulatorError before it changes anything,
 * and never waits: so two requests cannot get in each other's way.
 */
export type Handler = (call: Call) => unknown;

/** One page of a list that counts pages from 0. */
export function pageOf<T>(items: readonly T[], page: number, size: number): T[] {
  return items.slice(page * size, (page + 1) * size);
}

/** ISO 8601, a day or an instant: the documents leave the format open. @throws EmulatorError bad-request for anything else */
export function instant(value: unknown, field: string): number {
  const at = Date.parse(String(value));
  if (Number.isNaN(at)) throw badRequest(`${field} must be a date`);
  return at;
}
