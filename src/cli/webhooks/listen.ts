import { setTimeout as sleep } from "node:timers/promises";
import type { Env } from "../../environments";
import { AtoaError, exitCodes } from "../../errors";
import { registerSecret } from "../../redaction";
import { printValue } from "../../terminal/output";
import { interruption, log, signalCode, stopped, writeData } from "../../terminal/terminal";
import { sanitise } from "../../text";
import { type Keys, noKeys } from "../../webhooks/hypotheses";
import { Journal, journalOf } from "../../webhooks/journal";
import { lineOf } from "../../webhooks/line";
import { type Happening, type Listener, openListener } from "../../webhooks/listen";
import { leftovers, Registration } from "../../webhooks/registration";
import type { Target } from "../../webhooks/target";
import { openVault, resolveAccess, tokenOfThisRun } from "../access";
import { confirm } from "../confirmation";
import { originInUse } from "../session";
import { findEmulator, type RunningEmulator } from "./find-emulator";
import { keysOfToken, type Owner, ownerOf, ownKeys } from "./keys";
import { type Place, registrarAt } from "./registrar";

export interface ListenFlags {
  readonly env?: Env | undefined;
  readonly profile?: string | undefined;
  readonly yes: boolean;
  readonly dryRun: boolean;
  readonly targets: readonly Target[];
  readonly events: readonly string[] | undefined;
  readonly port: number;
  readonly publicUrl?: string | undefined;
  readonly count?: number | undefined;
  readonly timeoutMs: number | undefined;
  readonly onlyGenuine: boolean;
  readonly journal?: string | undefined;
  readonly ndjson: boolean;
}

/** What is listened for when --event does not say; POS_PAYMENT_STATUS needs a signing secret first. */
const usualEvents = ["PAYMENTS_STATUS", "EXPIRED_STATUS", "REFUND_STATUS"];

/**
 * Listens until Ctrl-C, --count or --timeout, and removes what it registered.
 * @returns the exit code
 * @throws AtoaError before anything is received, for whatever stands in the way
 */
export async function listen(flags: ListenFlags): Promise<number> {
  const signal = interruption();
  const vault = openVault();
  const { place, keys, env } = await whereTo(flags);
  const events = flags.events ?? [...new Set([...usualEvents, ...targetEvents(flags.targets)])];
  if (flags.dryRun) return describe(flags, place, events);
  const production = env === "production";
  if (production) await confirm("Receive deliveries with customer data on this machine (PRODUCTION)", flags);

  const output = flags.ndjson ? ndjson : lines;
  const listener = await openListener({
    port: flags.port,
    targets: flags.targets,
    events: flags.events,
    onlyGenuine: flags.onlyGenuine,
    count: flags.count,
    keys,
    journal: (port) => {
      if (flags.journal !== undefined) return new Journal(flags.journal);
      return production ? undefined : journalOf(vault.paths.webhooks, port);
    },
    report: output.report,
  });
  const registration = await openRegistration(place, vault.paths.webhooks, listener).catch(closing(listener));
  try {
    const url = flags.publicUrl ?? `http://127.0.0.1:${listener.port}/`;
    const registered = (await registration?.register(events, url)) ?? [];
    output.ready(listener.port, registered, flags.targets);
    if (place === undefined) log(nowhere);
    const timedOut = await ended(listener, flags.timeoutMs, signal);
    return exitCode(listener, flags, timedOut);
  } finally {
    await listener.close();
    for (const line of (await registration?.remove()) ?? []) log(`warning: ${line}`);
    await output.done();
    log(summary(listener));
  }
}

const nowhere =
  "note: nothing is registered: Atoa has no event stream and calls a public URL instead — run `atoa emulator start`, or pass --publicUrl with the HTTPS URL of your own tunnel to this port";

interface Where {
  readonly place: Place | undefined;
  readonly keys: Keys;
  readonly env: Env | undefined;
}

