import { choices } from "../choices";
import { isLoopbackHost } from "../http/host";
import type { WebhookAuthentication } from "../state/records";

/** What came of one attempt: the status, or why there was none. */
export interface Outcome {
  status: number | null;
  error?: string;
}

/** Sends one delivery. It never throws: a target that fails is an outcome. */
export async function postDelivery(
  target: { url: string; authentication: WebhookAuthentication | null; anywhere: boolean },
  body: string,
  signature: string | undefined,
  stop: AbortSignal,
): Promise<Outcome> {
  const { url, authentication, anywhere } = target;
  if (!anywhere && !isLoopbackHost(new URL(url).hostname)) return { status: null, error: notLocal };
  const limit = new AbortController();
  const { signal } = limit;
  const timer = setTimeout(
    () => limit.abort(new Unreachable(`no answer within ${choices.webhookTimeLimit} ms`)),
    choices.webhookTimeLimit,
  );
  const abort = (): void => limit.abort();
  stop.addEventListener("abort", abort);
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "user-agent": "atoa-emulator",
        ...(await signIn(authentication, anywhere, signal)),
        ...(signature === undefined ? {} : { "x-atoa-signature": signature }),
      },
      body,
      redirect: "manual",
      signal,
    });
    await response.body?.cancel();
    return { status: response.status };
  } catch (error) {
    return { status: null, error: reason(error) };
  } finally {
    clearTimeout(timer);
    stop.removeEventListener("abort", abort);
  }
}

export const notLocal = "not sent: the target is not on this machine";

/** Basic as it is; OAuth by a client-credentials grant at the target's own token endpoint. */
async function signIn(
  authentication: WebhookAuthentication | null,
  anywhere: boolean,
  signal: AbortSignal,
): Promise<Record<string, string>> {
  if (authentication === null) return {};
  if ("username" in authentication) {
    const pair = Buffer.from(`${authentication.username}:${authentication.password}`).toString("base64");
    return { authorization: `Basic ${pair}` };
  }
  if (!anywhere && !isLoopbackHost(new URL(authentication.authUrl).hostname)) throw new Unreachable(notLocal);
  const response = await fetch(authentication.authUrl, {
    method: "POST",
    headers: { accept: "application/json" },
    body: new URLSearchParams({
      grant_type: "client_credentials",
      client_id: authentication.clientId,
      client_secret: authentication.clientSecret,
    }),
    redirect: "manual",
    signal,
  });
  const answer: unknown = response.status === 200 ? await response.json() : undefined;
  const token =
    typeof answer === "object" && answer !== null && "access_token" in answer ? answer.access_token : undefined;
  if (typeof token !== "string") throw new Unreachable(`authUrl answered ${response.status} without an access_token`);
  return { authorization: `Bearer ${token}` };
}

/** An outcome on its way to the log. */
class Unreachable extends Error {}

/** Short and without what was sent: a secret may be part of it. */
function reason(error: unknown): string {
  if (error instanceof Unreachable) return error.message;
  const cause = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : undefined;
  return code ?? "the connection failed";
}
