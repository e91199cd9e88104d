import { readNewToken } from "../api/response-fields";
import { parseToken } from "../credentials/tokens";
import type { Vault } from "../credentials/vault";
import { AtoaError } from "../errors";
import { isRecord } from "../json";
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
  if (own === undefined) {
    if (await printed(shown, format)) return;
    throw lost("The key was rotated, but its new token could not be shown");
  }
  const { profile, env } = own;
  try {
    const token = parseToken(readNewToken(answer, env));
    const { notices } = await vault.replaceToken({ profile, env, token });
    for (const notice of notices) say(notice);
    say(`✓ Rotated the key of ${profile}/${env} and stored the new token; it is shown this once`);
  } catch (error) {
    const trouble = `The key of ${profile}/${env} was rotated, but its new token could not be stored: ${reason(error)}`;
    if (!(await printed(shown, format))) throw lost(`${trouble}, nor shown`);
    throw new AtoaError({
      kind: "failure",
      message: trouble,
      hint: `keep the token printed on stdout and run \`atoa login --profile ${profile} --env ${env}\` with it`,
      cause: error,
    });
  }
  await printSecret(shown, format);
}

/** Whether the token reached its reader: a closed pipe or a full disk must not hide that a key was rotated. */
async function printed(shown: Readonly<Record<string, unknown>>, format: Format): Promise<boolean> {
  return printSecret(shown, format).then(
    () => true,
    () => false,
  );
}

function lost(message: string): AtoaError {
  return new AtoaError({
    kind: "failure",
    message,
    hint: "revoke the key in the Atoa dashboard, make a new one and log in",
  });
}

/** After a rotation without a good answer: the present token is probably dead, and asking again with it cannot help. */
export function probablyRotated(error: unknown, { profile, env }: OwnKey, sdkAccessId: string): unknown {
  if (!(error instanceof AtoaError) || !error.facts.outcomeUnknown) return error;
  return error.with({
    message: `The key of ${profile}/${env} was probably rotated, and its new token did not arrive: ${error.summary}`,
    hint: `revoke ${sdkAccessId} in the Atoa dashboard, make a new key, then \`atoa login --profile ${profile} --env ${env}\``,
    outcomeUnknown: false,
  });
}

function reason(error: unknown): string {
  if (error instanceof AtoaError) return error.summary;
  return error instanceof Error ? error.message : "unknown reason";
}
