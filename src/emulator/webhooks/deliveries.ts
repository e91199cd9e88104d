import { setMaxListeners } from "node:events";
import { bodyOf } from "../../webhooks/bodies";
import { signatureOfBody } from "../../webhooks/signature";
import { choices } from "../choices";
import { notFound } from "../emulator-error";
import type { Business, StatusEvent } from "../state/business";
import { iso } from "../state/clock";
import type { Emulation } from "../state/emulation";
import type { Delivery, Webhook } from "../state/records";
import { notLocal, postDelivery } from "./post";

/** Sends events to the registered targets, and again with growing gaps until exactly 200 comes back or 24 hours have gone. */
export class Deliveries {
  readonly #byId = new Map<string, Delivery>();
  readonly #emulation: Emulation;
  readonly #allowedHosts: readonly string[];
  readonly #changed: () => void;
  readonly #running = new Set<Promise<void>>();
  #bytes = 0;
  #stop = newStop();

  /** Called after each attempt. */
  onAttempt: (delivery: Delivery) => void = () => {};

  /** @param allowedHosts other machines that may be called; @param changed is told when the log has changed */
  constructor(emulation: Emulation, allowedHosts: readonly string[], changed: () => void) {
    this.#emulation = emulation;
    this.#allowedHosts = allowedHosts.map((host) => host.toLowerCase());
    this.#changed = changed;
    emulation.onStatus = (event) => this.tell(event);
  }

  all(): Delivery[] {
    return [...this.#byId.values()];
  }

  /** Sends what has happened to every webhook of its event. */
  tell(status: StatusEvent): void {
    for (const webhook of status.business.webhooksFor(status.event)) {
      // The seeded one is an example to look at.
      if (!webhook.seeded || status.test === true) this.#send(webhook, status);
    }
  }

  #send(webhook: Webhook, { event, business, payment, refund, pos, at }: StatusEvent): void {
    const secret = business.signingSecret;
    const token = secret === null ? this.#tokenOf(webhook, business) : undefined;
    const store = business.stores.get(payment.storeId);
    const body = JSON.stringify(bodyOf(event, { merchant: business, store, payment, refund, pos }, token));
    const delivery: Delivery = {
      id: this.#emulation.newId(),
      event,
      url: webhook.url,
      webhookId: webhook.id,
      environment: business.environment,
      merchantId: business.merchantId,
      body,
      signature: secret === null ? null : signatureOfBody(secret, body),
      state: "WAITING",
      createdAt: at,
      begunAt: at,
      dueAt: null,
      tries: 0,
      attempts: [],
    };
    this.#keep(delivery);
    this.#schedule(delivery, at);
  }

  /** The oldest go, delivered or not: a receiver that is down for a day must not fill the memory. */
  #keep(delivery: Delivery): void {
    this.#byId.set(delivery.id, delivery);
    this.#bytes += delivery.body.length;
    for (const oldest of this.#byId.values()) {
      if (this.#byId.size <= choices.deliveriesRemembered && this.#bytes <= choices.deliveryBytesRemembered) break;
      this.#forget(oldest);
    }
  }

