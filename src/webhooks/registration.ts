import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AtoaError, usageError } from "../errors";

export interface Registered {
  readonly webhookId: string | null;
  readonly event: string;
  readonly url: string;
}

/** The API's webhooks of one business and environment. */
export interface Registrar {
  /** "http://127.0.0.1:4010 (sandbox)": tells one set of webhooks from another. */
  readonly place: string;
  /** Whether the server itself refuses a second webhook for an event; the emulator does, but for the example it is seeded with. */
  readonly refusesSecond: boolean;
  list(): Promise<Registered[]>;
  create(event: string, url: string): Promise<Registered>;
  remove(webhookId: string): Promise<void>;
  /** The command that removes one. */
  removal(webhookId: string): string;
}

/** What a listener has registered, in a file while it runs: after a kill the next one can name it. */
interface Note {
  readonly pid: number;
  readonly port: number;
  readonly place: string;
  readonly webhooks: readonly Registered[];
}

/**
 * Registers a listener's URL for some events, and keeps a note of it until `remove`.
 * @param directory the state's directory for webhooks
 */
export class Registration {
  readonly #file: string;
  #webhooks: Registered[] = [];

  constructor(
    private readonly registrar: Registrar,
    private readonly directory: string,
    private readonly port: number,
  ) {
    this.#file = join(directory, `listener-${port}.json`);
  }

  /**
   * Registers for each event. One that has a webhook already is never replaced: then nothing stays registered.
   * @throws AtoaError kind usage naming the webhook that is there; whatever the API's answer was otherwise
   */
  async register(events: readonly string[], url: string): Promise<readonly Registered[]> {
    try {
      if (!this.registrar.refusesSecond) {
        const there = (await this.registrar.list()).find(({ event }) => events.includes(event));
        if (there !== undefined) throw taken(there, this.registrar);
      }
      for (const event of events) {
        // Noted before it is made: a kill in between leaves a name too many, never one too few.
        this.#note([...this.#webhooks, { webhookId: null, event, url }]);
        this.#note([...this.#webhooks, await this.#create(event, url)], true);
      }
      return this.#webhooks;
    } catch (error) {
      await this.remove().catch(() => undefined);
      throw error;
    }
  }

  /** @returns what could not be removed, with the command that removes it */
  async remove(): Promise<string[]> {
    const left: string[] = [];
    for (const { webhookId, event } of this.#webhooks) {
      try {
        const id = webhookId ?? (await this.#idOf(event));
        if (id !== undefined) await this.registrar.remove(id);
      } catch (error) {
        // Gone already is what we want.
        if (error instanceof AtoaError && error.kind === "notFound") continue;
        left.push(
          `the webhook for ${event} could not be removed; run \`${this.registrar.removal(webhookId ?? event)}\``,
        );
      }
    }
    if (left.length === 0) rmSync(this.#file, { force: true });
    return left;
  }

  async #create(event: string, url: string): Promise<Registered> {
    try {
      return await this.registrar.create(event, url);
    } catch (error) {
      if (!(error instanceof AtoaError) || error.kind === "network" || error.kind === "auth") throw error;
      const there = (await this.registrar.list()).find((one) => one.event === event);
      throw there === undefined ? error : taken(there, this.registrar);
    }
  }

  async #idOf(event: string): Promise<string | undefined> {
    const own = this.#webhooks.find((one) => one.event === event);
    const there = (await this.registrar.list()).find((one) => one.event === event && one.url === own?.url);
    return there?.webhookId ?? undefined;
  }

  #note(webhooks: readonly Registered[], done = false): void {
    const note: Note = { pid: process.pid, port: this.port, place: this.registrar.place, webhooks };
    mkdirSync(this.directory, { recursive: true, mode: 0o700 });
    writeFileSync(this.#file, JSON.stringify(note), { mode: 0o600 });
    if (done) this.#webhooks = [...webhooks];
  }
}

function taken({ webhookId, event, url }: Registered, registrar: Registrar): AtoaError {
  const id = webhookId ?? "";
  return usageError(
    `${event} already has a webhook, ${id} → ${url}, which is never replaced`,
    `leave the event out with --event, or remove the webhook: \`${registrar.removal(id)}\``,
    "event",
  );
}

/**
 * Names what listeners that were killed have left registered, and forgets notes of what is gone.
 * @param port the port that this process holds: nobody else's note of it can be alive
 */
export async function leftovers(directory: string, port: number, registrar: Registrar): Promise<string[]> {
  const dead = notesIn(directory).filter(({ note }) => note.port === port || !isAlive(note.pid));
  const here = dead.some(({ note }) => note.place === registrar.place) ? await registrar.list() : [];
  const named: string[] = [];
  for (const { file, note } of dead) {
    if (note.place !== registrar.place) continue;
    const left = here.filter((there) =>
      note.webhooks.some((own) => own.url === there.url && own.event === there.event),
    );
    for (const { webhookId, event, url } of left) {
      named.push(
        `an earlier listener left webhook ${webhookId} for ${event} (${url}) behind; run \`${registrar.removal(webhookId ?? "")}\``,
      );
    }
    if (left.length === 0) rmSync(file, { force: true });
  }
  return named;
}

function notesIn(directory: string): { file: string; note: Note }[] {
  let names: string[];
  try {
    names = readdirSync(directory).filter((name) => /^listener-\d+\.json$/.test(name));
  } catch {
    return []; // Nobody has listened here yet.
  }
  return names.flatMap((name) => {
    const file = join(directory, name);
    try {
      const note = JSON.parse(readFileSync(file, "utf8")) as Note;
      return Array.isArray(note.webhooks) ? [{ file, note }] : [];
    } catch {
      return []; // A kill cut it off: the list of webhooks will show what is there.
    }
  });
}

/** Whether a process runs, also somebody else's. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
