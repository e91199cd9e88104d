import { type Client, createClient, type Send } from "../api/client";
import { shellWord } from "../api/idempotency";
import type { JsonValue } from "../api/json";
import { readLimits } from "../api/limits";
import { resolveOrigin } from "../api/origin";
import { findProxy } from "../api/proxy";
import { describeRequest, type ResolvedRequest } from "../api/request";
import type { Sender, TransportEvent } from "../api/transport";
import { createVault, type Vault } from "../credentials/vault";
import { AtoaError } from "../errors";
import { resolveTarget, type Sourced, type Target } from "../profiles/resolution";
import { tokenHint } from "../redaction";
import type { Column } from "../terminal/columns";
import { type Format, printPages, printValue } from "../terminal/output";
import { Progress } from "../terminal/progress";
import { canAsk, interruption, PipeClosed, say } from "../terminal/terminal";
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
  /** The write that was carried out; what fails from then on does not undo it. */
  #written: ResolvedRequest | undefined;

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
    const value = await answer;
    try {
      await printValue(value, this.#presentation);
    } catch (error) {
      throw this.#written === undefined ? error : unprinted(error, this.#written);
    }
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
    // Checked here already, so that a dry run refuses what the real run would.
    readLimits(process.env);
    findProxy(this.target.origin.value, process.env);
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
    if (request.writes) this.#written = request;
    return answer.value;
  };

  #follow(event: TransportEvent): void {
    if (event.type === "retry") {
      this.#progress.update(`${event.reason}; trying again in ${Math.ceil(event.delayMs / 1000)} s`);
    }
    if (!this.flags.verbose) return;
    for (const line of verboseLines(event)) say(line);
  }
}

/** Nobody may take a write for failed because a disk was full: it would be done twice. */
function unprinted(error: unknown, { idempotencyFlag, idempotencyKey }: ResolvedRequest): unknown {
  if (error instanceof PipeClosed) return error;
  const why = error instanceof AtoaError ? error.summary : String(error);
  const key = idempotencyFlag && idempotencyKey !== undefined ? shellWord(idempotencyKey) : undefined;
  return new AtoaError({
    kind: "failure",
    message: `The request was carried out, but its answer could not be shown: ${why}`,
    hint:
      key === undefined
        ? "look at the result; do not run it again"
        : `to see it, run it again with --idempotencyKey ${key}`,
    cause: error,
  });
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
