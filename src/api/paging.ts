/**
 * Walks a list page by page, in order, with a bounded number of pages in flight.
 *
 * The walk ends when `totalCount` items are in hand, when the server says that this was the last page (`last`,
 * `hasMore`, `totalPages` with `number`), at an empty page, or, where the server says none of that, at a page that is
 * shorter than asked. A server that sends the same page again, or ten thousand pages, ends it with an error.
 */
import { isDeepStrictEqual } from "node:util";
import { AtoaError } from "../errors";
import { isRecord, type JsonValue, numberOf } from "../json";

export interface Walk {
  /** Number of the page to start with; pages count from 0. */
  firstPage: number;
  /** Items asked for per page. */
  size: number;
  /** Fetches one page. The signal ends requests that turn out not to be needed. */
  fetchPage: (page: number, signal: AbortSignal) => Promise<unknown>;
}

/** More would be a server that does not end, not a list. */
const maxPages = 10_000;

/** Pages in flight once the number of pages is known: enough to hide latency, few enough not to trip rate limits. */
const concurrency = 6;

interface Page {
  items: readonly JsonValue[];
  totalCount?: number | undefined;
  /** The server's word on whether this is the last page, if it says anything. */
  last?: boolean | undefined;
  /** The number that the page itself carries. */
  number?: number | undefined;
  /** Items per page that the server says it uses. */
  size?: number | undefined;
}

/** The items of each page. Throws what `fetchPage` throws when its page is due, and a failure for an endless list. */
export async function* paginate(walk: Walk): AsyncGenerator<readonly JsonValue[], void, undefined> {
  const ended = new AbortController();
  // Pages on their way, each in a place of its own that is used again. In a Map or a list that grows and shrinks, what V8 leaves
  // behind refers to newer pages, and these to newer ones: none would go before the next full collection.
  const inFlight = Array.from({ length: concurrency }, (): Promise<unknown> | undefined => undefined);
  let next = walk.firstPage;
  const fetchUpTo = (last: number, from: number) => {
    for (; next <= last && next < from + concurrency; next++) {
      const fetched = walk.fetchPage(next, ended.signal);
      // Its failure is reported when its turn comes, or never if the walk ends before.
      fetched.catch(() => undefined);
      inFlight[next % concurrency] = fetched;
    }
  };

  try {
    let previous: Page | undefined;
    let counted: number | undefined;
    for (let number = walk.firstPage; number < walk.firstPage + maxPages; number++) {
      fetchUpTo(number, number);
      const page = readPage(await inFlight[number % concurrency], number);
      inFlight[number % concurrency] = undefined;
      if (page.items.length === 0) {
        if (isMissed(page, counted ?? itemsBefore(walk, page), previous)) throw emptyPage(number);
        return;
      }
      if (previous !== undefined && isRepeated(page, previous)) throw repeated(number);
      counted = (counted ?? itemsBefore(walk, page)) + page.items.length;
      const isLast = endsAt(page, counted, walk.size);
      if (!isLast) fetchUpTo(Math.min(furthestPage(page, number, counted), walk.firstPage + maxPages - 1), number + 1);
      yield page.items;
      if (isLast) return;
      previous = page;
    }
    throw endless();
  } finally {
    ended.abort();
  }
}

/** How many items stand on the pages that the walk leaves out. A server may use smaller pages than it is asked for. */
function itemsBefore(walk: Walk, page: Page): number {
  return walk.firstPage * Math.min(walk.size, page.size ?? walk.size);
}

/** Whether an empty page stands where the server says that items are left. */
function isMissed(page: Page, counted: number, previous: Page | undefined): boolean {
  const total = page.totalCount ?? previous?.totalCount;
  return page.last === false || (total !== undefined && counted < total);
}

function endsAt(page: Page, counted: number, askedSize: number): boolean {
  if (page.totalCount !== undefined && counted >= page.totalCount) return true;
  if (page.last !== undefined) return page.last;
  if (page.totalCount !== undefined) return false;
  return page.items.length < Math.min(askedSize, page.size ?? askedSize);
}

/** The page up to which it makes sense to fetch: the next one, or all that `totalCount` promises. */
function furthestPage(page: Page, number: number, counted: number): number {
  const missing = (page.totalCount ?? 0) - counted;
  return number + Math.max(1, Math.ceil(missing / page.items.length));
}

/** A server that ignores the page number sends equal items; two genuine pages of equal items differ in their number. */
function isRepeated(page: Page, previous: Page): boolean {
  return page.number === previous.number && isDeepStrictEqual(page.items, previous.items);
}

/** Takes a response apart: an envelope with `data` or `content`, or a bare array. */
function readPage(value: unknown, number: number): Page {
  if (Array.isArray(value)) return { items: value };
  const items = isRecord(value) ? [value.data, value.content].find((list) => Array.isArray(list)) : undefined;
  if (!isRecord(value) || items === undefined) {
    throw new AtoaError({
      kind: "failure",
      message: `Page ${number} of the list has an unknown format`,
      hint: "leave out --pageAll to see the response as it is",
    });
  }
  return {
    items,
    totalCount: wholeNumber(value.totalCount),
    last: lastSign(value),
    number: wholeNumber(value.page) ?? wholeNumber(value.number),
    size: [value.size, value.itemsPerPage, value.itemPerPage, value.limit]
      .map(wholeNumber)
      .find((size) => (size ?? 0) > 0),
  };
}

function lastSign(envelope: Record<string, unknown>): boolean | undefined {
  const signs: boolean[] = [];
  if (typeof envelope.last === "boolean") signs.push(envelope.last);
  if (typeof envelope.hasMore === "boolean") signs.push(!envelope.hasMore);
  const [totalPages, number] = [wholeNumber(envelope.totalPages), wholeNumber(envelope.number)];
  if (totalPages !== undefined && number !== undefined) signs.push(number + 1 >= totalPages);
  return signs.length === 0 ? undefined : signs.some((isLast) => isLast);
}

function wholeNumber(value: unknown): number | undefined {
  const number = numberOf(value);
  return number !== undefined && Number.isSafeInteger(number) && number >= 0 ? number : undefined;
}

function repeated(number: number): AtoaError {
  return new AtoaError({
    kind: "failure",
    message: `The server sent page ${number - 1} again instead of page ${number}`,
    hint: "leave out --pageAll; if the list has pages, tell Atoa support",
  });
}

function emptyPage(number: number): AtoaError {
  return new AtoaError({
    kind: "failure",
    message: `Page ${number} of the list is empty although there should be more items`,
    hint: "run the command again; the list printed so far is incomplete",
  });
}

function endless(): AtoaError {
  return new AtoaError({
    kind: "failure",
    message: `The list did not end within ${maxPages} pages`,
    hint: "narrow it with a filter, or ask for larger pages",
  });
}
