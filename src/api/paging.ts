/** Walks a list page by page. */
import type { JsonValue } from "./json";

export interface Walk {
  /** Number of the page to start with; pages count from 0. */
  firstPage: number;
  /** Items asked for per page. */
  size: number;
  fetchPage: (page: number, signal: AbortSignal) => Promise<unknown>;
}

export async function* walkPages(_walk: Walk): AsyncGenerator<readonly JsonValue[], void, undefined> {
  yield [];
}