/** Where to register and what to check by: at --publicUrl with the key in use, else at an emulator, else nowhere. */
async function whereTo(flags: ListenFlags): Promise<Where> {
  const emulator = flags.publicUrl === undefined ? await findEmulator(process.env) : undefined;
  return (await withVariable(flags, emulator)) ?? withProfile(flags, emulator);
}

/** By ATOA_TOKEN, which goes nowhere but to the server in use: an emulator that was merely found gets its own token. */
async function withVariable(flags: ListenFlags, emulator: RunningEmulator | undefined): Promise<Where | undefined> {
  if (tokenOfThisRun(flags, process.env) === undefined) return undefined;
  const { env, origin, refusedHint, readToken } = resolveAccess(flags, originInUse(), process.env);
  const token = await readToken();
  const keys = keysOfToken(token);
  if (flags.publicUrl === undefined && emulator?.origin !== origin.value) {
    const { place, keys: own } = atEmulator(emulator, env.value);
    return { place, keys: { ...keys, tokens: [...keys.tokens, ...own.tokens] }, env: env.value };
  }
  const at = { origin: origin.value, env: env.value, isEmulator: emulator !== undefined };
  return { place: { ...at, profile: undefined, token, unchecked: true, refusedHint }, keys, env: env.value };
}

async function withProfile(flags: ListenFlags, emulator: RunningEmulator | undefined): Promise<Where> {
  const at = emulator?.origin ?? originInUse().value;
  const owner = ownerHere(flags, at);
  if (owner instanceof AtoaError) {
    if (flags.publicUrl !== undefined || flags.profile !== undefined) throw owner;
    return atEmulator(emulator, flags.env ?? "sandbox");
  }
  const keys = await ownKeys(openVault(), owner);
  const token = keys.tokens[0]?.secret;
  const registers = flags.publicUrl !== undefined || emulator !== undefined;
  if (!registers || token === undefined) return { place: undefined, keys, env: owner.env };
  return { place: { ...owner, origin: at, token, isEmulator: emulator !== undefined }, keys, env: owner.env };
}

/** With the emulator's own token, where there is one. */
function atEmulator(emulator: RunningEmulator | undefined, env: Env): Where {
  if (emulator?.tokens === undefined) return { place: undefined, keys: noKeys, env: undefined };
  const token = emulator.tokens[env];
  registerSecret(token);
  const keys = { ...noKeys, tokens: [{ name: `the emulator's token (${env})`, secret: token }] };
  return { place: { origin: emulator.origin, env, profile: undefined, token, isEmulator: true }, keys, env };
}

/** The profile in use, when its key belongs to that server; else why not. */
function ownerHere(flags: ListenFlags, origin: string): Owner | AtoaError {
  try {
    const vault = openVault();
    const owner = ownerOf(vault, flags);
    const entry = vault.config().profiles.get(owner.profile)?.envs?.[owner.env];
    const paired = entry?.apiOrigin ?? "https://api.atoa.me";
    if (entry !== undefined && paired === origin) return owner;
    return notPairedHere(owner, origin);
  } catch (error) {
    if (error instanceof AtoaError) return error;
    throw error;
  }
}

function notPairedHere({ profile, env }: Owner, origin: string): AtoaError {
  return new AtoaError({
    kind: "usage",
    message: `Profile ${profile} (${env}) is not logged in to ${origin}`,
    hint: `choose another --profile, or run \`atoa login --profile ${profile} --env ${env}\``,
    field: "profile",
  });
}

function targetEvents(targets: readonly Target[]): string[] {
  return targets.flatMap(({ event }) => (event === undefined ? [] : [event]));
}

async function describe(flags: ListenFlags, place: Place | undefined, events: readonly string[]): Promise<number> {
  const url = flags.publicUrl ?? `http://127.0.0.1:${flags.port}/`;
  const register = place === undefined ? [] : events.map((event) => ({ event, url }));
  const forward = flags.targets.map(({ event, url: to }) => ({ event: event ?? null, to: to.href }));
  await printValue({ port: flags.port, register, at: place?.origin ?? null, forward }, { format: "json" });
  return 0;
}

