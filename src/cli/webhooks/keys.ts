import { parseToken } from "../../credentials/store";
import type { Vault } from "../../credentials/vault";
import { AtoaError } from "../../errors";
import type { Env } from "../../profiles/config";
import { resolveEnv, resolveProfile } from "../../profiles/resolution";
import { registerSecret } from "../../redaction";
import { log } from "../../terminal/terminal";
import { type Keys, noKeys } from "../../webhooks/hypotheses";
import type { Signer } from "../../webhooks/made-event";
import { tokenOfThisRun } from "../access";

/** Whose keys are our own. */
export interface Owner {
  readonly profile: string;
  readonly env: Env;
}

/**
 * The profile and environment whose keys count as one's own.
 * @throws AtoaError as resolveProfile
 */
export function ownerOf(vault: Vault, flags: { profile?: string | undefined; env?: Env | undefined }): Owner {
  const { value: profile, profile: entry } = resolveProfile(vault.config(), flags.profile, process.env);
  return { profile, env: resolveEnv(entry, flags.env).value };
}

/** A secret from a file or stdin, as the only key: a token signs v1, a signing secret v2, and only `whsec_` tells which it is. */
export function keysOfSecret(secret: string): Keys {
  const key = { name: "the secret you passed", secret };
  return { ...noKeys, tokens: secret.startsWith("whsec_") ? [] : [key], secrets: [key] };
}

/**
 * The token of this one run, where ATOA_TOKEN holds one: it takes the place of profiles.
 * @throws AtoaError usage when a profile is asked for beside it, or when it is no token
 */
export function keysOfVariable(flags: { profile?: string | undefined }): Keys | undefined {
  const token = tokenOfThisRun(flags, process.env);
  return token === undefined ? undefined : keysOfToken(parseToken(token));
}

/** The token in ATOA_TOKEN as the only key. */
export function keysOfToken(secret: string): Keys {
  return { ...noKeys, tokens: [{ name: "the token in ATOA_TOKEN", secret }] };
}

/** The own keys: the token of the environment and the signing secret of the profile, as far as they are here. */
export async function ownKeys(vault: Vault, { profile, env }: Owner): Promise<Keys> {
  const found = await vault.findToken({ profile, env });
  if ("why" in found) log(`warning: the token of ${profile}/${env} cannot be read (${found.why})`);
  const tokens = found.outcome === "found" ? [{ name: nameOf({ profile, env }), secret: found.token }] : [];
  return { ...noKeys, tokens, secrets: await signingSecretOf(vault, profile) };
}

/**
 * All keys of this machine. Asked for only when the own ones do not explain a signature: another profile's keychain may be slow,
 * or locked.
 */
export async function allKeys(vault: Vault, owner: Owner): Promise<Keys> {
  const [tokens, ofEnvironment, ofProfiles] = [[], [], []] as { name: string; secret: string }[][];
  for (const { profile, kind: env } of vault.keys()) {
    if (env === "signing") continue;
    const found = await vault.findToken({ profile, env });
    if (found.outcome !== "found") continue;
    const group = profile !== owner.profile ? ofProfiles : env === owner.env ? tokens : ofEnvironment;
    group?.push({ name: nameOf({ profile, env }), secret: found.token });
  }
  const others = [...vault.config().profiles.keys()].filter((name) => name !== owner.profile);
  const ofOthers = [];
  for (const name of others) ofOthers.push(...(await signingSecretOf(vault, name).catch(() => [])));
  return {
    tokens: tokens ?? [],
    tokensOfOtherEnvironment: ofEnvironment ?? [],
    tokensOfOtherProfiles: ofProfiles ?? [],
    secrets: await signingSecretOf(vault, owner.profile),
    secretsOfOthers: ofOthers,
  };
}

function nameOf({ profile, env }: { profile: string; env: Env }): string {
  return `the token of ${profile} (${env})`;
}

async function signingSecretOf(vault: Vault, profile: string): Promise<{ name: string; secret: string }[]> {
  const secret = await vault.readSigningSecret(profile);
  if (secret === undefined) return [];
  registerSecret(secret);
  return [{ name: `the signing secret of ${profile}`, secret }];
}

/** The error for a delivery with nothing to check it by; exit 2. */
export function noKeyFor(scheme: "v1" | "v2", owner: Owner | undefined): AtoaError {
  const whose = owner === undefined ? "" : ` for ${owner.profile}${scheme === "v1" ? `/${owner.env}` : ""}`;
  return new AtoaError({
    kind: "auth",
    message: scheme === "v2" ? `No signing secret${whose}` : `No token${whose}`,
    hint:
      scheme === "v2"
        ? "store the one from the dashboard with `atoa webhooks secret --stdin`, or pass --secret @file"
        : "run `atoa login`, or pass the token with --secret @file",
  });
}

/**
 * What an event made here is signed with: the given secret, else a stored one.
 * @param wanted the scheme asked for; else v2 for a signing secret, v1 for a token
 * @throws AtoaError auth when there is nothing to sign with
 */
export async function signerFor(
  vault: () => Vault,
  flags: { profile?: string | undefined },
  { secret, wanted }: { secret: string | undefined; wanted: "v1" | "v2" | undefined },
): Promise<Signer> {
  if (secret !== undefined) return { scheme: wanted ?? (secret.startsWith("whsec_") ? "v2" : "v1"), secret };
  const [ofThisRun] = keysOfVariable(flags)?.tokens ?? [];
  if (ofThisRun !== undefined && wanted !== "v2") return { scheme: "v1", secret: ofThisRun.secret };
  const opened = vault();
  // Events are made with the sandbox key, as the server's test trigger does.
  const owner = ownerOf(opened, { ...flags, env: "sandbox" });
  const keys = await ownKeys(opened, owner);
  // A signing secret switches all deliveries of its business to v2.
  const scheme = wanted ?? (keys.secrets.length > 0 ? "v2" : "v1");
  const [key] = scheme === "v1" ? keys.tokens : keys.secrets;
  if (key === undefined) throw noKeyFor(scheme, owner);
  return { scheme, secret: key.secret };
}
