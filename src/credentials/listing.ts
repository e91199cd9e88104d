/** What `profile list` and `profile show` see: every profile and key, and whether its token is there. Opens no keychain. */
import { defaultOrigin } from "../environments";
import { type CredentialKey, type Env, type KeyEntry, pairedEnvs, readConfig } from "../profiles/config";
import { factsAbout, type Home, placesOf } from "./read";
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
export function listProfiles(home: Home): readonly ProfileListing[] {
  const config = readConfig(home.paths.config);
  const tokens = readableSecrets(home.paths.secrets);

  const look = (key: CredentialKey, entry: KeyEntry): { entry: KeyEntry; token: TokenState } => {
    const places = placesOf(home, key, entry);
    const file = places.find(({ store }) => store === "file");
    if (file === undefined) return { entry, token: "keychain" };
    if (tokens === undefined) return { entry, token: "unreadable" };
    const token = tokens.get(file.account);
    if (token === undefined) return { entry, token: places.length > 1 ? "keychain" : "missing" };
    return { entry: factsAbout(config, file, token) ?? entry, token: "stored" };
  };

  const listings: ProfileListing[] = [];
  for (const [name, profile] of config.profiles) {
    const envs: KeyListing[] = [];
    for (const env of pairedEnvs(profile)) {
      const { entry, token } = look({ profile: name, kind: env }, profile.envs?.[env] ?? {});
      const { tokenFingerprint, sdkAccessId, apiOrigin = defaultOrigin, store } = entry;
      const facts = {
        ...(tokenFingerprint && { tokenFingerprint }),
        ...(sdkAccessId && { sdkAccessId }),
        ...(store && { store }),
      };
      envs.push({ env, ...facts, apiOrigin, token });
    }
    listings.push({
      name,
      active: name === config.activeProfile,
      businessId: profile.businessId,
      displayName: profile.displayName,
      defaultEnv: profile.defaultEnv,
      envs,
      ...(profile.signing && { signingSecret: look({ profile: name, kind: "signing" }, profile.signing).token }),
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
