import { choices } from "../choices";
import type { Business } from "../state/business";
import { iso } from "../state/clock";
import type { Webhook, WebhookAuthentication, WebhookEvent } from "../state/records";
import { type Call, pageOf } from "./call";
import { mayRegister, register, webhookTarget } from "./registration";

/** The v2 API of webhooks: several events an endpoint, several endpoints an event. What is delivered is the same. */

interface EndpointBody {
  events: WebhookEvent[];
  description?: string;
  authentication?: WebhookAuthentication | null;
}

export function createWebhookEndpoint({ business, key, body }: Call): unknown {
  const { url, events, description, authentication } = body as EndpointBody & { url: string };
  webhookTarget(url, "url");
  mayRegister(business, events, authentication);
  const endpoint = register(business, {
    version: 2,
    url,
    events: [...new Set(events)],
    description: description ?? null,
    authentication: authentication ?? null,
    sdkAccessId: key?.sdkAccessId ?? "",
  });
  return endpointBody(business, endpoint);
}

export function listWebhookEndpoints({ business, query }: Call): unknown {
  const page = Number(query.page);
  const size = Number(query.size);
  const endpoints = [...business.webhooks.values()].filter(({ version }) => version === 2);
  const data = pageOf(endpoints, page, size).map((endpoint) => endpointBody(business, endpoint));
  return { data, totalCount: endpoints.length, page, size };
}

/** The events are replaced; a description or sign-in that is left out stays, and null ends a sign-in (documented). */
export function updateWebhookEndpoint(call: Call): unknown {
  const { business } = call;
  const { events, description, authentication } = call.body as EndpointBody;
  const endpoint = endpointOf(call);
  mayRegister(business, events, authentication, endpoint);
  endpoint.events = [...new Set(events)];
  if (description !== undefined) endpoint.description = description;
  if (authentication !== undefined) endpoint.authentication = authentication;
  return endpointBody(business, endpoint);
}

export function deleteWebhookEndpoint(call: Call): unknown {
  call.business.webhooks.delete(endpointOf(call).id);
  return { message: "Webhook endpoint deleted" };
}

function endpointOf({ emulation, business, path }: Call): Webhook {
  return emulation.inEnvironment(business, path.endpointId ?? "", (records, real) => records.webhook(real, 2));
}

/** The secret of the target stays here. */
function endpointBody({ environment }: Business, endpoint: Webhook): Record<string, unknown> {
  const { id, url, description, events, authentication, failureCount, lastDeliveredAt } = endpoint;
  return {
    id,
    url,
    description,
    environment: environment.toUpperCase(),
    events: events.map((event) => ({ event, label: choices.eventLabels[event] })),
    hasAuthentication: authentication !== null,
    authenticationType: authentication === null ? null : "username" in authentication ? "BASIC" : "OAUTH",
    failureCount,
    lastDeliveredAt: lastDeliveredAt === null ? null : iso(lastDeliveredAt),
  };
}
