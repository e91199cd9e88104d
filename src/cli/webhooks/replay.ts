import { exitCodes, interrupted, usageError } from "../../errors";
import { interruption, log } from "../../terminal/terminal";
import { journalDirectory, readJournal } from "../../webhooks/journal";
import type { Outcome } from "../../webhooks/post";
import { arrange, type Replayed, replay, type Sending, select, sendings } from "../../webhooks/replay";
import { mustBeThisMachine, parseUrl } from "../../webhooks/target";
import { openVault } from "../access";
import { bodyBytes, parseSpan } from "./input";

export interface ReplayFlags {
  readonly ids: readonly string[];
  readonly last: boolean;
  readonly since?: string | undefined;
  readonly body?: string | undefined;
  readonly signature?: string | undefined;
  readonly to?: string | undefined;
  readonly times?: number | undefined;
  readonly shuffle: boolean;
  readonly anywhere: boolean;
  readonly journal?: string | undefined;
  readonly dryRun: boolean;
}

/**
 * Sends stored deliveries again, or a body of the user's own.
 * @returns what came of each; with dryRun what would be sent
 * @throws AtoaError kind usage before anything is sent
 */
export async function replayDeliveries(flags: ReplayFlags): Promise<readonly (Replayed | Planned)[]> {
  const list = arrange(await planned(flags), flags.times ?? 1, flags.shuffle);
  for (const { url } of list) mustBeThisMachine(url, "to", flags.anywhere);
  if (flags.dryRun)
    return list.map(({ id, url, message }) => ({ id, method: "POST", to: url.href, bytes: message.body.byteLength }));
  const signal = interruption();
  const outcomes = await replay(list, (one) => log(`${one.id ?? "body"} → ${one.to} ${shown(one)}`), signal);
  if (signal.aborted) throw interrupted();
  return outcomes;
}

export interface Planned {
  readonly id: string | null;
  readonly method: "POST";
  readonly to: string;
  readonly bytes: number;
}

async function planned(flags: ReplayFlags): Promise<Sending[]> {
  const to = flags.to === undefined ? undefined : parseUrl(flags.to, "to");
  if (flags.body !== undefined) {
    if (to === undefined) throw usageError("--body needs a receiver", "add one: --to 3000", "to");
    const signature = flags.signature === undefined ? [] : ["X-Atoa-Signature", flags.signature];
    const headers = ["Content-Type", "application/json", ...signature];
    return [{ id: null, url: to, message: { headers, body: await bodyBytes(flags.body) } }];
  }
  const entries = readJournal(flags.journal ?? journalDirectory(openVault().paths.webhooks));
  const sinceMs = flags.since === undefined ? undefined : parseSpan(flags.since, "since");
  return sendings(select(entries, { ...chosen(flags), sinceMs }, Date.now()), to);
}

/** `--last 3`: the number stands where ids stand otherwise. */
function chosen({ ids, last }: ReplayFlags): { ids: readonly string[]; last: number | undefined } {
  if (!last) return { ids, last: undefined };
  const [count = "1", ...more] = ids;
  if (more.length > 0 || !/^[1-9]\d{0,3}$/.test(count)) {
    throw usageError("--last takes a number from 1 to 9999, or nothing", "for example: --last 3", "--last");
  }
  return { ids: [], last: Number(count) };
}

/** Exit code of outcomes: 0 when all are 200, 6 when nobody was there at all, else 1. */
export function codeOf(outcomes: readonly Pick<Outcome, "status">[]): number {
  if (outcomes.every(({ status }) => status === 200)) return 0;
  return outcomes.every(({ status }) => status === null) ? exitCodes.network : exitCodes.failure;
}

function shown({ status, ms, error }: Outcome): string {
  return status === null ? (error ?? "no response") : `${status} in ${ms} ms`;
}
