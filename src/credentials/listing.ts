/** What `profile list`, `profile show` and TAB see: every profile and key, and whether its token is there. Opens no keychain. */

import { defaultOrigin } from "../default-origin";
import { type Env, type KeyEntry, pairedEnvs, readConfig } from "../profiles/config";
import type { StatePaths } from "../profiles/paths";
import { briefly, isFileOnly, settleLeftovers, type VaultContext } from "./context";
import { readSecrets } from "./file-store";
import { possibleStores, type Slot, slotName } from "./store";

export interface KeyListing extends KeyEntry {
  readonly env: Env;
  readonly apiOrigin: string;
  /** Where the token is: seen in the file; nowhere (log in again); in the keychain, which a list does not open; in a file that is refused. */
  readonly token: "stored" | "missing" | "keychain" | "unreadable";
}

export interface ProfileListing {
  readonly name: string;
  readonly active: boolean;
  readonly businessId: string | undefined;
  readonly displayName: string | undefined;
  readonly defaultEnv: Env | undefined;
  readonly envs: readonly KeyListing[];
}

/** Every profile, in the config's order. @throws AtoaError (failure) for a config that is refused */
export async function listProfiles(context: VaultContext): Promise<readonly ProfileListing[]> {
  await settleLeftovers(context, briefly);
  const { profiles, activeProfile } = readConfig(context.paths.config);
  const inFile = fileLookup(context.paths);
  const fileOnly = isFileOnly(context);
  const whereabouts = (slot: Slot, key: KeyEntry): KeyListing["token"] => {
    const stores = possibleStores(key, fileOnly);
    const seen = stores.includes("file") ? inFile(slot) : "missing";
    return seen === "missing" && stores.includes("keychain") ? "keychain" : seen;
  };
  return [...profiles].map(([name, profile]) => ({
    name,
    active: name === activeProfile,
    businessId: profile.businessId,
    displayName: profile.displayName,
    defaultEnv: profile.defaultEnv,
    envs: pairedEnvs(profile).map((env) => {
      const { tokenFingerprint, sdkAccessId, apiOrigin = defaultOrigin, store } = profile.envs?.[env] ?? {};
      const facts = {
        ...(tokenFingerprint && { tokenFingerprint }),
        ...(sdkAccessId && { sdkAccessId }),
        ...(store && { store }),
      };
      return { env, ...facts, apiOrigin, token: whereabouts({ profile: name, env }, facts) };
    }),
  }));
}

/** Whether a token is in the file; the file is read once for all. */
function fileLookup(paths: StatePaths): (slot: Slot) => "stored" | "missing" | "unreadable" {
  try {
    const tokens = readSecrets(paths.secrets);
    return (slot) => (tokens.has(slotName(slot)) ? "stored" : "missing");
  } catch {
    return () => "unreadable";
  }
}
