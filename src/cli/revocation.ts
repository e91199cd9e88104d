import { readNetworkSettings } from "../api/limits";
import { operations } from "../api/operations";
import type { Vault } from "../credentials/vault";
import { AtoaError } from "../errors";
import type { Env } from "../profiles/config";
import { say } from "../terminal/terminal";
import { originInUse } from "./session";

export interface RevocableKey {
  readonly profile: string;
  readonly env: Env;
  readonly sdkAccessId: string | undefined;
}

/**
 * Revokes a key at the server with that very key, as well as it can: a failure is said, and the local clean-up goes on,
 * because the user wants the token gone from here in any case.
 */
export async function revokeBestEffort(vault: Vault, { profile, env, sdkAccessId }: RevocableKey): Promise<void> {
  try {
    if (sdkAccessId === undefined) throw noId();
    const origin = originInUse();
    const network = readNetworkSettings(origin.value, process.env);
    const token = await vault.readToken({ profile, env, origin });
    const { AtoaClient } = await import("../api/client");
    await new AtoaClient({ ...network, origin: origin.value, token }).call(operations.keys.revoke, { sdkAccessId });
    say(`✓ Revoked the key of ${profile}/${env} at the server`);
  } catch (error) {
    if (!(error instanceof AtoaError)) throw error;
    say(
      `warning: the key of ${profile}/${env} was not revoked at the server (${error.summary}) — revoke it in the dashboard`,
    );
  }
}

function noId(): AtoaError {
  return new AtoaError({ kind: "failure", message: "it has no id on record", hint: "revoke it in the dashboard" });
}
