import { isTrustworthy, readNetworkSettings } from "../api/network-settings";
import { operations } from "../api/operations";
import type { Vault } from "../credentials/vault";
import { defaultOrigin } from "../environments";
import { AtoaError } from "../errors";
import type { CredentialKey, Env } from "../profiles/config";
import { log } from "../terminal/terminal";

/** Keys of this machine that could not be revoked; each was named on stderr. */
export class Revocations {
  #failed = 0;
  #succeeded = 0;

  constructor(private readonly vault: Vault) {}

  /**
   * Revokes a key on the server that it was paired with, with that very key. Best effort: a failure is reported, and local
   * clean-up continues, because the user wants the token gone from here in any case.
   */
  async revoke({ profile, kind }: CredentialKey): Promise<void> {
    if (kind === "signing") return;
    try {
      if (!(await this.#revoke(profile, kind))) return;
      this.#succeeded += 1;
      log(`✓ Revoked the key of ${profile}/${kind} on the server`);
    } catch (error) {
      if (!(error instanceof AtoaError) || error.kind === "interrupted") throw error;
      this.#fail(`the key of ${profile}/${kind} was not revoked on the server (${error.summary})`);
    }
  }

  get succeeded(): number {
    return this.#succeeded;
  }

  /** Every key that `reset` would forget; none when the config cannot be read, which counts as a failure. */
  candidates(): readonly CredentialKey[] {
    try {
      return this.vault.keys().filter(({ kind }) => kind !== "signing");
    } catch (error) {
      if (!(error instanceof AtoaError)) throw error;
      this.#fail(`no key was revoked on the server (${error.summary})`);
      return [];
    }
  }

  #fail(what: string): void {
    this.#failed += 1;
    log(`warning: ${what} — revoke it in the Atoa dashboard`);
  }

  /** To be called when the local clean-up is done. @throws AtoaError (failure) when any key may still be alive */
  assertAll(done: string): void {
    if (this.#failed === 0) return;
    throw new AtoaError({
      kind: "failure",
      message: `${done}, but ${this.#failed === 1 ? "a key was" : `${this.#failed} keys were`} not revoked on the server`,
      hint: "revoke the keys named above in the Atoa dashboard",
    });
  }

  /** @returns false for a login that was cut off before its token was stored */
  async #revoke(profile: string, env: Env): Promise<boolean> {
    const found = await this.vault.findToken({ profile, env });
    if (found.outcome !== "found") {
      if (found.outcome === "absent" && !this.vault.config().profiles.get(profile)?.envs?.[env]) return false;
      throw unrevoked("why" in found ? found.why : "its token is missing");
    }
    const { sdkAccessId, apiOrigin = defaultOrigin } = found.entry;
    if (sdkAccessId === undefined) throw unrevoked("it has no stored id");
    if (!isTrustworthy(apiOrigin)) throw unrevoked("its stored server is not an https origin");
    const network = readNetworkSettings(apiOrigin, process.env);
    const { AtoaClient } = await import("../api/client");
    const client = new AtoaClient({ ...network, origin: apiOrigin, token: found.token });
    await client.call(operations.keys.revoke, { sdkAccessId }).catch((error: unknown) => {
      if (!(error instanceof AtoaError) || error.status !== 404) throw error; // 404: it is revoked already.
    });
    return true;
  }
}

/** What fails here after a key was revoked there must not look as if nothing had happened. */
export async function afterRevocation<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AtoaError)) throw error;
    throw error.with({
      message: `The key was revoked on the server, but its token could not be removed here: ${error.summary}`,
      hint: `${error.hint}; then run \`atoa logout\` to remove it`,
    });
  }
}

function unrevoked(message: string): AtoaError {
  return new AtoaError({ kind: "failure", message, hint: "revoke it in the Atoa dashboard" });
}
