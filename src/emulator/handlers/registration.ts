import { choices } from "../choices";
import { badRequest, EmulatorError } from "../emulator-error";
import { isLoopbackHost } from "../http/host";
import type { Business } from "../state/business";
import { newWebhook, type Webhook, type WebhookAuthentication, type WebhookEvent } from "../state/records";
import { redirectTarget } from "./redirect-target";

/** What the two APIs of webhooks have in common. */

/** @throws EmulatorError for a sign-in elsewhere, for POS_PAYMENT_STATUS without a signing key, and for more webhooks than an event may have */
export function mayRegister(
  business: Business,
  events: readonly WebhookEvent[],
  authentication: WebhookAuthentication | null | undefined,
  self?: Webhook,
): void {
  if (authentication != null && "authUrl" in authentication)
    webhookTarget(authentication.authUrl, "authentication.authUrl");
  for (const event of events) {
    if (event === "POS_PAYMENT_STATUS" && business.signingSecret === null) {
      const { kind, name } = choices.posNeedsSigningSecret;
      throw new EmulatorError(kind, "POS_PAYMENT_STATUS needs a signing key first", name);
    }
    const others = business.webhooksFor(event).filter((webhook) => webhook !== self && !webhook.seeded);
    const { most, kind, name } = choices.webhooksPerEvent;
    if (others.length >= most)
      throw new EmulatorError(kind, `${event} has ${most} webhooks already; delete one first`, name);
  }
}

/** Keeps a new webhook; the seeded example of its events gives way. */
export function register(business: Business, fields: Omit<Parameters<typeof newWebhook>[0], "id">): Webhook {
  for (const event of fields.events)
    for (const { id, seeded } of business.webhooksFor(event)) if (seeded) business.webhooks.delete(id);
  const webhook = newWebhook({ id: business.newId(), ...fields });
  business.webhooks.set(webhook.id, webhook);
  return webhook;
}

/** Registers one URL for several events, in the place of the v1 webhooks that have them. @returns the new ids */
export function replaceWebhooks(business: Business, url: string, events: readonly WebhookEvent[]): string[] {
  webhookTarget(url, "url", true);
  return events.map((event) => {
    for (const { id, version } of business.webhooksFor(event)) if (version === 1) business.webhooks.delete(id);
    return register(business, { url, events: [event] }).id;
  });
}

/** HTTPS, or plain HTTP to this very machine: that is where tests listen. @param anyHttp whether plain HTTP may go anywhere */
export function webhookTarget(text: string, field: string, anyHttp = false): void {
  const url = redirectTarget(text, field);
  if (anyHttp && url.protocol === "http:") return;
  const local = url.protocol === "http:" && isLoopbackHost(url.hostname);
  if (url.protocol !== "https:" && !local) throw badRequest(`${field} must be https, or http on this machine`);
}
