import { Agent as HttpAgent, request as httpRequest } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { choices } from "../choices";
import { deliveryAgent, isLoopbackHost } from "../http/host";
import type { Outcome, WebhookAuthentication } from "../state/records";

export interface Target {
  url: string;
  authentication: WebhookAuthentication | null;
  /** Names of other machines that may be called. */
  allowedHosts: readonly string[];
}

/** Sends one delivery. It never throws: a target that fails is an outcome. */
export async function postDelivery(
  target: Target,
  body: string,
  signature: string | undefined,
  stop: AbortSignal,
): Promise<Outcome> {
  const { url, authentication, allowedHosts } = target;
  const begun = performance.now();
  const took = (): number => Math.round(performance.now() - begun);
  try {
    if (!mayBeCalled(url, allowedHosts)) throw new Unreachable(notLocal);
    const headers = {
      "content-type": "application/json",
      ...(await signIn(authentication, allowedHosts, stop)),
      ...(signature === undefined ? {} : { "x-atoa-signature": signature }),
    };
    const { status, text } = await post(url, headers, body, stop);
    return { status, ms: took(), ...(text === "" ? {} : { response: text.slice(0, choices.webhookResponseKept) }) };
  } catch (error) {
    return { status: null, error: reason(error), ms: took() };
  }
}

export const notLocal = "not sent: the target is not on this machine (allow it with --allowHost)";

function mayBeCalled(url: string, allowedHosts: readonly string[]): boolean {
  const { hostname } = new URL(url);
  return isLoopbackHost(hostname) || allowedHosts.includes(hostname.toLowerCase());
}

/** Connections are not kept: a receiver that restarts between two deliveries would lose the second. */
const agents = {
  "http:": { request: httpRequest, agent: new HttpAgent({ keepAlive: false, maxSockets: 32 }) },
  "https:": { request: httpsRequest, agent: new HttpsAgent({ keepAlive: false, maxSockets: 32 }) },
};

/** Node's own client and not fetch, which refuses some ports and adds headers that browsers have. Redirects are not followed. */
function post(
  url: string,
  headers: Record<string, string>,
  body: string,
  stop: AbortSignal,
): Promise<{ status: number; text: string }> {
  const { request, agent } = agents[new URL(url).protocol === "https:" ? "https:" : "http:"];
  return new Promise((resolve, reject) => {
    const all = { ...headers, "user-agent": deliveryAgent, "content-length": String(Buffer.byteLength(body)) };
    const outgoing = request(url, { method: "POST", agent, headers: all, signal: stop }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part: string) => {
        if (text.length < choices.largestBody) text += part;
      });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
      response.on("error", reject);
    });
    // From when it has a connection: waiting for one is not the receiver's fault.
    let limit: NodeJS.Timeout | undefined;
    outgoing.on("socket", () => {
      const late = (): void =>
        void outgoing.destroy(new Unreachable(`no response within ${choices.webhookTimeLimit} ms`));
      limit = setTimeout(late, choices.webhookTimeLimit).unref();
    });
    outgoing.on("error", reject);
    outgoing.on("close", () => clearTimeout(limit));
    outgoing.end(body);
  });
}

/** Basic as it is; OAuth by a client-credentials grant at the target's own token endpoint. */
async function signIn(
  authentication: WebhookAuthentication | null,
  allowedHosts: readonly string[],
  stop: AbortSignal,
): Promise<Record<string, string>> {
  if (authentication === null) return {};
  if ("username" in authentication) {
    const pair = Buffer.from(`${authentication.username}:${authentication.password}`).toString("base64");
    return { authorization: `Basic ${pair}` };
  }
  if (!mayBeCalled(authentication.authUrl, allowedHosts)) throw new Unreachable(notLocal);
  const form = new URLSearchParams({
    grant_type: "client_credentials",
    client_id: authentication.clientId,
    client_secret: authentication.clientSecret,
  });
  const headers = { accept: "application/json", "content-type": "application/x-www-form-urlencoded" };
  const { status, text } = await post(authentication.authUrl, headers, String(form), stop);
  const token = status === 200 ? accessToken(text) : undefined;
  if (token === undefined) throw new Unreachable(`authUrl responded with ${status} and no access_token`);
  return { authorization: `Bearer ${token}` };
}

function accessToken(text: string): string | undefined {
  try {
    const answer: unknown = JSON.parse(text);
    const token =
      typeof answer === "object" && answer !== null && "access_token" in answer ? answer.access_token : undefined;
    return typeof token === "string" && /^[\x21-\x7e]+$/.test(token) ? token : undefined;
  } catch {
    return undefined;
  }
}

/** An outcome on its way to the log. */
class Unreachable extends Error {}

/** Short and without what was sent: a secret may be part of it. */
function reason(error: unknown): string {
  if (error instanceof Unreachable) return error.message;
  return error instanceof Error && "code" in error ? String(error.code) : "the connection failed";
}
