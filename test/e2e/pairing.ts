import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Emulator } from "@atoapayments/atoa-cli/emulator";
import { tokenFingerprint } from "../../src/credentials/read";
import { createVault } from "../../src/credentials/vault";
import type { Env } from "../../src/profiles/config";

/** Homes of a known state, made without running the program: what `atoa login` would have left. */

export type Profiles = Readonly<Record<string, readonly Env[]>>;

/** A server that homes are paired with: an emulator, or one that only says whose key it is. */
export type Pairable = Pick<Emulator, "origin" | "merchantId" | "businessName" | "tokens">;

/**
 * Empties the home and pairs profiles in it with the emulator's tokens.
 * @param active the active profile, null for none; the only one when left out
 */
export async function pairedHome(
  home: string,
  emulator: Pairable,
  profiles: Profiles,
  active: string | null = Object.keys(profiles).length === 1 ? (Object.keys(profiles)[0] ?? null) : null,
): Promise<void> {
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home, { recursive: true });
  const vault = createVault({ environment: { ATOA_HOME: home }, interactive: false });
  for (const [profile, envs] of Object.entries(profiles)) {
    for (const env of envs) {
      await vault.storeLogin({
        profile,
        env,
        token: emulator.tokens[env],
        businessId: emulator.merchantId,
        displayName: emulator.businessName,
        sdkAccessId: await keyId(emulator, env),
        origin: emulator.origin,
        activate: false,
      });
    }
    if (envs.includes("sandbox")) await vault.setDefaultEnv(profile, "sandbox");
  }
  if (active !== null) await vault.useProfile(active);
}

export interface StateFiles {
  readonly config: string;
  readonly secrets: string;
}

/** The state files of a home with one profile `acme` whose sandbox token is bound to `origin`; no server is asked. */
export function stateFiles(origin: string, token: string): StateFiles {
  const key = { tokenFingerprint: tokenFingerprint(token), sdkAccessId: "key_1", apiOrigin: origin, store: "file" };
  const acme = { businessId: "biz_1", displayName: "Acme", defaultEnv: "sandbox", envs: { sandbox: key } };
  return {
    config: JSON.stringify({ schemaVersion: 1, activeProfile: "acme", profiles: { acme } }),
    secrets: JSON.stringify({ "acme:sandbox": token }),
  };
}

/** Puts state files into a home in place of those that are there. They are written as bytes: a text may hold what is no UTF-8. */
export function writeStateFiles(home: string, { config, secrets }: Partial<StateFiles>): void {
  const folder = join(home, ".config/atoa");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const [name, text] of Object.entries({ "config.json": config, "secrets.json": secrets })) {
    if (text !== undefined) writeFileSync(join(folder, name), text, { mode: 0o600, encoding: "latin1" });
  }
}

/** Id by which the server knows the key of that environment. */
export async function keyId(emulator: Pairable, env: Env): Promise<string> {
  const answer = await fetch(`${emulator.origin}/api/cli/identity`, {
    headers: { authorization: `Bearer ${emulator.tokens[env]}` },
  });
  return ((await answer.json()) as { key: { sdkAccessId: string } }).key.sdkAccessId;
}

/** config.json of a home, {} when there is none. */
export function configOf(home: string): Record<string, unknown> {
  return parsedFile(join(home, ".config/atoa/config.json"));
}

/** secrets.json of a home: "profile:env" → token, {} when there is none. */
export function secretsOf(home: string): Record<string, unknown> {
  return parsedFile(join(home, ".config/atoa/secrets.json"));
}

function parsedFile(path: string): Record<string, unknown> {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown>;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw error;
  }
}
