import { usageError } from "../errors";
import { bytesOf } from "./delivery";
import type { Entry } from "./journal";
import { type Message, type Outcome, post } from "./post";

/** Which deliveries of the journal are meant. */
export interface Selection {
  readonly ids: readonly string[];
  /** The newest so many. */
  readonly last?: number | undefined;
  /** Those of the last so many milliseconds. */
  readonly sinceMs?: number | undefined;
}

/** One sending of a replay. */
export interface Sending {
  readonly id: string | null;
  readonly url: URL;
  readonly message: Message;
}

export interface Replayed extends Outcome {
  readonly id: string | null;
  readonly to: string;
}

/**
 * The chosen deliveries, oldest first.
 * @throws AtoaError kind usage when nothing is chosen, an id is unknown, or the choice is empty
 */
export function select(entries: readonly Entry[], { ids, last, sinceMs }: Selection, now: number): Entry[] {
  if (ids.length > 0) return ids.map((id) => entryNamed(entries, id));
  if (last === undefined && sinceMs === undefined) {
    throw usageError("No deliveries chosen", "pass ids, --last, --since 10m or --body @file");
  }
  const oldest = sinceMs === undefined ? "" : new Date(now - sinceMs).toISOString();
  const found = entries.filter(({ receivedAt }) => receivedAt >= oldest).slice(last === undefined ? 0 : -last);
  if (found.length > 0) return found;
  throw usageError("No matching delivery in the journal", "`atoa webhooks listen` keeps deliveries for seven days");
}

function entryNamed(entries: readonly Entry[], id: string): Entry {
  const entry = entries.find((one) => one.id === id);
  if (entry !== undefined) return entry;
  throw usageError(
    `No delivery ${id.slice(0, 80)} in the journal`,
    "--last replays the newest; `atoa webhooks listen --output ndjson` shows ids",
    "id",
  );
}

/**
 * What a replay of entries sends, in order: each to `to`, else to where it was forwarded.
 * @throws AtoaError kind usage when an entry was forwarded nowhere and `to` is missing
 */
export function sendings(entries: readonly Entry[], to: URL | undefined): Sending[] {
  return entries.flatMap((entry) => {
    const urls = to === undefined ? entry.targets.map((target) => new URL(target)) : [to];
    if (urls.length === 0) {
      throw usageError(`Delivery ${entry.id} was not forwarded anywhere`, "add a receiver: --to 3000", "to");
    }
    const message = { headers: kept(entry.headers), body: bytesOf(entry) };
    return urls.map((url) => ({ id: entry.id, url, message }));
  });
}

/** Names that a connection makes anew. */
const madeAnew = ["host", "content-length", "transfer-encoding", "connection", "keep-alive", "expect"];

function kept(headers: Readonly<Record<string, string>>): string[] {
  return Object.entries(headers).flatMap(([name, value]) => (madeAnew.includes(name) ? [] : [name, value]));
}

/** Milliseconds that a receiver has for its answer. */
const limitMs = 10_000;

/** Sends one after the other. @param report is told each outcome */
export async function replay(
  list: readonly Sending[],
  report: (replayed: Replayed) => void,
  signal: AbortSignal,
): Promise<Replayed[]> {
  const outcomes: Replayed[] = [];
  for (const { id, url, message } of list) {
    if (signal.aborted) break;
    const replayed = { id, to: url.href, ...(await post(url, message, { limitMs, signal })) };
    outcomes.push(replayed);
    report(replayed);
  }
  return outcomes;
}

/** Each sending `times` times in a row; shuffled, any order (Fisher and Yates). */
export function arrange(list: readonly Sending[], times: number, shuffle: boolean): Sending[] {
  const all = list.flatMap((one) => Array.from({ length: times }, () => one));
  if (!shuffle) return all;
  for (let end = all.length - 1; end > 0; end--) {
    const other = Math.floor(Math.random() * (end + 1));
    const [a, b] = [all[end], all[other]];
    if (a !== undefined && b !== undefined) [all[end], all[other]] = [b, a];
  }
  return all;
}