  #forget(delivery: Delivery): void {
    this.#byId.delete(delivery.id);
    this.#bytes -= delivery.body.length;
    delivery.dueAt = null;
  }

  /** Forgets the deliveries of a business: what waits is not sent, what is on its way is not noted. */
  forgetBusiness(merchantId: string): void {
    for (const delivery of this.#byId.values()) if (delivery.merchantId === merchantId) this.#forget(delivery);
  }

  /** Sends a delivery once more, the same bytes; when that fails too, it is tried again as a new one would be. @throws EmulatorError not-found */
  resend(id: string): Delivery {
    const delivery = this.#byId.get(id);
    if (delivery === undefined) throw notFound("Delivery", "DELIVERY_NOT_FOUND");
    const now = this.#emulation.clock.now();
    Object.assign(delivery, { state: "WAITING", begunAt: now, tries: 0 });
    this.#schedule(delivery, now);
    return delivery;
  }

  /** The agenda says that a delivery is due. */
  due(delivery: Delivery, at: number): void {
    if (delivery.dueAt !== at || delivery.state !== "WAITING") return;
    const running = this.#attempt(delivery, at).finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  /** Resolves when nothing is on its way and nothing is due by now. */
  async settled(): Promise<void> {
    this.#emulation.agenda.catchUp();
    while (this.#running.size > 0) {
      await Promise.all(this.#running);
      this.#emulation.agenda.catchUp();
    }
  }

  clear(): void {
    this.#stop.abort();
    this.#stop = newStop();
    this.#byId.clear();
    this.#bytes = 0;
  }

  /** Cuts what is on its way; the data file keeps it as waiting. */
  async close(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#running);
  }

  restore(deliveries: readonly Delivery[]): void {
    for (const delivery of deliveries) {
      this.#keep(delivery);
      if (delivery.dueAt !== null) this.#emulation.agenda.add(delivery.dueAt, { kind: "delivery", delivery });
    }
  }

  async #attempt(delivery: Delivery, at: number): Promise<void> {
    const { signal } = this.#stop;
    const business = this.#emulation.business(delivery.environment, delivery.merchantId);
    const webhook = business.webhooks.get(delivery.webhookId);
    const authentication = webhook?.authentication ?? null;
    const target = { url: delivery.url, authentication, allowedHosts: this.#allowedHosts };
    const outcome = await postDelivery(target, delivery.body, delivery.signature ?? undefined, signal);
    if (signal.aborted || !this.#byId.has(delivery.id)) return;
    // What a receiver says while it fails is long and always the same.
    delete delivery.attempts.at(-1)?.response;
    delivery.attempts.push({ at: iso(at), ...outcome });
    delivery.attempts.splice(0, delivery.attempts.length - choices.webhookAttemptsKept);
    delivery.tries += 1;
    if (webhook !== undefined) {
      if (outcome.status === 200) Object.assign(webhook, { failureCount: 0, lastDeliveredAt: at });
      else webhook.failureCount += 1;
    }
    if (outcome.status === 200) this.#end(delivery, "DELIVERED");
    else if (outcome.error === notLocal) this.#end(delivery, "NOT_SENT");
    else this.#again(delivery, at);
    this.onAttempt(delivery);
    this.#changed();
  }

  /** Gaps double up to a cap. */
  #again(delivery: Delivery, at: number): void {
    const gap = Math.min(choices.webhookFirstRetry * 2 ** (delivery.tries - 1), choices.webhookLongestGap);
    if (at + gap > delivery.begunAt + choices.webhookGiveUpAfter) this.#end(delivery, "GIVEN_UP");
    else this.#schedule(delivery, at + gap);
  }

  #end(delivery: Delivery, state: Delivery["state"]): void {
    delivery.state = state;
    delivery.dueAt = null;
  }

  /** Due work is begun by the agenda, so after the answer that caused it and in the order of time. */
  #schedule(delivery: Delivery, at: number): void {
    delivery.dueAt = at;
    this.#emulation.agenda.add(at, { kind: "delivery", delivery });
    setImmediate(() => this.#emulation.agenda.catchUp());
  }

  /** The token of the key that registered the webhook; of any other live key of the business when that one is gone. */
  #tokenOf(webhook: Webhook, business: Business): string {
    const { keys } = this.#emulation;
    const own = keys.withId(webhook.sdkAccessId);
    if (own !== undefined && !own.revoked) return own.token;
    const other = keys
      .all()
      .find(
        (key) => !key.revoked && key.merchantId === business.merchantId && key.environment === business.environment,
      );
    return other?.token ?? own?.token ?? "";
  }
}

/** Cuts whatever is on its way, however many those are. */
function newStop(): AbortController {
  const stop = new AbortController();
  setMaxListeners(0, stop.signal);
  return stop;
}
