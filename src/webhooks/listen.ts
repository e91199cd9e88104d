import { credentialHeaders, type Delivery, eventOf, newDeliveryId } from "./delivery";
import { type Forwarded, Forwarder, statusFor } from "./forwarder";
import type { Keys } from "./hypotheses";
import type { Journal } from "./journal";
import type { Message } from "./post";
import { openReceiver } from "./receiver";
import type { Target } from "./target";
import { verify } from "./verify";

export interface ListenOptions {
  /** 0 takes a free one. */
  readonly port: number;
  readonly targets: readonly Target[];
  /** Deliveries of other events are answered with 200 and left alone; undefined for all. */
  readonly events: readonly string[] | undefined;
  /** Forged deliveries are answered with 401 instead of being forwarded. */
  readonly onlyGenuine: boolean;
  /** Ends after so many deliveries. */
  readonly count: number | undefined;
  /** Milliseconds that a target has for its status; 10,000 when left out. */
  readonly limitMs?: number | undefined;
  readonly keys: Keys;
  /** Opened when the port is known. */
  readonly journal: (port: number) => Journal | undefined;
  readonly report: (happening: Happening) => void;
}

/** What a listener tells while it runs. */
export type Happening =
  /** Received, verified and journalled; not forwarded yet. */
  | { readonly kind: "received"; readonly delivery: Delivery; readonly body: Buffer; readonly scheme: string }
  /** Its targets have answered, and so has the listener. */
  | {
      readonly kind: "answered";
      readonly delivery: Delivery;
      readonly body: Buffer;
      readonly scheme: string;
      readonly forwarded: readonly Forwarded[];
      readonly status: number;
    }
  | { readonly kind: "odd"; readonly what: string };

interface Tally {
  received: number;
  forged: number;
  /** Deliveries that a target did not answer with 200. */
  failed: number;
}

export interface Listener {
  readonly port: number;
  readonly tally: Readonly<Tally>;
  /** Resolves when `count` deliveries have been answered; never without a count. */
  readonly counted: Promise<void>;
  /** Stops receiving; what is on its way gets a moment to be answered. */
  close(): Promise<void>;
}

/** Milliseconds for deliveries that are on their way when the listener ends. */
const graceMs = 2_000;

/**
 * Opens a listener: it receives, verifies, journals, forwards in order per target, and answers with what the targets said.
 * @throws AtoaError kind failure when the port or the journal cannot be used
 */
export async function openListener(options: ListenOptions): Promise<Listener> {
  const { report } = options;
  const forwarder = new Forwarder(options.targets, options.limitMs);
  const tally: Tally = { received: 0, forged: 0, failed: 0 };
  const counter = countdown(options.count);
  let journal: Journal | undefined;

  async function receive(message: Message, headers: Readonly<Record<string, string>>): Promise<number> {
    const body = Buffer.from(message.body);
    const event = eventOf(body);
    if (options.events !== undefined && (event === null || !options.events.includes(event))) {
      report({
        kind: "odd",
        what: `${event ?? "a request that is not a delivery"} was not subscribed to: responded with 200`,
      });
      return 200;
    }
    const { delivery, scheme } = judged(body, event, headers, options.keys);
    const forged = delivery.verified === false;
    const refused = forged && options.onlyGenuine;
    // Whoever sent it hears of success only when it is written down.
    journal?.add({ ...delivery, targets: refused ? [] : forwarder.targetsOf(event) });
    tally.received++;
    if (forged) tally.forged++;
    report({ kind: "received", delivery, body, scheme });
    const forwarded = refused ? [] : await forwarder.forward(event, message);
    const status = refused ? 401 : statusFor(forwarded);
    if (forwarded.some((one) => one.status !== 200)) tally.failed++;
    report({ kind: "answered", delivery, body, scheme, forwarded, status });
    counter.down();
    return status;
  }

  const receiver = await openReceiver(options.port, { receive, odd: (what) => report({ kind: "odd", what }) });
  try {
    journal = options.journal(receiver.port);
  } catch (error) {
    await receiver.close(0);
    throw error;
  }
  return {
    port: receiver.port,
    tally,
    counted: counter.done,
    close: async () => {
      const closed = receiver.close(graceMs);
      const timer = setTimeout(() => forwarder.stop(), graceMs);
      await closed;
      clearTimeout(timer);
    },
  };
}

function judged(
  body: Buffer,
  event: string | null,
  headers: Readonly<Record<string, string>>,
  keys: Keys,
): { delivery: Delivery; scheme: string } {
  const verdict = verify({ body, signature: headers["x-atoa-signature"] }, keys);
  // Without any key of its scheme, "forged" would be a guess.
  const decided =
    verdict.reason === "HEADER_MISSING" || (verdict.scheme === "v1" ? keys.tokens : keys.secrets).length > 0;
  const receivedAt = new Date();
  const delivery: Delivery = {
    type: "delivery",
    id: newDeliveryId(receivedAt.getTime()),
    receivedAt: receivedAt.toISOString(),
    event,
    headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !credentialHeaders.includes(name))),
    body: body.toString("base64"),
    verified: decided ? verdict.verified : null,
    reason: decided ? verdict.reason : null,
  };
  return { delivery, scheme: verdict.scheme };
}

function countdown(count: number | undefined): { done: Promise<void>; down(): void } {
  let left = count ?? Number.POSITIVE_INFINITY;
  let finish = (): void => undefined;
  const done = new Promise<void>((resolve) => {
    finish = resolve;
  });
  return {
    done,
    down() {
      left--;
      if (left <= 0) finish();
    },
  };
}
