import { type Operation, operations } from "../../api/operations";
import { resolveRequest } from "../../api/request";
import type { Spelling } from "../../api/schemas/fields";
import { usageError } from "../../errors";
import { interruption, log } from "../../terminal/terminal";
import { type MadeEvent, makeEvent, parseSetting } from "../../webhooks/made-event";
import { type Outcome, post } from "../../webhooks/post";
import { mustBeThisMachine, parseUrl } from "../../webhooks/target";
import type { TestEvent } from "../../webhooks/test-event";
import { openVault } from "../access";
import { secretFrom } from "./input";
import { signerFor } from "./keys";

export interface MadeHereFlags {
  readonly profile?: string | undefined;
  readonly to?: string | undefined;
  readonly set?: readonly string[] | undefined;
  readonly scheme?: "v1" | "v2" | undefined;
  readonly secret?: string | undefined;
  readonly print: boolean;
  readonly anywhere: boolean;
  readonly dryRun: boolean;
}

/** An event made here, and what came of sending it. */
export interface Triggered extends Partial<Outcome> {
  readonly to: string | null;
  readonly scheme: "v1" | "v2";
  readonly signature: string;
  readonly body: unknown;
}

type EventWish = Parameters<typeof resolveRequest<InputOf<typeof operations.webhooks.trigger>>>[1];
type InputOf<O> = O extends Operation<infer Fields> ? Fields : never;

/** Flags that only make sense for an event that is made here. */
const ownFlags = ["set", "scheme", "secret", "print", "anywhere"] as const;

/**
 * Whether the event is to be made here rather than by the server.
 * @throws AtoaError kind usage for flags that only an event made here has
 */
export function isMadeHere(flags: MadeHereFlags): boolean {
  if (flags.to !== undefined || flags.print) return true;
  const stray = ownFlags.find((name) => flags[name] !== undefined && flags[name] !== false);
  if (stray === undefined) return false;
  throw usageError(
    `--${stray} is only for events created with --to`,
    "add --to <url>; without it the server creates the event and sends it to the registered webhook",
    stray,
  );
}

/**
 * Makes and signs an event here, and sends it to one receiver.
 * @throws AtoaError kind usage for bad input, auth without a secret; a receiver that fails is an outcome
 */
export async function triggerHere(wish: EventWish, flags: MadeHereFlags, spelling: Spelling): Promise<Triggered> {
  // The law of the server's own test trigger holds here too.
  const { body } = await resolveRequest(operations.webhooks.trigger, wish, { origin: "http://localhost", spelling });
  const event = body as unknown as TestEvent;
  const url = flags.to === undefined ? undefined : parseUrl(flags.to, "to");
  if (url !== undefined) mustBeThisMachine(url, "to", flags.anywhere);
  const settings = (flags.set ?? []).map(parseSetting);
  const secret = flags.secret === undefined ? undefined : await secretFrom(flags.secret);
  const wanted = flags.scheme ?? (event.eventType === "POS_PAYMENT_STATUS" && secret === undefined ? "v2" : undefined);
  const signer = await signerFor(openVault, flags, { secret, wanted });
  const made = makeEvent(event, signer, settings, Date.now());
  log("note: created by atoa on this machine, not by Atoa");
  const described = describe(made, url);
  if (url === undefined || flags.print || flags.dryRun) return described;
  return { ...described, ...(await post(url, made, { limitMs: 10_000, signal: interruption() })) };
}

function describe({ scheme, signature, body }: MadeEvent, url: URL | undefined): Triggered {
  return { to: url?.href ?? null, scheme, signature, body: JSON.parse(body.toString("utf8")) };
}
