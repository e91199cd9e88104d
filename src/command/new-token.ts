import { readNewToken } from "../api/answers";
import { isRecord } from "../api/json";
import { parseToken } from "../credentials/tokens";
import type { Vault } from "../credentials/vault";
import { AtoaError } from "../errors";
import { type Format, printSecret } from "../terminal/output";
import { say } from "../terminal/terminal";
import type { OwnKey } from "./own-key";

/**
 * Stores the token of a rotated key, then prints it: the only print of a token there is. When storing fails the token is
 * still printed, because the server will never show it again.
 * @param answer what the server sent
 * @param own the key of this machine that was rotated; undefined for a key that is not stored here
 */
export async function keepNewToken(
  answer: unknown,
  own: OwnKey | undefined,
  vault: Vault,
  format: Format,
): Promise<void> {
  const shown = isRecord(answer) ? answer : { answer };
  if (own === undefined) return printSecret(shown, format);
  const { profile, env } = own;
  try {
    const token = parseToken(readNewToken(answer, env));
    const { notices } = await vault.replaceToken({ profile, env, token });
    for (const notice of notices) say(notice);
    say(`✓ Rotated the key of ${profile}/${env} and stored the new token; it is shown this once`);
  } catch (error) {
    await printSecret(shown, format);
    throw new AtoaError({
      kind: "failure",
      message: `The key of ${profile}/${env} was rotated, but its new token could not be stored: ${reason(error)}`,
      next: `keep the token printed on stdout and run \`atoa login --profile ${profile} --env ${env}\` with it`,
      cause: error,
    });
  }
  await printSecret(shown, format);
}

function reason(error: unknown): string {
  if (error instanceof AtoaError) return error.headline;
  return error instanceof Error ? error.message : "unknown reason";
}
