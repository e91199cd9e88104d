import { createHash, randomBytes } from "node:crypto";
import type { ApiKey, Environment } from "./records";

/** Bearer tokens and the keys behind them. */
export class Keys {
  readonly #byToken = new Map<string, ApiKey>();
  readonly #byId = new Map<string, ApiKey>();

  get size(): number {
    return this.#byId.size;
  }

  all(): ApiKey[] {
    return [...this.#byId.values()];
  }

  /** The live key of a token; a revoked or replaced token has none. */
  withToken(token: string): ApiKey | undefined {
    return this.#byToken.get(token);
  }

  withId(sdkAccessId: string): ApiKey | undefined {
    return this.#byId.get(sdkAccessId);
  }

  /** Adds a key, or replaces the one with the same id. */
  add(key: ApiKey): ApiKey {
    const former = this.#byId.get(key.sdkAccessId);
    if (former !== undefined) this.#byToken.delete(former.token);
    this.#byId.set(key.sdkAccessId, key);
    if (!key.revoked) this.#byToken.set(key.token, key);
    return key;
  }

  revoke(key: ApiKey): void {
    key.revoked = true;
    this.#byToken.delete(key.token);
  }

  /** Gives the key a new token; the old one stops at once. */
  regenerate(key: ApiKey): string {
    this.#byToken.delete(key.token);
    key.token = newToken(key.environment);
    this.#byToken.set(key.token, key);
    return key.token;
  }

  clear(): void {
    this.#byToken.clear();
    this.#byId.clear();
  }

  /** Replaces every live token in a text: nothing that is logged or shown may carry one. */
  scrub(text: string): string {
    let scrubbed = text;
    for (const token of this.#byToken.keys()) {
      if (scrubbed.includes(token)) scrubbed = scrubbed.replaceAll(token, "<token>");
    }
    return scrubbed;
  }
}

/** A token nobody has. It looks like nothing real. */
export function newToken(environment: Environment): string {
  return `test-token-${environment}-${randomBytes(12).toString("hex")}`;
}

/** The token that a seed gives to an environment: the same after every start, so that a pairing stays good. */
export function seededToken(environment: Environment, seed: string): string {
  return `test-token-${environment}-${createHash("sha256").update(`token ${environment} ${seed}`).digest("hex").slice(0, 24)}`;
}
