import type { AtoaClient } from "../../api/client";
import { readNetworkSettings } from "../../api/network-settings";
import { operations } from "../../api/operations";
import type { Env } from "../../environments";
import { shellWord } from "../../text";
import type { WebhookEvent } from "../../webhooks/bodies";
import type { Registered, Registrar } from "../../webhooks/registration";

/** Where webhooks are registered: one business and environment at one server. */
export interface Place {
  readonly origin: string;
  readonly env: Env;
  /** Undefined with ATOA_TOKEN, and at an emulator that no profile is paired with. */
  readonly profile: string | undefined;
  readonly token: string;
  /** Whether nobody but the server knows that the token is one of `env`: it is asked before the first write. */
  readonly unchecked?: boolean;
  /** What to do when the server refuses the token; what the API advises when left out. */
  readonly refusedHint?: string;
  readonly isEmulator: boolean;
}

/** Webhooks by the API. Not ended by Ctrl-C: what was registered is removed after it. */
export async function registrarAt(place: Place): Promise<Registrar> {
  const { origin, env, profile, token } = place;
  const { AtoaClient } = await import("../../api/client");
  const client: AtoaClient = new AtoaClient({
    ...readNetworkSettings(origin, process.env),
    origin,
    token,
    refusedHint: place.refusedHint,
    writesTo: place.unchecked ? env : undefined,
  });
  return {
    place: `${origin} (${env}${profile === undefined ? "" : `, ${profile}`})`,
    refusesSecond: place.isEmulator,
    list: async () => {
      const { value } = await client.call(operations.webhooks.list, {});
      return Array.isArray(value) ? value.map((one) => registered(one)) : [];
    },
    create: async (event, url) => {
      const { value } = await client.call(operations.webhooks.create, { event: event as WebhookEvent, url });
      return { ...registered(value), event, url };
    },
    remove: async (webhookId) => {
      await client.call(operations.webhooks.delete, { webhookId });
    },
    removal: (webhookId) => {
      const whose = profile === undefined ? "" : ` --profile ${shellWord(profile)}`;
      return `atoa webhooks delete ${shellWord(webhookId)}${whose} --env ${env} --yes`;
    },
  };
}

/** The documents do not show what a webhook's response holds: an id may be missing. */
function registered(value: unknown): Registered {
  const { webhookId, id, event, url } = (value ?? {}) as Record<string, unknown>;
  const known = webhookId ?? id;
  return {
    webhookId: known === undefined || known === null ? null : String(known),
    event: String(event ?? ""),
    url: String(url ?? ""),
  };
}
