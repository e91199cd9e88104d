import { type Client, createClient, type Send } from "../api/client";
import type { JsonValue } from "../api/json";
import { resolveOrigin } from "../api/origin";
import { describeRequest } from "../api/request";
import type { Sender, TransportEvent } from "../api/transport";
import { createVault, type Vault } from "../credentials/vault";
import { resolveTarget, type Sourced, type Target } from "../profiles/resolution";
import { tokenHint } from "../redaction";
import type { Column } from "../terminal/columns";
import { type Format, printPages, printValue } from "../terminal/output";
import { Progress } from "../terminal/progress";
import { canAsk, interruption, say } from "../terminal/terminal";
import { confirm, place } from "./confirmation";

/** Values of the six globals, as parsed. */
export interface GlobalFlagValues {
  readonly env?: "sandbox" | "production" | undefined;
  readonly output: Format;
  readonly verbose: boolean;
  readonly dryRun: boolean;
  readonly yes: boolean;
  readonly profile?: string | undefined;
}

export interface SessionOptions {
  /** What a destructive command is about to do ("Cancel payment pr_1"): asked after the input is proved, before it is sent. */
  readonly question?: string | undefined;
  readonly columns?: readonly Column[] | undefined;
}

/** A list that can be fetched by the page or walked to its end. */
export interface List<Fields> {
  (input: Fields): Promise<unknown>;
  pages(input: Fields): AsyncIterable<readonly JsonValue[]>;
}

/**
 * What a resource command works with: the client, bound to one profile, environment and origin, and the printer.
 * Nothing is read but the config until a request is sent; a dry run ends before that.
 */
export class Session {
  readonly client: Client;
  readonly #progress = new Progress();
  #sender: Sender | undefined;

  constructor(
    readonly target: Target,
    private readonly vault: Vault,
    private readonly flags: GlobalFlagValues,
    private readonly options: SessionOptions,
  ) {
    this.client = createClient(this.#send, target.origin.value);
  }

  /** @throws AtoaError when there is no profile, no credential for the environment, or another origin than it was paired with */
  static async open(flags: GlobalFlagValues, options: SessionOptions = {}): Promise<Session> {
    const vault = openVault();
    const { profile, env } = flags;
    const origin = originInUse();
    const target = resolveTarget(vault.config(), { profile, env, environment: process.env, origin });
    return new Session(target, vault, flags, options);
  }

  /** Prints the answer of a call: one value. */
  async print(answer: Promise<unknown>): Promise<void> {
    await printValue(await answer, this.#presentation);
  }

  /** Prints one page of a list, or with pageAll the items of all of them. */
  async printList<Fields>(list: List<Fields>, input: Fields, pageAll: boolean): Promise<void> {
    if (pageAll && !this.flags.dryRun) await printPages(this.#followed(list.pages(input)), this.#presentation);
    else await this.print(list(input));
  }

  /** Shows on a terminal how far a long piece of work is. */
  progress(text: string): void {
    this.#progress.update(text);
  }

  get dryRun(): boolean {
    return this.flags.dryRun;
  }

  get #presentation() {
    return { format: this.flags.output, columns: this.flags.dryRun ? undefined : this.options.columns };
  }

  async *#followed(pages: AsyncIterable<readonly JsonValue[]>): AsyncGenerator<readonly JsonValue[]> {
    let count = 0;
    for await (const page of pages) {
      count += page.length;
      this.#progress.update(`${count} items so far`);
      yield page;
    }
    this.#progress.done();
  }

  readonly #send: Send = async (request, options) => {
    if (this.flags.dryRun) return describeRequest(request);
    const { profile, env, origin } = this.target;
    if (this.options.question !== undefined) {
      await confirm(`${this.options.question} (${place(profile.value, env.value)})`, this.flags);
    }
    const { createSender } = await import("../api/transport");
    // One sender for all pages of a walk: it reads the token once and keeps its connections.
    this.#sender ??= createSender({
      token: () => this.vault.readToken({ profile: profile.value, env: env.value, origin }),
      environment: process.env,
      signal: interruption(),
      onEvent: (event) => this.#follow(event),
    });
    const answer = await this.#sender(request, options);
    this.#progress.done();
    return answer.value;
  };

  #follow(event: TransportEvent): void {
    if (event.type === "retry") this.#progress.update(`${event.reason}; trying again`);
    if (!this.flags.verbose) return;
    for (const line of verboseLines(event)) say(line);
  }
}

function verboseLines(event: TransportEvent): string[] {
  if (event.type === "request")
    return [`> ${event.method} ${event.url}`, `> Authorization: Bearer ${tokenHint(event.tokenTail)}`];
  if (event.type === "retry") return [`* ${event.reason}; attempt ${event.attempt + 1} in ${event.delayMs} ms`];
  const id = event.requestId === undefined ? "" : ` (request-id ${event.requestId})`;
  return [`< ${event.status} in ${event.ms} ms${id}`];
}

/** The vault of this machine, with the one line that a person sees while a keychain waits to be unlocked. */
export function openVault(): Vault {
  return createVault({
    environment: process.env,
    // Asked when it is needed: looking at the terminal takes time.
    get interactive() {
      return canAsk();
    },
    onKeychainWait: () => say("waiting for the system keychain to be unlocked …"),
  });
}

/** The server in use, and whether ATOA_BASE_URL chose it. */
export function originInUse(): Sourced<string> {
  const { origin, source } = resolveOrigin(process.env);
  return { value: origin, source };
}
