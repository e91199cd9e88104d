/** What `profile list`, `profile show` and TAB see: every profile and key, and whether its token is there. Opens no keychain. */

import { defaultOrigin } from "../environments";
import { type CredentialKey, type Env, type KeyEntry, keyEntry, pairedEnvs, readConfig } from "../profiles/config";
import { type Home, isFileOnly, pendingOf, placesOf, samePlace } from "./home";
import { readSecrets } from "./store";

interface KeyListing extends KeyEntry {
  readonly env: Env;
  readonly apiOrigin: string;
  readonly token: TokenState;
}

/** Seen in the file; nowhere (log in again); in the keychain, which a list does not open; in a file that is refused. */
type TokenState = "stored" | "missing" | "keychain" | "unreadable";

export interface ProfileListing {
  readonly name: string;
  readonly active: boolean;
  readonly businessId: string | undefined;
  readonly displayName: string | undefined;
  readonly defaultEnv: Env | undefined;
  readonly envs: readonly KeyListing[];
  /** Only when a signing secret for webhooks is stored. */
  readonly signingSecret?: TokenState;
}

/** Every profile, in the config's order. @throws AtoaError (failure) for a config that is refused */
export async function listProfiles(home: Home): Promise<readonly ProfileListing[]> {
  const config = readConfig(home.paths.config);
  const tokens = readableSecrets(home.paths.secrets);
  const fileOnly = isFileOnly(home);

  const stateOf = (key: CredentialKey, entry: KeyEntry): TokenState => {
    const places = placesOf(key, entry, fileOnly);
    const file = places.find(({ store }) => store === "file");
    if (file !== undefined && tokens === undefined) return "unreadable";
    if (file !== undefined && tokens?.has(file.account)) return "stored";
    return places.some(({ store }) => store === "keychain") ? "keychain" : "missing";
  };
  /** The facts of a login that was cut off count if its token is in the file. */
  const entryOf = async (key: CredentialKey): Promise<KeyEntry> => {
    const entry = keyEntry(config, key) ?? {};
    const [file] = placesOf(key, entry, fileOnly).filter(({ store }) => store === "file");
    const token = file === undefined ? undefined : tokens?.get(file.account);
    const coming = pendingOf(config, key).filter((one) => file !== undefined && samePlace(one, file));
    if (token === undefined || coming.length === 0) return entry;
    const { tokenHash } = await import("./read");
    return coming.find(({ hash }) => hash === tokenHash(token))?.key ?? entry;
  };

  const listings: ProfileListing[] = [];
  for (const [name, profile] of config.profiles) {
    const envs: KeyListing[] = [];
    for (const env of pairedEnvs(profile)) {
      const entry = await entryOf({ profile: name, kind: env });
      const { tokenFingerprint, sdkAccessId, apiOrigin = defaultOrigin, store } = entry;
      const facts = {
        ...(tokenFingerprint && { tokenFingerprint }),
        ...(sdkAccessId && { sdkAccessId }),
        ...(store && { store }),
      };
      envs.push({ env, ...facts, apiOrigin, token: stateOf({ profile: name, kind: env }, entry) });
    }
    listings.push({
      name,
      active: name === config.activeProfile,
      businessId: profile.businessId,
      displayName: profile.displayName,
      defaultEnv: profile.defaultEnv,
      envs,
      ...(profile.signing && { signingSecret: stateOf({ profile: name, kind: "signing" }, profile.signing) }),
    });
  }
  return listings;
}

/** The tokens of the file; undefined when it is refused. */
function readableSecrets(path: string): ReadonlyMap<string, string> | undefined {
  try {
    return readSecrets(path);
  } catch {
    return undefined;
  }
}
