/** Profile names: their pattern, and the name that a login chooses by default. */
import { defaultOrigin } from "../environments";
import { usageError } from "../errors";
import { quoted } from "../text";
import { type Config, type Env, type Profile, pairedEnvs } from "./config";

const pattern = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const longest = 64;

/** @internal */
export function isProfileName(name: string): boolean {
  return name.length <= longest && pattern.test(name);
}

/**
 * For a name that is about to be made. Names that stand in the config already are used as they are.
 * @param field flag or argument that it was typed in
 * @throws usageError
 */
export function assertProfileName(name: string, field = "profile"): void {
  if (isProfileName(name)) return;
  throw usageError(
    `${quoted(name)} is not a profile name`,
    "use lowercase letters, digits and single hyphens, at most 64, for example acme-uk",
    field,
  );
}

/** Whose token a login brings: the business, the environment, and the server that said so. */
export interface Identified {
  readonly businessId: string;
  readonly displayName: string | undefined;
  readonly env: Env;
  readonly origin: string;
}

/**
 * The profile that a login without a given name goes to: the one that this business has already at this server (the active one
 * first), else a new name made from the business name. Only right while the state is locked.
 */
export function nameForLogin(config: Config, login: Identified): string {
  const own = [...config.profiles]
    .filter(([, profile]) => profile.businessId === login.businessId && isPairedWith(profile, login.origin))
    .map(([name]) => name);
  const known = own.find((name) => name === config.activeProfile) ?? own[0];
  return known ?? derivedName(config, login.businessId, login.displayName);
}

function isPairedWith(profile: Profile, origin: string): boolean {
  return pairedEnvs(profile).every((env) => (profile.envs?.[env]?.apiOrigin ?? defaultOrigin) === origin);
}

/** A name from the business name; on a clash with another business the tail of the business id is added, then a number. */
function derivedName(config: Config, businessId: string, businessName: string | undefined): string {
  const tail = slug(businessId).replaceAll("-", "").slice(-6);
  const base = slug(businessName ?? "") || "business";
  const withTail = tail === "" ? base : `${shorten(base, longest - tail.length - 1)}-${tail}`;
  const numbered = Array.from(
    { length: config.profiles.size + 1 },
    (_, index) => `${shorten(withTail, 60)}-${index + 2}`,
  );
  return [shorten(base, longest), withTail, ...numbered].find((name) => !config.profiles.has(name)) ?? withTail;
}

/** Letters and digits joined by single hyphens: "Café Ünïon Ltd." becomes cafe-union-ltd. */
function slug(text: string): string {
  const plain = text
    .normalize("NFKD")
    .replace(/\p{Mark}/gu, "")
    .toLowerCase();
  return plain.replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");
}

function shorten(name: string, length: number): string {
  return name.slice(0, length).replace(/-$/, "");
}