async function openRegistration(
  place: Place | undefined,
  directory: string,
  { port }: Listener,
): Promise<Registration | undefined> {
  if (place === undefined) return undefined;
  const registrar = await registrarAt(place);
  for (const line of await leftovers(directory, port, registrar)) log(`warning: ${line}`);
  return new Registration(registrar, directory, port);
}

function closing(listener: Listener): (error: unknown) => Promise<never> {
  return async (error) => {
    await listener.close();
    throw error;
  };
}

/** @returns whether it was the time that ended it */
async function ended(listener: Listener, timeoutMs: number | undefined, signal: AbortSignal): Promise<boolean> {
  const timer = new AbortController();
  const ends: Promise<boolean>[] = [stopped(signal).then(() => false), listener.counted.then(() => false)];
  if (timeoutMs !== undefined) {
    ends.push(sleep(timeoutMs, true, { signal: timer.signal }).catch(() => false));
  }
  try {
    return await Promise.race(ends);
  } finally {
    timer.abort();
  }
}

function exitCode({ tally }: Listener, { count }: ListenFlags, timedOut: boolean): number {
  const signalled = signalCode();
  if (signalled !== undefined) return signalled;
  if (tally.failed > 0) return exitCodes.failure;
  return timedOut && count !== undefined && tally.received < count ? exitCodes.network : 0;
}

function summary({ tally: { received, forged, failed } }: Listener): string {
  const deliveries = `${received} ${received === 1 ? "delivery" : "deliveries"}`;
  return `${deliveries}, ${forged} not genuine, ${failed} not accepted with 200`;
}

interface Output {
  report(happening: Happening): void;
  ready(port: number, registered: readonly { event: string }[], targets: readonly Target[]): void;
  /** Resolves when all that was written has left. */
  done(): Promise<void>;
}

let written: Promise<unknown> = Promise.resolve();

/** A reader that is gone ends the output, not the listener: deliveries go on being forwarded. */
function write(text: string): void {
  written = written.then(() => writeData(text)).catch(() => undefined);
}

/** One line a delivery, for a person. */
const lines: Output = {
  report(happening) {
    if (happening.kind === "odd") log(happening.what);
    if (happening.kind !== "answered") return;
    const { delivery, scheme, body, forwarded, status } = happening;
    write(`${sanitise(lineOf(delivery, scheme, body, forwarded, status))}\n`);
  },
  ready: sayReady,
  done: async () => {
    await written;
  },
};

/** One JSON value a line, for a program: deliveries as they come in, and what became of each. */
const ndjson: Output = {
  report(happening) {
    if (happening.kind === "odd") log(happening.what);
    if (happening.kind === "received") write(`${JSON.stringify(happening.delivery)}\n`);
    if (happening.kind !== "answered") return;
    const { delivery, forwarded, status } = happening;
    write(`${JSON.stringify({ type: "answered", id: delivery.id, status, forwarded })}\n`);
  },
  ready(port, registered, targets) {
    sayReady(port, registered, targets);
    write(`${JSON.stringify({ type: "ready", port, url: `http://127.0.0.1:${port}/`, registered })}\n`);
  },
  done: lines.done,
};

function sayReady(port: number, registered: readonly { event: string }[], targets: readonly Target[]): void {
  const forwards = targets.map(({ event, url }) => `${event === undefined ? "" : `${event} `}→ ${url.href}`);
  log(
    `Ready on http://127.0.0.1:${port}/ (press Ctrl-C to stop)${forwards.length === 0 ? "" : `, ${forwards.join(", ")}`}`,
  );
  if (registered.length > 0) log(`Registered for ${registered.map(({ event }) => event).join(", ")}`);
}
