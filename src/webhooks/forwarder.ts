import { type Message, type Outcome, post } from "./post";
import type { Target } from "./target";

export interface Forwarded extends Outcome {
  readonly to: string;
}

/** Hands deliveries on to the targets: to each of them one at a time, in the order in which they came in. */
export class Forwarder {
  readonly #queues: { readonly target: Target; tail: Promise<unknown> }[];
  readonly #stop = new AbortController();

  /** @param limitMs milliseconds that a target has for its status */
  constructor(
    targets: readonly Target[],
    private readonly limitMs = 10_000,
  ) {
    this.#queues = targets.map((target) => ({ target, tail: Promise.resolve() }));
  }

  /** URLs that an event goes to. */
  targetsOf(event: string | null): string[] {
    return this.#queues.filter(({ target }) => wants(target, event)).map(({ target }) => target.url.href);
  }

  /** Resolves when every target of the event has answered, or has failed to. */
  forward(event: string | null, message: Message): Promise<Forwarded[]> {
    const turns = this.#queues
      .filter(({ target }) => wants(target, event))
      .map((queue) => {
        const turn = queue.tail.then(() => this.#send(queue.target.url, message));
        queue.tail = turn;
        return turn;
      });
    return Promise.all(turns);
  }

  /** Cuts what is on its way. */
  stop(): void {
    this.#stop.abort();
  }

  async #send(url: URL, message: Message): Promise<Forwarded> {
    const outcome = await post(url, message, { limitMs: this.limitMs, signal: this.#stop.signal });
    return { to: url.href, ...outcome };
  }
}

function wants({ event }: Target, got: string | null): boolean {
  return event === undefined || event === got;
}

/** What the sender is told: 200 when every target said so, else what the first other one said, 502 where none spoke. */
export function statusFor(outcomes: readonly Forwarded[]): number {
  const failed = outcomes.find(({ status }) => status !== 200);
  return failed === undefined ? 200 : (failed.status ?? 502);
}
