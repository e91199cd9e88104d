/** What `profile list` and `profile show` see: every profile and key, and whether its token is there. Opens no keychain. */
import { defaultOrigin } from "../environments";
import { type CredentialKey, type KeyEntry, pairedEnvs, readConfig } from "../profiles/config";
import { factsAbout, type Home, placesOf } from "./read";
import { readSecrets } from "./store";

/** Seen in the file; nowhere (log in again); in the keychain, which a list does not open; in a file that is refused. */
type TokenState = "stored" | "missing" | "keychain" | "unreadable";

/** Every profile with its keys, in the config's order. @throws AtoaError (failure) for a config that is refused */
export function listProfiles(home: Home) {
  const config = readConfig(home.paths.config);
  const tokens = readableSecrets(home.paths.secrets);

  /** What counts of a key, which may be the facts of a login that was cut off after its token was stored, and where that is. */
  const look = (key: CredentialKey, entry: KeyEntry): { entry: KeyEntry; token: TokenState } => {
    const places = placesOf(home, key, entry);
    const file = places.find(({ store }) => store === "file");
    if (file === undefined) return { entry, token: "keychain" };
    if (tokens === undefined) return { entry, token: "unreadable" };
    const token = tokens.get(file.account);
    if (token === undefined) return { entry, token: places.length > 1 ? "keychain" : "missing" };
    return { entry: factsAbout(config, file, token) ?? entry, token: "stored" };
  };

  return [...config.profiles].map(([name, profile]) => ({
    name,
    active: name === config.activeProfile,
    businessId: profile.businessId,
    displayName: profile.displayName,
    defaultEnv: profile.defaultEnv,
    envs: pairedEnvs(profile).map((env) => {
      const { entry, token } = look({ profile: name, kind: env }, profile.envs?.[env] ?? {});
      const { tokenFingerprint, sdkAccessId, apiOrigin = defaultOrigin, store } = entry;
      return {
        env,
        ...(tokenFingerprint && { tokenFingerprint }),
        ...(sdkAccessId && { sdkAccessId }),
        ...(store && { store }),
        apiOrigin,
        token,
      };
    }),
    ...(profile.signing && { signingSecret: look({ profile: name, kind: "signing" }, profile.signing).token }),
  }));
}

/** The tokens of the file; undefined when it is refused. */
function readableSecrets(path: string): ReadonlyMap<string, string> | undefined {
  try {
    return readSecrets(path);
  } catch {
    return undefined;
  }
}
